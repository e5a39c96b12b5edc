import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found } from '../../model/resource-type.ts';

/**
 * RDS makes a log group for each log of an instance once it has something to export, without tags and for ever, and leaves
 * it behind when the instance goes. It is RDS's; how long it keeps what it has is the account's to say.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html
 */
const ofInstances = '/aws/rds/instance/';

/** In the place of a number of days. */
const forEver = 0;

/** By log, for how many days CloudWatch keeps it. */
export type Retention = Readonly<Record<string, number>>;

/** What is wanted of a log: of one that is exported no more, the same as of the others. */
const daysFor = (wanted: Retention, log: string): number => wanted[log] ?? Math.max(...Object.values(wanted));

/** A group that RDS has not made yet lacks nothing. */
export const keptFor = (wanted: Retention, found: Retention): boolean =>
  Object.entries(found).every(([log, days]) => days === daysFor(wanted, log));

interface Told {
  readonly props: { readonly logRetentionDays?: Retention };
  readonly incomplete?: boolean;
}

/** The retentions of the log groups that each of these instances has by now, which may be none. */
export async function retentionsTold(aws: Aws, instances: readonly Found[]): Promise<Map<string, Told>> {
  const told = new Map<string, Record<string, number>>();
  const read = (nextToken?: string) => aws.logs('DescribeLogGroups', { logGroupNamePrefix: ofInstances, nextToken });
  for await (const { logGroups = [] } of pages(read, (answer) => answer.nextToken))
    for (const { logGroupName = '', retentionInDays } of logGroups) {
      const [instance = '', log] = logGroupName.slice(ofInstances.length).split('/');
      if (log !== undefined) told.set(instance, { ...told.get(instance), [log]: retentionInDays ?? forEver });
    }
  return new Map(
    instances.map(({ id, key = '', state }): readonly [string, Told] => {
      // Its groups come when it runs: then they are asked for, and not a beat after somebody else's were.
      if (state.is === 'pending') return [id, { props: {}, incomplete: true }];
      return [id, { props: { logRetentionDays: told.get(key) ?? {} } }];
    }),
  );
}

/** Has the log groups that were found of one instance keep what they have for as long as is wanted. */
export async function keepFor(
  aws: Aws,
  instanceName: string | undefined,
  found: Retention,
  wanted: Retention,
): Promise<void> {
  for (const [log, days] of Object.entries(found)) {
    const logGroupName = `${ofInstances}${instanceName}/${log}`;
    const retentionInDays = daysFor(wanted, log);
    if (days !== retentionInDays) await orAbsent(aws.logs('PutRetentionPolicy', { logGroupName, retentionInDays }));
  }
}
