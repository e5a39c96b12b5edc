import type { DBSnapshot } from '@aws-sdk/client-rds';
import { Fault, orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type Tags } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, Snapshot } from '../../model/resource-type.ts';
import { retagResource } from './tags.ts';

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

/** On a snapshot that was taken before an upgrade: the version to which RDS refused to take the database, and its words. */
export const refusalTag = 'ecom.io/upgrade-refused';

/** The manual snapshots of databases of this name. */
async function snapshotsUnder(aws: Aws, DBInstanceIdentifier: string | undefined): Promise<DBSnapshot[]> {
  const taken: DBSnapshot[] = [];
  const read = (Marker?: string) =>
    aws.rds('DescribeDBSnapshots', { DBInstanceIdentifier, SnapshotType: 'manual', Marker });
  for await (const page of pages(read, (answer) => answer.Marker)) taken.push(...(page.DBSnapshots ?? []));
  return taken;
}

/** The manual snapshots of a database whose names begin with this, the youngest first. */
export async function snapshotsNamed(aws: Aws, { id, outputs }: SnapshotSource, prefix: string): Promise<DBSnapshot[]> {
  const taken = await snapshotsUnder(aws, outputs.instanceName);
  return taken
    .filter(({ DbiResourceId, DBSnapshotIdentifier: name = '' }) => DbiResourceId === id && name.startsWith(prefix))
    .sort((a, b) => begunAt(b) - begunAt(a));
}

/** What this store has taken of its databases of that name, and marked as kept. */
export async function snapshotsKept(
  aws: Aws,
  { owner, outputs }: Found<object, { readonly instanceName: string }>,
): Promise<Snapshot[]> {
  const taken = await snapshotsUnder(aws, outputs.instanceName);
  return taken
    .filter(({ TagList }) => {
      const of = ownerFromTags(tagsFromPairs(TagList));
      return of?.retained === true && of.uid === owner?.uid;
    })
    .map(({ DBSnapshotIdentifier: id = '', DbiResourceId, SnapshotCreateTime }) => ({
      id,
      why: `snapshot of ${DbiResourceId}, taken ${SnapshotCreateTime?.toISOString() ?? 'just now'}`,
    }));
}

/** AWS tells no time of a snapshot that it has not begun. */
const begunAt = ({ SnapshotCreateTime: begun }: DBSnapshot): number => begun?.getTime() ?? Infinity;

/**
 * What a snapshot with this prefix is called that was begun within a day: one of those taken, or else the next. One of an
 * earlier attempt, which was taken back, lacks what was written since. The time is AWS's: up to when the database can be
 * restored, which is at most five minutes ago.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
 *
 * There is no next one while RDS refuses this version: it would be one a day without end, up to the limit of the account.
 */
export async function snapshotOfToday(
  aws: Aws,
  source: SnapshotSource,
  taken: readonly DBSnapshot[],
  prefix: string,
  version: string,
): Promise<string | Fault> {
  const { instanceName: DBInstanceIdentifier } = source.outputs;
  const { DBInstances: [database] = [] } = await aws.rds('DescribeDBInstances', { DBInstanceIdentifier });
  const now = database?.LatestRestorableTime?.getTime();
  if (now === undefined)
    throw new Fault('busy', `${DBInstanceIdentifier} has no backup yet from which it could be restored`);
  const fresh = taken.find((one) => now - begunAt(one) < day)?.DBSnapshotIdentifier;
  if (fresh !== undefined) return fresh;
  const refused = taken.find((one) => refusalOf(one).startsWith(`${version} `));
  if (refused) return staleSnapshot(refused, version);
  return `${prefix}${new Date(now).toISOString().slice(0, 16).replace(/[T:]/g, '-')}`;
}

const refusalOf = ({ TagList }: DBSnapshot): string => tagsFromPairs(TagList)[refusalTag] ?? '';

const staleSnapshot = (refused: DBSnapshot, version: string): Fault => {
  const { DBSnapshotIdentifier: name } = refused;
  const why = refusalOf(refused).slice(version.length + 1);
  return new Fault(
    'refused',
    `the upgrade to ${version} was refused, and its snapshot ${name} is more than a day old: ${why}`,
    {
      field: 'spec.database.version',
      remedy: `mend what was refused, then delete that snapshot, and another one is taken for the next try: aws rds delete-db-snapshot --db-snapshot-identifier ${name}; or take the change of version back`,
    },
  );
};

/** Writes on the last snapshot with this prefix that RDS has refused the version for which it was taken. */
export async function noteRefusal(
  aws: Aws,
  source: SnapshotSource,
  prefix: string,
  version: string,
  { message }: Fault,
): Promise<void> {
  const [last] = await snapshotsNamed(aws, source, prefix);
  // What RDS takes as the value of a tag: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html
  const words = `${version} ${message}`.replace(/[^\p{L}\p{N}_.:/=+@-]+/gu, ' ');
  const value = words.slice(0, 256).trim();
  if (last && refusalOf(last) !== value) await retagResource(aws, last.DBSnapshotArn ?? '', { [refusalTag]: value });
}
