import type { Log } from '../model/log.ts';
import { pause, type Random, type Timers } from '../model/timers.ts';
import type { KubeClient } from './client.ts';
import { failedAs, KubeError } from './errors.ts';
import { EventBudget } from './event-budget.ts';
import type { KubeObject } from './object.ts';

/** Something people want to know of a store, as `kubectl describe store` shows it. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  /** One CamelCase word. */
  readonly reason: string;
  readonly message: string;
  /** What makes two notices the same although their messages differ, as "nat-a is pending (3 minutes)"; the message by default. */
  readonly key?: string;
}

export interface EventsOptions {
  readonly client: KubeClient;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** `ecomstore-operator`, and which replica. */
  readonly component: string;
  readonly instance: string;
  readonly onOutcome?: (outcome: 'written' | 'dropped' | 'failed') => void;
}

interface Told {
  readonly name: string;
  readonly first: number;
  last: number;
  count: number;
}

/** Notices of the same thing within this time are one event with a count. */
const sameEventMillis = 10 * 60_000;
const longestQueue = 1000;
const longestMessage = 1024;

/**
 * Writes events as core/v1: the one form in which `kubectl get events` and `kubectl describe` of every version show
 * count, age and source; events.k8s.io/v1 leaves those columns to its series. Recording never throws and never waits.
 */
export class Events {
  readonly #options: EventsOptions;
  readonly #budget: EventBudget;
  readonly #told = new Map<string, Told>();
  #queued = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #stopped = new AbortController();

  constructor(options: EventsOptions) {
    this.#options = options;
    this.#budget = new EventBudget(options.timers);
  }

  record(store: KubeObject, notice: Notice): void {
    if (this.#queued >= longestQueue || !this.#budget.take(store.metadata.uid)) {
      this.#options.onOutcome?.('dropped');
      return;
    }
    this.#queued++;
    this.#writing = this.#writing.then(() => this.#write(store, notice)).finally(() => void this.#queued--);
  }

  /** Waits until all that was recorded is written, or so many milliseconds have passed. */
  async flush(millis: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([this.#writing, pause(this.#options.timers, millis, enough.signal)]);
    enough.abort();
    this.#stopped.abort();
  }

  async #write(store: KubeObject, notice: Notice): Promise<void> {
    const { log, onOutcome, timers } = this.#options;
    for (let attempt = 1; !this.#stopped.signal.aborted; attempt++) {
      try {
        await this.#tell(store, notice);
        onOutcome?.('written');
        return;
      } catch (error) {
        if (attempt === 3 || !failedAs(error, 'throttled', 'unavailable')) {
          const { namespace, name } = store.metadata;
          log.warn({ namespace, name, reason: notice.reason, error: String(error) }, 'an event could not be written');
          break;
        }
        await pause(timers, error.retryAfterMillis ?? 1000 * attempt, this.#stopped.signal);
      }
    }
    onOutcome?.('failed');
  }

  async #tell(store: KubeObject, notice: Notice): Promise<void> {
    const now = this.#options.timers.now();
    const key = [store.metadata.uid, notice.type, notice.reason, notice.key ?? notice.message].join('\n');
    const told = this.#told.get(key);
    if (told && now - told.last < sameEventMillis && (await this.#countUp(store, notice, told, now))) return;
    const name = `${store.metadata.name.slice(0, 200)}.${hex(this.#options.random, 16)}`;
    await this.#create(store, notice, name, now);
    this.#told.set(key, { name, first: now, last: now, count: 1 });
    this.#forget(now);
  }

  /** One more of an event that exists; false when the API server has dropped it (events live for an hour by default). */
  async #countUp(store: KubeObject, notice: Notice, told: Told, now: number): Promise<boolean> {
    try {
      await this.#options.client.request({
        method: 'PATCH',
        path: `${eventsPath(store)}/${told.name}`,
        body: { count: told.count + 1, lastTimestamp: timestamp(now), message: short(notice.message) },
      });
    } catch (error) {
      if (error instanceof KubeError && error.failure === 'not-found') return false;
      throw error;
    }
    told.count++;
    told.last = now;
    return true;
  }

  async #create(store: KubeObject, notice: Notice, name: string, now: number): Promise<void> {
    const { component, instance, client } = this.#options;
    const { namespace, uid, resourceVersion } = store.metadata;
    const body = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: store.apiVersion ?? 'ecom.io/v1alpha1',
        // Items of a list carry no kind.
        kind: store.kind ?? 'EcomStore',
        name: store.metadata.name,
        namespace,
        uid,
        resourceVersion,
      },
      type: notice.type,
      reason: notice.reason,
      message: short(notice.message),
      source: { component },
      reportingComponent: component,
      reportingInstance: instance,
      count: 1,
      firstTimestamp: timestamp(now),
      lastTimestamp: timestamp(now),
    };
    await client.request({ method: 'POST', path: eventsPath(store), body });
  }

  #forget(now: number): void {
    for (const [key, told] of this.#told) if (now - told.last >= sameEventMillis) this.#told.delete(key);
  }
}

const eventsPath = (store: KubeObject): string =>
  `/api/v1/namespaces/${encodeURIComponent(store.metadata.namespace)}/events`;

const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');

/** Kubernetes' Time has whole seconds. */
const timestamp = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`;

const short = (message: string): string =>
  message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 1)}…`;
