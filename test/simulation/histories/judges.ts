import { tagKeys } from '../../../operator/model/identity.ts';
import type { Status } from '../../../operator/store/status.ts';
import { isExportedLog } from '../../../simulator/aws/rds/exported-logs.ts';
import type { LedgerEntry } from '../../../simulator/ledger.ts';
import { dumpOf } from '../../support/virtual-dump.ts';
import { heldForData, isDeclared, isHeldForData } from './data.ts';
import type { History } from './history.ts';

const minute = 60_000;
const hour = 60 * minute;
/** How long it may take until all is well after the last fault: the longest pause, and the longest that AWS takes. */
const convergenceMillis = 3 * hour;
/** A rule that somebody opened: the exposure beat, the lag of the lists, and one reading with the write after it. */
const healMillis = minute + 30_000;

const isReady = (history: History): boolean =>
  history.stores.every(({ handle }) => handle === undefined || history.world.isReady(handle));

/** All that live are there, and all others have gone, or wait to be told that their data may go. */
function isGone(history: History): boolean {
  const living = new Set(history.stores.flatMap(({ handle }) => handle?.uid ?? []));
  const objects = [...history.world.kube.world.storage.at('ecom.io/ecomstores').values()];
  const others = objects.filter(({ metadata }) => !living.has(metadata.uid));
  return objects.length - others.length === living.size && others.every((one) => isHeldForData(history, one));
}

/** I7: what is wanted comes about, and what is deleted goes. */
export async function converges(history: History): Promise<void> {
  const came = await history.pass(convergenceMillis, () => isReady(history) && isGone(history));
  if (!came)
    history.violations.push(
      `I7: not ready ${convergenceMillis / minute} minutes after the faults ended\n${dumpOf(history.world)}`,
    );
  // Somebody meddles with what is settled: nothing excuses a late heal now.
  if (history.random.below(2) === 0) await history.meddle();
  // What was meddled with, written by another leader, or left half-made by a deletion, is noticed by the slowest beat.
  if (history.meddlings.length > 0 || history.rivalledUntil > -Infinity || heldForData(history).size > 0)
    await history.pass(20 * minute);
  const still = await history.pass(hour, () => isReady(history));
  if (came && !still) history.violations.push(`I7: ready no more, an hour after it was\n${dumpOf(history.world)}`);
  if (still) await history.matches();
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

/** What AWS makes twice if it is asked twice. */
const withoutName = new Set(['ec2/vpc', 'ec2/internet-gateway', 'ec2/elastic-ip']);
const takesApart = /:(Delete|Release|Detach|Disassociate)/;

/** I1: of two that lived at the same time for one node, the one that went was never used. */
export function isEmptyWhenTwice(history: History): void {
  const { ledger, exchange } = history.world;
  const all = ledger.history().filter(({ type, id }) => withoutName.has(type) && !history.isDecoy(id));
  const isTwin = (one: LedgerEntry, other: LedgerEntry): boolean =>
    one !== other &&
    one.type === other.type &&
    one.tags[tagKeys.uid] === other.tags[tagKeys.uid] &&
    one.tags[tagKeys.node] === other.tags[tagKeys.node] &&
    one.created < (other.destroyed ?? Infinity) &&
    other.created < (one.destroyed ?? Infinity);
  for (const one of all) {
    const twin = all.find((other) => isTwin(one, other));
    if (!twin || (twin.destroyed ?? Infinity) < (one.destroyed ?? Infinity)) continue;
    if (one.id < twin.id) history.twins++;
    const uses = exchange.calls.filter(
      ({ to, write, what, outcome, told }) =>
        to === 'aws' &&
        write &&
        outcome.startsWith('success') &&
        !takesApart.test(what) &&
        JSON.stringify(told).includes(one.id),
    );
    if (one.destroyed !== undefined && uses.length > 0)
      history.violations.push(
        `I1: ${one.type} ${one.id}, a second one, was used by ${uses.map(({ what }) => what).join(', ')}`,
      );
  }
}

/** I2: nothing of ours is left but what is declared as kept or still asked about, and nothing else costs anything. */
export function isNothingLeft(history: History): void {
  const { ledger } = history.world;
  const held = heldForData(history);
  // What has no tags of its own, as records and volumes, may be of a store that stands whole.
  const isOfHeld = ({ [tagKeys.uid]: uid }: LedgerEntry['tags']): boolean =>
    uid === undefined ? held.size > 0 : held.has(uid);
  const left = ledger
    .existing()
    .filter((one) => !history.isDecoy(one.id) && !isDeclared(history, one) && !isOfHeld(one.tags))
    // RDS's own: they stay when their database goes, and nobody of ours may delete them.
    .filter((one) => !isExportedLog(one));
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
    // A group may have been opened before there was anything in it.
    const meddling = history.meddlings.findLast(({ at, opens }) => opens === port && at <= from);
    if (!meddling) {
      history.violations.push(`I4: ${what} was open from ${from} to ${until}`);
      continue;
    }
    const { readLagMillis = 0 } = history.mix.world;
    const bound = healMillis + readLagMillis;
    const calmFrom = Math.max(
      meddling.at,
      history.hinderedUntil,
      meddling.at < history.faultsEndedAt ? history.faultsEndedAt + 5 * minute : 0,
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

/**
 * How long nothing may be written: nothing in the operator comes round more seldom than its slowest beat, a quarter of an
 * hour, and three of those are waited for. Every eighth history waits for two hours, for what we do not know of.
 */
const quietMillis = ({ seed }: History): number => (seed % 8 === 0 ? 2 * hour : 3 * 15 * minute + 5 * minute);

/** I6: that long without a change of anybody's brings no change of ours. */
export async function isQuiet(history: History): Promise<void> {
  const { calls } = history.world.exchange;
  const before = calls.length;
  // A process that has begun a moment ago still tells of its first reading.
  await history.pass(3 * minute);
  const settled = calls.length;
  await history.pass(quietMillis(history) - 3 * minute);
  const writes = calls.slice(before).filter(({ write, to }) => write && to === 'aws');
  if (writes.length > 0)
    history.violations.push(
      `I6: ${writes.length} writes in ${quietMillis(history) / minute} quiet minutes: ${writes
        .slice(0, 5)
        .map(({ what, told }) => `${what} ${JSON.stringify(told).slice(0, 300)}`)
        .join('; ')}`,
    );
  // When AWS was read last is noted every ten minutes; what shows only in a quarter of an hour takes some words more.
  const most = history.handles.length * Math.ceil(quietMillis(history) / (5 * minute));
  const quiet = calls.slice(settled);
  const noted = quiet.filter(({ write, what }) => write && what.endsWith('/status'));
  // Of a process that was killed by plan the next one tells all that it reads.
  const isOneProcess = new Set(quiet.map((one) => one.process)).size === 1;
  if (isOneProcess && noted.length > most)
    history.violations.push(
      `I6: ${noted.length} writes of status in ${quietMillis(history) / minute} quiet minutes, of ${most}`,
    );
  const wavering = noted.map(({ told }) => waverOf(told)).find((message) => message !== undefined);
  if (isOneProcess && wavering !== undefined)
    history.violations.push(`I6: not ready for a moment of quiet: ${wavering}`);
}

/** What a status that was written says of Ready, when that is not true. */
function waverOf(told: unknown): string | undefined {
  const { conditions = [] } = (told as { readonly status?: Partial<Status> }).status ?? {};
  return conditions.find(({ type, status }) => type === 'Ready' && status !== 'True')?.message;
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
