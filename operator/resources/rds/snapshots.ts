import type { DBSnapshot } from '@aws-sdk/client-rds';
import { Fault, orAbsent } from '../../model/faults.ts';
import { tagPairs, type Tags } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';

/** A database of which a snapshot is taken. */
interface SnapshotSource {
  readonly id: string;
  readonly outputs: { readonly instanceName?: string };
}

/** The snapshot of this name, of whatever database. */
export const snapshotNamed = async (aws: Aws, DBSnapshotIdentifier: string): Promise<DBSnapshot | undefined> =>
  (await orAbsent(aws.rds('DescribeDBSnapshots', { DBSnapshotIdentifier })))?.DBSnapshots?.[0];

/** Takes a snapshot, or looks for the one of this name. Answers its name once it is whole. */
export async function snapshotOf(
  aws: Aws,
  { id, outputs }: SnapshotSource,
  DBSnapshotIdentifier: string,
  tags: Tags,
): Promise<string | undefined> {
  const taken = await snapshotNamed(aws, DBSnapshotIdentifier);
  if (!taken) {
    const DBInstanceIdentifier = outputs.instanceName;
    await aws.rds('CreateDBSnapshot', { DBSnapshotIdentifier, DBInstanceIdentifier, Tags: tagPairs(tags) });
    return undefined;
  }
  if (taken.DbiResourceId !== id)
    throw new Fault('foreign', `the snapshot ${DBSnapshotIdentifier} is of another database`, {
      remedy: 'rename or remove that snapshot',
    });
  if (taken.Status === 'failed')
    throw new Fault('rejected', `RDS could not take the snapshot ${DBSnapshotIdentifier}`, {
      remedy: `delete it, and it is taken again: aws rds delete-db-snapshot --db-snapshot-identifier ${DBSnapshotIdentifier}`,
    });
  return taken.Status === 'available' ? DBSnapshotIdentifier : undefined;
}

const day = 24 * 60 * 60_000;

/**
 * What a snapshot with this prefix is called that was begun within a day: one there is, or else the next. One of an
 * earlier attempt, which was taken back, lacks what was written since. The time is AWS's: up to when the database can be
 * restored, which is at most five minutes ago.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
 */
export async function snapshotOfToday(aws: Aws, DBInstanceIdentifier: string, prefix: string): Promise<string> {
  const { DBInstances: [database] = [] } = await aws.rds('DescribeDBInstances', { DBInstanceIdentifier });
  const now = database?.LatestRestorableTime?.getTime();
  if (now === undefined)
    throw new Fault('busy', `${DBInstanceIdentifier} has no backup yet from which it could be restored`);
  const taken: DBSnapshot[] = [];
  const read = (Marker?: string) =>
    aws.rds('DescribeDBSnapshots', { DBInstanceIdentifier, SnapshotType: 'manual', Marker });
  for await (const page of pages(read, (answer) => answer.Marker)) taken.push(...(page.DBSnapshots ?? []));
  // AWS tells no time of a snapshot that it has not begun.
  const fresh = taken.find(
    ({ DBSnapshotIdentifier: name = '', SnapshotCreateTime: begun }) =>
      name.startsWith(prefix) && (begun === undefined || now - begun.getTime() < day),
  );
  return fresh?.DBSnapshotIdentifier ?? `${prefix}-${new Date(now).toISOString().slice(0, 16).replace(/[T:]/g, '-')}`;
}
