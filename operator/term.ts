import type { Config } from './config.ts';
import { Desk, type Mandate } from './desk.ts';
import type { Events } from './kube/events.ts';
import type { Stores } from './kube/stores.ts';
import type { Lead } from './lead.ts';
import type { Log } from './model/log.ts';
import type { Random, Timers } from './model/timers.ts';
import { OrphanWatch } from './orphan-watch.ts';
import type { Metrics } from './runtime/metrics.ts';
import { Queue } from './runtime/queue.ts';
import { Workers } from './runtime/workers.ts';
import { taggedUids } from './store/spec.ts';

export interface TermOptions {
  readonly config: Config;
  readonly stores: Stores;
  /** Whether the stores of a namespace have been listed. */
  readonly isListed: (namespace: string) => boolean;
  readonly events: Events;
  readonly metrics: Metrics;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** The work of one term of leading: gone when the term is, so that nothing of it leaks into the next. */
export interface Term {
  readonly desk: Desk;
  readonly queue: Queue;
  readonly workers: Workers;
  readonly forget: (uid: string) => void;
  readonly sights: Lead['sights'];
  readonly orphans: OrphanWatch;
}

/** Puts a queue, a desk and workers around a pass, with every known store in the queue. */
export function openTerm(options: TermOptions, mandate: Mandate, lead: Lead): Term {
  const { config, stores, isListed, events, metrics, timers, random, log } = options;
  const queue = new Queue({
    timers,
    random,
    speed: config.timeScale,
    mostOfOneNamespace: Math.max(1, config.workers - 1),
    onAdd: (priority) => metrics.added(priority),
    onRetry: (pace) => metrics.retried(pace),
  });
  const desk = new Desk({
    stores,
    queue,
    pass: lead.pass,
    events,
    mandate,
    timers,
    log,
    onPass: (outcome, seconds) => metrics.passed(outcome, seconds),
    speed: config.timeScale,
  });
  const workers = new Workers({
    queue,
    count: config.workers,
    timers,
    log,
    work: (ready, signal) => desk.look(ready, signal),
    limitMillis: config.passLimitMillis,
    drainMillis: config.shutdownMillis,
  });
  const { existence, settings } = config.beatMillis;
  const orphans = new OrphanWatch({
    orphans: (isStore) => lead.orphans(isStore),
    regions: () => lead.regions(),
    stores: () => new Set(stores.all().flatMap(taggedUids)),
    isListed,
    // Every list of a region in which a store lives is read again within the longer beat; the other one is for its end.
    patienceMillis: (settings + existence) / config.timeScale,
    timers,
    log,
    speed: config.timeScale,
  });
  return { desk, queue, workers, orphans, forget: (uid) => lead.forget(uid), sights: () => lead.sights() };
}
