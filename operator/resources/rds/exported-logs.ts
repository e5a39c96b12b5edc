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

/** For how many days log groups keep what they have: what is wanted of all of them, or each that is found of any. */
export type Retention = readonly number[];

/** A group that RDS has not made yet lacks nothing. */
export const keptFor = (wanted: Retention, found: Retention): boolean => found.every((days) => wanted.includes(days));

interface Kept {
  readonly name: string;
  readonly days: number;
}

async function* groupsBelow(aws: Aws, logGroupNamePrefix: string): AsyncGenerator<Kept> {
  const read = (nextToken?: string) => aws.logs('DescribeLogGroups', { logGroupNamePrefix, nextToken });
  for await (const { logGroups = [] } of pages(read, (answer) => answer.nextToken))
    for (const { logGroupName = '', retentionInDays } of logGroups)
      yield { name: logGroupName, days: retentionInDays ?? forEver };
}

interface Told {
  readonly props: { readonly logRetentionDays?: Retention };
  readonly incomplete?: boolean;
}

/** The retentions of the log groups that each of these instances has by now, which may be none. */
export async function retentionsTold(aws: Aws, instances: readonly Found[]): Promise<Map<string, Told>> {
  const told = new Map<string, Set<number>>();
  for await (const { name, days } of groupsBelow(aws, ofInstances)) {
    const [instance = '', log] = name.slice(ofInstances.length).split('/');
    if (log !== undefined) told.set(instance, (told.get(instance) ?? new Set()).add(days));
  }
  return new Map(
    instances.map(({ id, key = '', state }): readonly [string, Told] => {
      // Its groups come when it runs: then they are asked for, and not a beat after somebody else's were.
      if (state.is === 'pending') return [id, { props: {}, incomplete: true }];
      return [id, { props: { logRetentionDays: [...(told.get(key) ?? [])].sort((a, b) => a - b) } }];
    }),
  );
}

/** Has all log groups of one instance, and of no other whose name begins alike, keep what they have for so many days. */
export async function keepFor(aws: Aws, instanceName: string | undefined, [days]: Retention): Promise<void> {
  const others: string[] = [];
  for await (const group of groupsBelow(aws, `${ofInstances}${instanceName}/`))
    if (group.days !== days) others.push(group.name);
  for (const logGroupName of others)
    await orAbsent(aws.logs('PutRetentionPolicy', { logGroupName, retentionInDays: days }));
}
