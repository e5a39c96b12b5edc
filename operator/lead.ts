import type { CloudOptions } from './aws/cloud.ts';
import { Pacing } from './aws/pacing.ts';
import type { Config } from './config.ts';
import type { Mandate } from './desk.ts';
import { Inventory, type Sight, type Unreadable } from './engine/inventory.ts';
import { orphansIn, type Orphan } from './engine/orphans.ts';
import { defaultSettings, faster } from './engine/settings.ts';
import { Backoff } from './kube/backoff.ts';
import type { Pass } from './kube/pass.ts';
import { asFault, Fault } from './model/faults.ts';
import type { Log } from './model/log.ts';
import type { Clock, Cloud } from './model/ports.ts';
import { pause, type Random, type Timers } from './model/timers.ts';
import type { Verdict } from './model/verdict.ts';
import { operate, unreached } from './operate.ts';
import { registry } from './resources/index.ts';
import { steadyClock } from './runtime/clock.ts';
import type { Metrics } from './runtime/metrics.ts';

/** What a leader works with, for as long as it leads. */
export interface Lead {
  readonly pass: Pass;
  /** Reads AWS whenever something is due; ends when the signal aborts. */
  read(signal: AbortSignal): Promise<void>;
  /** The store is gone from the cluster. */
  forget(uid: string): void;
  /** How well AWS is known, for metrics. */
  sights(): readonly Sight[];
  /** What was read of this installation's and is of none of these stores. */
  orphans(isStore: (uid: string) => boolean): Iterable<Orphan>;
  /** The regions of which any list was read. */
  regions(): ReadonlySet<string>;
}

/** Begins a term: undefined when it ended before AWS could be reached. */
export type BeginLead = (mandate: Mandate, wake: (uids: ReadonlySet<string>) => void) => Promise<Lead | undefined>;

export interface LeadOptions {
  /** Opens the account that our credentials are for, or throws a fault. */
  readonly connect: (region: string, options: CloudOptions) => Promise<Cloud>;
  readonly config: Config;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** How long a wish to read AWS may go unnoticed: what the passes of that time wish for is read together. */
const noticeMillis = 250;
/** How long AWS may keep to itself who we are before people are told at their stores. */
const patienceMillis = 5 * 60_000;
/** How long nothing may be looked for: the wall clock, which says what is due, may be set forward. */
const longestRestMillis = 60_000;

/** Makes ready to lead: the account, an empty inventory, and the pass over a store. */
export const beginLead =
  (options: LeadOptions): BeginLead =>
  async (mandate, wake) => {
    const { config, timers, log, metrics } = options;
    const settings = faster(
      {
        ...defaultSettings,
        beats: config.beatMillis,
        readLag: config.readLagMillis,
        unknownOutcome: config.unknownOutcomeMillis,
      },
      config.timeScale,
    );
    const clock = steadyClock(timers);
    const begin = (cloud: Cloud) => {
      log.info({ account: cloud.account, region: config.awsRegion }, 'AWS answers');
      const shared = { cloud, clock, registry, settings, installation: config.installation };
      const inventory = new Inventory({
        ...shared,
        wake: (uids) => wake(operation.objectsOf(uids)),
        observe: (sweep) => metrics.swept(sweep),
        onUnreadable: (list) => logUnreadable(log, list),
      });
      const { boundary } = config;
      const observe = (verdict: Verdict): void => countDrift(metrics, verdict);
      const operation = operate({ ...shared, inventory, boundary, log, observe });
      return { inventory, ...operation };
    };
    const waiting: Waiting = { fault: undefined };
    const reaching = reached(options, mandate, waiting);
    const patience = new AbortController();
    const cloud = await Promise.race([
      reaching.finally(() => patience.abort()),
      pause(timers, patienceMillis / config.timeScale, patience.signal),
    ]);
    if (mandate.signal.aborted) return undefined;
    let work = cloud && begin(cloud);
    const unseen = new Set<string>();
    const ending = reaching.then((late) => {
      if (!late || work) return;
      work = begin(late);
      wake(unseen);
    });
    return {
      pass: (store, context) => {
        if (work) return work.pass(store, context);
        unseen.add(store.object.metadata.uid);
        return unreached({ clock }, waiting.fault ?? new Fault('transient', 'it does not answer'))(store, context);
      },
      read: async (signal) => {
        await ending;
        if (work) await keepReading({ inventory: work.inventory, clock, timers, speed: config.timeScale }, signal);
      },
      forget: (uid) => {
        unseen.delete(uid);
        work?.forget(uid);
      },
      sights: () => work?.inventory.sights() ?? [],
      orphans: (isStore) => (work ? orphansIn(work.inventory, config.installation, isStore) : []),
      regions: () => new Set([...(work?.inventory.wholeShelves() ?? [])].map(({ region }) => region)),
    };
  };

/** Every store of the region waits for it, or holds for true what it told last. */
function logUnreadable(log: Log, { type, region, fault: { kind, message, facts } }: Unreadable): void {
  log.warn(
    { type, region, kind, error: message, code: facts.code, remedy: facts.remedy },
    'a list of AWS cannot be read: trying again',
  );
}

/** What AWS said last instead of who we are. */
interface Waiting {
  fault: Fault | undefined;
}

/** Asks AWS who we are until it answers. Nothing can be done before, and nothing is wrong with the process either. */
async function reached(
  { connect, config, timers, random, log, metrics }: LeadOptions,
  mandate: Mandate,
  waiting: Waiting,
): Promise<Cloud | undefined> {
  const backoff = new Backoff(2_000, 60_000, random);
  const pacing = new Pacing(timers, config.timeScale);
  while (!mandate.signal.aborted) {
    try {
      return await connect(config.awsRegion, {
        pacing,
        signal: mandate.signal,
        observe: (outcome) => metrics.called(outcome),
      });
    } catch (error) {
      waiting.fault = asFault(error);
      const { kind, message, facts } = waiting.fault;
      log.error(
        { kind, error: message, code: facts.code, remedy: facts.remedy },
        'AWS does not tell which account this is: trying again',
      );
      await pause(timers, backoff.next() / config.timeScale, mandate.signal);
    }
  }
  return undefined;
}

interface Reading {
  readonly inventory: Inventory;
  /** By which readings fall due. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly speed: number;
}

/** Begins whatever reading falls due; a slow one holds up no other. */
async function keepReading(reading: Reading, signal: AbortSignal): Promise<void> {
  const { inventory, clock } = reading;
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (inventory.nextDue() <= clock.now()) {
      const round = inventory.readDue().finally(() => running.delete(round));
      running.add(round);
    }
    await untilDue(reading, signal);
  }
  await Promise.all(running);
}

const unheard = (): void => undefined;

/** Rests until the next reading is due, and a moment only once anything may have become due sooner. */
function untilDue({ inventory, clock, timers, speed }: Reading, signal: AbortSignal): Promise<void> {
  const within = (most: number): number => Math.max(1, Math.min(inventory.nextDue() - clock.now(), most / speed));
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      inventory.onSooner = unheard;
      signal.removeEventListener('abort', end);
      resolve();
    };
    let cancel = timers.after(within(longestRestMillis), end);
    signal.addEventListener('abort', end, { once: true });
    inventory.onSooner = () => {
      inventory.onSooner = unheard;
      cancel();
      cancel = timers.after(within(noticeMillis), end);
    };
  });
}

function countDrift(metrics: Metrics, { happenings, nodes, leaving }: Verdict): void {
  const typeOf = (node: string): string =>
    [...nodes, ...leaving].find((report) => report.node === node)?.type ?? 'other';
  for (const { kind, node } of happenings) {
    if (kind === 'DriftSeen') metrics.driftSeen(typeOf(node));
    if (kind === 'DriftHealed') metrics.driftHealed(typeOf(node));
  }
}
