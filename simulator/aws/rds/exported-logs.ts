import type { Request } from '../core/request.ts';
import { logGroups } from '../logs/groups.ts';
import type { Instance } from './kinds.ts';

/**
 * "You have a log group /aws/rds/instance/instance_name/log_type for each type of log that you publish. … AWS retains log
 * data published to CloudWatch Logs for an indefinite time period unless you specify a retention period."
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
 * A group that is there is used. Here each log has something in it as soon as its instance runs.
 */
export function exportLogs(request: Request, { name, settings }: Instance): void {
  const all = request.in(logGroups);
  for (const log of settings.logs) {
    const group = `/aws/rds/instance/${name}/${log}`;
    if (all.get(group)) continue;
    const createdAt = request.world.now();
    all.put(group, { name: group, tags: {}, retentionDays: undefined, createdAt, logGroupClass: 'STANDARD' });
  }
}

/**
 * Whether something is such a group: nobody's but RDS's, without tags, and there when its instance has gone. That what is
 * exported stays is documented of Aurora, in words that fit both: "doesn't delete existing log groups or log streams".
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html
 */
export const isExportedLog = ({ type, id }: { readonly type: string; readonly id: string }): boolean =>
  type === 'logs/group' && /^\/aws\/rds\/instance\/[a-z0-9-]+\/[a-z-]+$/.test(id);
