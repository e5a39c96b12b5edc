import { performance } from 'node:perf_hooks';
import { defaultSettings, type Settings } from '../operator/engine/settings.ts';
import { allBlocked } from '../operator/resources/s3/bucket-settings.ts';
import { confirmAnnotation } from '../operator/store/spec.ts';
import { VirtualOperator, type StoreHandle } from '../test/support/virtual-operator.ts';
import { VirtualWorld } from '../test/support/virtual-world.ts';
import type { LoggedCall } from '../test/support/exchange.ts';
import { countOf, meter, type Calls } from './calls.ts';
import type { Drifts } from './drifts.ts';
import { quotas, type Subject } from './subjects.ts';
import { isExportedLog } from '../simulator/aws/rds/exported-logs.ts';

/** Names a store; what it wants is the subject's. */
const anyManifest = 'examples/minimal.yaml';

/** What some stretch of an operator's life cost. */
export interface Cost extends Calls {
  readonly virtualSeconds: number;
  readonly cpuSeconds: number;
}

/** What a number of stores cost the operator, counted by the simulator's ledger. */
export interface StoreFigures {
  readonly stores: number;
  /** Nodes that are resources in AWS. */
  readonly resources: number;
  readonly build: Cost;
  readonly remove: Cost;
  /** What building and removing cost an operator that watches nothing meanwhile. */
  readonly alone: { readonly build: Cost; readonly remove: Cost };
  /** An hour in which nobody changes anything. */
  readonly hour: Cost;
  /** The same where the account's own public access block is on, for stores with buckets. */
  readonly blockedHour: Cost | undefined;
  /** From the first call that saw either of two drifts to the last that healed or read back. */
  readonly heal: Cost;
}

/** Builds, watches, heals and removes so many stores with the whole operator on virtual time. */
export async function storesFigures(subject: Subject, count: number): Promise<StoreFigures> {
  const quiet = await built(subject, count, unwatched);
  const alone = { build: quiet.build, remove: await removed(quiet) };
  const { world, stores, cost, build } = await built(subject, count);
  const resources = stores.reduce((sum, store) => sum + (world.status(store)?.resources?.length ?? 0), 0);
  await world.advance(3_600_000);
  const hour = cost();
  const blockedHour = world.ledger.existing({ type: 's3/bucket' }).length > 0 ? await blocked(world, cost) : undefined;
  const heal = await healFigures(world, stores, subject.drifts);
  return {
    stores: count,
    resources,
    build,
    remove: await removed({ world, stores, cost }),
    alone,
    hour,
    blockedHour,
    heal,
  };
}

/** Removes all stores with their data, and answers what that cost. */
async function removed({ world, stores, cost }: Built): Promise<Cost> {
  cost();
  for (const store of stores) await world.annotate(store, { [confirmAnnotation]: store.uid });
  for (const store of stores) await world.remove(store);
  await world.until(() => stores.every((store) => world.object(store) === undefined), 'all stores are gone', 600);
  const remove = cost();
  // The logs that RDS has exported are RDS's, and stay.
  const left = world.ledger.existing().filter((one) => !isExportedLog(one));
  if (left.length > 0) throw new Error(`left behind: ${left.map(({ type, id }) => `${type} ${id}`).join(', ')}`);
  return remove;
}

/** An operator that never reads anything only because time has passed. */
const unwatched = {
  ECOM_BEAT_EXPOSURE_SECONDS: '86400',
  ECOM_BEAT_EXISTENCE_SECONDS: '86400',
  ECOM_BEAT_SETTINGS_SECONDS: '86400',
};

interface Built {
  readonly world: VirtualOperator;
  readonly stores: readonly StoreHandle[];
  /** Answers what was spent since it was last asked. */
  readonly cost: () => Cost;
}

async function built(
  { spec }: Subject,
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Built & { readonly build: Cost }> {
  const world = new VirtualOperator({ env: { ECOM_WORKERS: '16', ...env } });
  for (const quota of quotas) world.aws.world.quotas.set(quota, 10_000);
  world.start();
  const stores: StoreHandle[] = [];
  const cost = costOf(world);
  for (let i = 0; i < count; i++)
    stores.push(await world.post({ namespace: `shops-${i % 10}`, name: `acme-${i}` }, spec(i)));
  await world.until(() => stores.every((store) => world.isReady(store)), 'all stores are ready', 600);
  return { world, stores, cost, build: cost() };
}

/** Answers what was spent since it was last asked. */
function costOf(world: VirtualOperator): () => Cost {
  const calls = meter(world.ledger);
  let [at, cpu] = [world.timers.now(), process.cpuUsage()];
  return () => {
    const spent = process.cpuUsage(cpu);
    const virtualSeconds = (world.timers.now() - at) / 1_000;
    const cost = { ...calls(), virtualSeconds, cpuSeconds: (spent.user + spent.system) / 1e6 };
    [at, cpu] = [world.timers.now(), process.cpuUsage()];
    return cost;
  };
}

/** An hour in an account that keeps everybody out of all its buckets; what is known of them by then is as old as it may be. */
async function blocked(world: VirtualOperator, cost: () => Cost): Promise<Cost> {
  const AccountId = world.aws.world.account;
  await world.other('s3control', 'PutPublicAccessBlock', { AccountId, PublicAccessBlockConfiguration: allBlocked });
  await world.advance(30 * 60_000);
  cost();
  await world.advance(3_600_000);
  const hour = cost();
  await world.other('s3control', 'DeletePublicAccessBlock', { AccountId });
  await world.advance(2 * 60_000);
  return hour;
}

/** Two drifts, from the moment they are made until every store is ready again. */
async function healFigures(world: VirtualOperator, stores: readonly StoreHandle[], drifts: Drifts): Promise<Cost> {
  const [began, before, cpu] = [world.timers.now(), world.exchange.calls.length, process.cpuUsage()];
  const changed = await drifts.make((service, operation, input) => world.other(service, operation, input));
  const since = () => world.exchange.calls.slice(before).filter(({ to }) => to === 'aws');
  const writes = () => since().filter(({ write }) => write);
  await world.until(() => writes().length >= 2, 'two drifts are healed', 30);
  await world.until(() => stores.every((store) => world.isReady(store)), 'the healed store is ready', 60);
  // Beats go on beside a heal and belong to watching; the heal is its writes, what a write asks before, and the readings
  // of what was written, within a minute of each write.
  const isNear = (at: number) => writes().some((write) => at >= write.at && at <= write.at + 60_000);
  const isOwn = ({ at, what, told, write }: LoggedCall) =>
    write ||
    (isNear(at) && drifts.readBy.includes(what) && (isList(told) || changed.some((name) => names(told, name))));
  const spent = process.cpuUsage(cpu);
  return {
    ...countOf(since().filter(isOwn)),
    virtualSeconds: (world.timers.now() - began) / 1_000,
    cpuSeconds: (spent.user + spent.system) / 1e6,
  };
}

/** Whether a call names nothing, but at most which page: it asks for all there is. */
const isList = (told: unknown): boolean =>
  Object.entries(told as object).every(([name, value]) => value === undefined || /Marker|Token/.test(name));

const names = (told: unknown, name: string | undefined): boolean =>
  name !== undefined && JSON.stringify(told).includes(JSON.stringify(name));

/** The same build by an operator that looks twenty times a second: what AWS itself takes, in seconds. */
export async function criticalPathSeconds(subject: Subject): Promise<{ readonly aws: number; readonly ours: number }> {
  const eager: Settings = { ...defaultSettings, settle: 50, readBack: 50, soon: [50, 100] };
  const [aws, ours] = [await buildSeconds(subject, eager), await buildSeconds(subject, defaultSettings)];
  return { aws, ours };
}

async function buildSeconds({ spec }: Subject, settings: Settings): Promise<number> {
  const world = new VirtualWorld(settings);
  const store = world.add(anyManifest, () => spec(0));
  const began = world.clock.now();
  await world.settle(store);
  return (world.clock.now() - began) / 1_000;
}

/** Passes over a settled store in a second of real time, without reading AWS. */
export async function quietPassesPerSecond({ spec }: Subject): Promise<number> {
  const world = new VirtualWorld();
  const store = world.add(anyManifest, () => spec(0));
  await world.settle(store);
  for (let i = 0; i < 200; i++) await world.look(store);
  const [passes, began] = [2_000, performance.now()];
  for (let i = 0; i < passes; i++) await world.look(store);
  return Math.round(passes / ((performance.now() - began) / 1_000));
}
