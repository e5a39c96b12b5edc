import { tagKeys } from '../../../operator/model/identity.ts';
import type { LedgerEntry } from '../../../simulator/ledger.ts';
import { dumpOf } from '../../support/virtual-dump.ts';
import { openedPorts } from './strangers.ts';
import type { History } from './history.ts';

const minute = 60_000;
const hour = 60 * minute;
/** How long it may take until all is well after the last fault: the longest pause, and the longest that AWS takes. */
const convergenceMillis = 3 * hour;
/** A rule that somebody opened: the exposure beat, the lag of the lists, and one reading with the write after it. */
const healMillis = minute + 30_000;

const isReady = (history: History): boolean =>
  history.stores.every(({ handle }) => handle === undefined || history.world.isReady(handle));

const isGone = ({ world, stores }: History): boolean =>
  world.kube.world.storage.at('ecom.io/ecomstores').size === stores.filter(({ handle }) => handle).length;

/** I7: what is wanted comes about, and what is deleted goes. */
export async function converges(history: History): Promise<void> {
  const came = await history.pass(convergenceMillis, () => isReady(history) && isGone(history));
  if (!came)
    history.violations.push(
      `I7: not ready ${convergenceMillis / minute} minutes after the faults ended\n${dumpOf(history.world)}`,
    );
  // What was meddled with shortly before is noticed by the slowest beat.
  await history.pass(20 * minute);
  const still = await history.pass(hour, () => isReady(history));
  if (came && !still) history.violations.push(`I7: ready no more, an hour after it was\n${dumpOf(history.world)}`);
}

/** I1: at most one of each node lives; there never were two of which one held something. */
export function isOnce(history: History): void {
  const counts = new Map<string, LedgerEntry[]>();
  for (const entry of history.world.ledger.existing()) {
    const { [tagKeys.uid]: uid, [tagKeys.node]: node } = entry.tags;
    if (uid === undefined || node === undefined || history.isDecoy(entry.id) || entry.type === 'ec2/instance') continue;
    const key = `${uid} ${entry.type} ${node}`;
    counts.set(key, [...(counts.get(key) ?? []), entry]);
  }
  for (const [key, entries] of counts)
    if (entries.length > 1)
      history.violations.push(`I1: ${entries.length} of ${key}: ${entries.map(({ id }) => id).join(', ')}`);
}

/** I2: nothing of ours is left, and nothing costs anything. */
export function isNothingLeft(history: History): void {
  const left = history.world.ledger.existing().filter(({ id }) => !history.isDecoy(id));
  const dollars = left.reduce((sum, { dollarsPerHour }) => sum + dollarsPerHour, 0);
  if (left.length > 0)
    history.violations.push(`I2: left, at $${dollars}/h: ${left.map(({ type, id }) => `${type} ${id}`).join(', ')}`);
}

/** I4: only the load balancer's ports are ever open; what a stranger opened is closed in bounded time. */
export function isNeverPublic(history: History): void {
  const { ledger } = history.world;
  const balancers = ledger
    .history()
    .filter(({ tags }) => tags[tagKeys.node] === 'network/sg-alb')
    .map(({ id }) => id);
  for (const { what, from, until = history.now } of ledger.exposures()) {
    const port = what.split(' ').at(-1) as string;
    const ofBalancer = what.includes(' ELB app/') || balancers.some((id) => what.includes(` group ${id} `));
    if (ofBalancer && (port === 'tcp/443' || port === 'tcp/80')) continue;
    const meddled = history.meddledAt.some((at) => at === from);
    if (!meddled || !openedPorts.has(port)) {
      history.violations.push(`I4: ${what} was open from ${from} to ${until}`);
      continue;
    }
    const { readLagMillis = 0 } = history.mix.world;
    const bound = healMillis + readLagMillis;
    const calmFrom = Math.max(
      from,
      history.hinderedUntil,
      from < history.faultsEndedAt ? history.faultsEndedAt + 5 * minute : 0,
    );
    if (until > calmFrom + bound)
      history.violations.push(
        `I4: ${what}, opened by somebody, stayed open for ${(until - from) / 1_000} s, ${(until - calmFrom) / 1_000} s of them without hindrance`,
      );
  }
}

/** I5: what is somebody else's is as it was. */
export function isForeignUntouched(history: History): void {
  const now = history.strange;
  for (const [key, before] of history.wasThere)
    if (now.get(key) !== before) history.violations.push(`I5: ${key} was ${before} and is ${now.get(key)}`);
}

/** I6: two hours without a change of anybody's bring no change of ours. */
export async function isQuiet(history: History): Promise<void> {
  const { calls } = history.world.exchange;
  const before = calls.length;
  await history.pass(2 * hour);
  const writes = calls.slice(before).filter(({ write, to }) => write && to === 'aws');
  if (writes.length > 0)
    history.violations.push(
      `I6: ${writes.length} writes in two quiet hours: ${writes
        .slice(0, 5)
        .map(({ what, told }) => `${what} ${JSON.stringify(told).slice(0, 300)}`)
        .join('; ')}`,
    );
}

/** All stores are deleted, and go. */
export async function removes(history: History): Promise<void> {
  for (const store of history.stores) {
    const { handle } = store;
    if (!handle) continue;
    await history.insist(() => history.world.remove(handle));
    store.handle = undefined;
  }
  const came = await history.pass(2 * hour, () => isGone(history));
  if (!came) history.violations.push(`I7: not gone two hours after the deletion\n${dumpOf(history.world)}`);
  history.world.aws.world.settle();
}
