import type { KubeObject } from './object.ts';

/** One write: what was there before, and what is there after it. */
export interface Change {
  readonly revision: number;
  /** Which collection, as `ecom.io/ecomstores`. */
  readonly collection: string;
  /** `namespace/name`, or `name`. */
  readonly key: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/**
 * What etcd is to the API server: objects under one counter of revisions, a history of writes that can be forgotten
 * (compacted), and listeners who hear every write in order.
 */
export class Storage {
  readonly #collections = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];
  #revision = 1;
  #compacted = 0;
  readonly #kept: number;

  /** @param kept how many writes the history holds before the older half of them is forgotten. */
  constructor(kept = 20_000) {
    this.#kept = kept;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The newest revision whose writes are forgotten: a watch can begin at it, but not before it. */
  get compacted(): number {
    return this.#compacted;
  }

  get(collection: string, key: string): KubeObject | undefined {
    return this.#collections.get(collection)?.get(key);
  }

  /** All objects of a collection by key, now or as they were at an earlier revision that is not forgotten. */
  at(collection: string, revision = this.#revision): Map<string, KubeObject> {
    const objects = new Map(this.#collections.get(collection) ?? []);
    for (let index = this.#history.length - 1; index >= 0; index--) {
      const change = this.#history[index] as Change;
      if (change.revision <= revision) break;
      if (change.collection !== collection) continue;
      if (change.before) objects.set(change.key, change.before);
      else objects.delete(change.key);
    }
    return new Map([...objects].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  collections(): string[] {
    return [...this.#collections.keys()];
  }

  put(collection: string, key: string, object: KubeObject): KubeObject {
    const revision = this.#revision + 1;
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    this.#write({ revision, collection, key, before: this.get(collection, key), after });
    return after;
  }

  /** Removes an object and answers its last state, with the revision of its removal. */
  remove(collection: string, key: string): KubeObject | undefined {
    const before = this.get(collection, key);
    if (!before) return undefined;
    const revision = this.#revision + 1;
    this.#write({ revision, collection, key, before, after: undefined });
    return { ...before, metadata: { ...before.metadata, resourceVersion: String(revision) } };
  }

  changesAfter(revision: number): readonly Change[] {
    const first = this.#history.findIndex((change) => change.revision > revision);
    return first === -1 ? [] : this.#history.slice(first);
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the writes up to a revision. */
  compact(revision = this.#revision): void {
    this.#compacted = Math.max(this.#compacted, revision);
    this.#history = this.#history.filter((change) => change.revision > revision);
  }

  #write(change: Change): void {
    this.#revision = change.revision;
    const { collection, key, after } = change;
    const objects = this.#collections.get(collection) ?? new Map<string, KubeObject>();
    this.#collections.set(collection, objects);
    if (after) objects.set(key, after);
    else objects.delete(key);
    this.#history.push(change);
    if (this.#history.length > this.#kept) this.compact(this.#history[this.#kept >> 1]?.revision);
    for (const listener of [...this.#listeners]) listener(change);
  }
}
