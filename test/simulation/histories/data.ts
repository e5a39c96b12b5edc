import type { StoreObject } from '../../../operator/kube/store-object.ts';
import { tagKeys } from '../../../operator/model/identity.ts';
import type { Status } from '../../../operator/store/status.ts';
import { homeRegion } from '../../../simulator/account.ts';
import { signUp } from '../../../simulator/aws/cognito/members.ts';
import type { KubeObject } from '../../../simulator/kube/object.ts';
import type { LedgerEntry } from '../../../simulator/ledger.ts';
import type { History } from './history.ts';

/** Somebody signs up in a pool of a store that lives: from then on the pool holds data. */
export function signUpSomebody(history: History): void {
  const { world, random, stores, signedUp } = history;
  const uids = new Set(stores.flatMap(({ handle }) => (handle ? [handle.uid] : [])));
  const pools = world.ledger
    .existing({ type: 'cognito/user-pool' })
    .filter(({ id, tags }) => uids.has(tags[tagKeys.uid] ?? '') && !signedUp.has(id));
  const pool = pools[random.below(pools.length)];
  if (!pool) return history.tell('there is no pool to sign up in');
  signUp(world.aws.world, homeRegion, pool.id, 'jane');
  signedUp.add(pool.id);
  history.tell(`jane signs up in ${pool.id}`);
}

/** What the last status of each store listed as kept when it was gone: the user can read of it there, and in its events. */
export function listenForEnds({ world, declared }: History): void {
  world.kube.world.storage.listen(({ collection, before, after }) => {
    if (collection !== 'ecom.io/ecomstores' || after) return;
    const status = (before as unknown as StoreObject | undefined)?.status as Status | undefined;
    for (const { id } of status?.retained ?? []) declared.add(id);
  });
}

/**
 * Whether a store stands whole, although it is to be deleted, because nobody has confirmed that its data may be: it has
 * data, and its status says what it waits for.
 */
export function isHeldForData(history: History, { metadata: { uid }, status }: KubeObject): boolean {
  const { world, policies, confirmed, signedUp } = history;
  if (policies.get(uid) !== 'Delete' || confirmed.has(uid)) return false;
  const own = world.ledger.existing().filter(({ tags }) => tags[tagKeys.uid] === uid);
  const holdsData = own.some(({ type, id }) => type === 'rds/instance' || signedUp.has(id));
  return holdsData && JSON.stringify(status ?? {}).includes('nobody has confirmed');
}

/** The UIDs of all stores that stand so. */
export function heldForData(history: History): ReadonlySet<string> {
  const objects = [...history.world.kube.world.storage.at('ecom.io/ecomstores').values()];
  return new Set(objects.flatMap((one) => (isHeldForData(history, one) ? one.metadata.uid : [])));
}

/**
 * Whether something is declared as kept, by its id, its ARN or the resource id of a database; or is part of what is: the
 * users and groups of a pool, the backups of a database.
 */
export function isDeclared({ declared, policies, world }: History, { id, type, region, tags }: LedgerEntry): boolean {
  const value = (world.aws.world.everything().get(`${region}/${type}/${id}`) ?? {}) as Partial<
    Record<'resourceId' | 'poolId', string>
  >;
  if ([...declared].some((kept) => kept === id || kept === value.resourceId || kept.endsWith(`:${id}`))) return true;
  if (type.startsWith('cognito/')) return value.poolId !== undefined && declared.has(value.poolId);
  // AWS keeps them beyond their database, and the operator too, unless it is told to delete.
  return type === 'rds/automated-backup' && policies.get(tags[tagKeys.uid] ?? '') !== 'Delete';
}

/** I3: no data went without the word of its user: with Snapshot after a whole snapshot, with Delete once confirmed. */
export function isDataKept(history: History): void {
  const { ledger } = history.world;
  const policyOf = (uid = ''): string => history.policies.get(uid) ?? 'Retain';
  const mayGo = (uid = ''): boolean => policyOf(uid) === 'Delete' && history.confirmed.has(uid);
  for (const one of ledger.history()) {
    const { type, id, tags, destroyed } = one;
    if (destroyed === undefined || mayGo(tags[tagKeys.uid])) continue;
    const lost = (what: string): void => void history.violations.push(`I3: ${type} ${id} was destroyed ${what}`);
    if (type === 'cognito/user-pool' && history.signedUp.has(id)) lost('with its users');
    if (type === 'rds/snapshot' && tags[tagKeys.retained] === 'true') lost('although it was the last of its database');
    if (type !== 'rds/instance' || tags[tagKeys.node] !== 'database/primary') continue;
    const uid = tags[tagKeys.uid];
    const isSaved = ledger
      .existing({ type: 'rds/snapshot' })
      .some((snapshot) => snapshot.tags[tagKeys.uid] === uid && snapshot.created < destroyed);
    if (policyOf(uid) === 'Delete') lost('although nobody has confirmed it');
    else if (policyOf(uid) !== 'Snapshot') lost('although its policy is Retain');
    else if (!isSaved) lost('without a snapshot');
  }
}
