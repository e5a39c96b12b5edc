import { tagKeys } from '../../../operator/model/identity.ts';
import { homeRegion } from '../../../simulator/account.ts';
import { signUp } from '../../../simulator/aws/cognito/members.ts';
import { snapshots } from '../../../simulator/aws/rds/kinds.ts';
import type { LedgerEntry } from '../../../simulator/ledger.ts';
import type { StoreHandle, VirtualOperator } from '../virtual-operator.ts';

/** What the user has said may become of data: nothing may, databases may go once a snapshot is whole, all may go. */
export type Consent = 'none' | 'for snapshots' | 'all';

type Told = Pick<VirtualOperator, 'aws' | 'ledger'>;

/** People use the store: a merchant puts pictures into its bucket, and takes one away again; a customer signs up. */
export async function peopleCome(world: VirtualOperator, store: StoreHandle): Promise<void> {
  const [bucket, pool] = ['s3/bucket', 'cognito/user-pool'].map((type) =>
    world.ledger.existing({ type, tag: [tagKeys.uid, store.uid] }).at(0),
  );
  if (!bucket || !pool) throw new Error(`${store.name} has no bucket, or no user pool`);
  for (const Key of ['images/hat.jpg', 'images/shoe.jpg', 'images/hat.jpg'])
    await world.other('s3', 'PutObject', { Bucket: bucket.id, Key, Body: Buffer.from(Key) });
  await world.other('s3', 'DeleteObject', { Bucket: bucket.id, Key: 'images/shoe.jpg' });
  signUp(world.aws.world, homeRegion, pool.id, 'jane');
}

const isHeld = (key: string): boolean => /\/(s3\/object-version|cognito\/user)\//.test(key);

/** What people have put there and would miss, by id: versions of objects, users. */
export const held = ({ aws }: Told): string[] => [...aws.world.everything().keys()].filter(isHeld);

/** I3: what of the data is lost, by the simulator's own books, although nobody has consented to it. */
export function lost(world: Told, before: readonly string[], consent: Consent): string[] {
  if (consent === 'all') return [];
  const now = new Set(held(world));
  return [
    ...before.flatMap((one) => (now.has(one) ? [] : [`data lost: ${one.replaceAll('\n', ' ')}`])),
    ...world.ledger
      .history()
      .filter(({ type, tags, destroyed }) => isPrimary(type, tags) && destroyed !== undefined)
      .filter((database) => consent === 'none' || !isSaved(world, database))
      .map(({ id }) => `data lost: rds/instance ${id} is gone, and its user has not consented to that`),
  ];
}

const isPrimary = (type: string, tags: LedgerEntry['tags']): boolean =>
  type === 'rds/instance' && tags[tagKeys.node] === 'database/primary';

/** Whether a snapshot is left of a database that was whole before the database went. */
const isSaved = ({ aws }: Told, { id, region, destroyed = 0 }: LedgerEntry): boolean =>
  aws.world
    .collection(region, snapshots)
    .all()
    .some(
      ({ instanceName, status, createdAt }) => instanceName === id && status === 'available' && createdAt <= destroyed,
    );
