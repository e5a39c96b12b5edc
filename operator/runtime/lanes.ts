import type { Priority } from '../model/ports.ts';

/** One key that is ready to be worked on. */
export interface Ready {
  readonly namespace: string;
  readonly key: string;
  readonly priority: Priority;
  /** Since when it has been ready, on the monotonic clock. */
  readonly since: number;
}

export const priorities: readonly Priority[] = ['change', 'delete', 'heal', 'scan'];

/** Having waited so long lifts a key by one priority, without end: whoever waits is served before long. */
export const agingMillis = 30_000;

/**
 * Who is next. First comes what is most urgent, waiting counted in; among equals the namespace with the least at work,
 * then the one served longest ago, so that a tenant with a thousand stores does not stand in the way of one with two;
 * within a namespace, first come first served.
 */
export class Lanes {
  /** `namespace priority` → ready keys in order of arrival: only the first of each can be next. */
  readonly #lanes = new Map<string, Ready[]>();
  readonly #working = new Map<string, number>();
  readonly #served = new Map<string, number>();
  #turns = 0;

  add(ready: Ready): void {
    const lane = `${ready.namespace} ${ready.priority}`;
    const queue = this.#lanes.get(lane);
    if (queue) queue.push(ready);
    else this.#lanes.set(lane, [ready]);
  }

  /** Takes a key out again, whatever its lane. */
  remove(key: string): void {
    for (const [lane, queue] of this.#lanes) {
      const rest = queue.filter((ready) => ready.key !== key);
      if (rest.length === queue.length) continue;
      if (rest.length > 0) this.#lanes.set(lane, rest);
      else this.#lanes.delete(lane);
    }
  }

  /** The next key, counted as at work until `done`; undefined when there is none, or none whose namespace may have another worker. */
  take(now: number, mostOfOneNamespace: number): Ready | undefined {
    const heads = [...this.#lanes.values()].map((queue) => queue[0] as Ready);
    // Where there is one namespace only, nobody is in anybody's way.
    const alone = new Set([...heads.map((ready) => ready.namespace), ...this.#served.keys()]).size <= 1;
    const next = heads
      .filter((ready) => alone || this.#atWork(ready) < mostOfOneNamespace)
      .reduce<Ready | undefined>(
        (best, ready) => (best && this.#order(best, ready, now) <= 0 ? best : ready),
        undefined,
      );
    if (!next) return undefined;
    const lane = `${next.namespace} ${next.priority}`;
    const queue = this.#lanes.get(lane) as Ready[];
    queue.shift();
    if (queue.length === 0) this.#lanes.delete(lane);
    this.#working.set(next.namespace, this.#atWork(next) + 1);
    this.#served.set(next.namespace, ++this.#turns);
    return next;
  }

  done(namespace: string): void {
    const left = (this.#working.get(namespace) ?? 1) - 1;
    if (left > 0) this.#working.set(namespace, left);
    else this.#working.delete(namespace);
  }

  /** Nothing of this namespace is left anywhere. */
  forget(namespace: string): void {
    this.#served.delete(namespace);
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  all(): Ready[] {
    return [...this.#lanes.values()].flat();
  }

  #atWork({ namespace }: Ready): number {
    return this.#working.get(namespace) ?? 0;
  }

  #order(a: Ready, b: Ready, now: number): number {
    const rank = (ready: Ready): number =>
      priorities.indexOf(ready.priority) - Math.floor((now - ready.since) / agingMillis);
    const served = (ready: Ready): number => this.#served.get(ready.namespace) ?? 0;
    return rank(a) - rank(b) || this.#atWork(a) - this.#atWork(b) || served(a) - served(b) || a.since - b.since;
  }
}
