import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../model/faults.ts';
import type { Intent, Journal } from '../model/ports.ts';
import type { KubeClient } from './client.ts';
import { failedAs } from './errors.ts';
import { keyOf } from './object.ts';
import { statusPatch } from './status-patch.ts';
import { finalizer, storePath, type IntentOnRecord, type StoreObject, type StoreStatus } from './store-object.ts';
import { slim } from './watch-event.ts';

export interface OpenStoreOptions {
  readonly client: KubeClient;
  readonly object: StoreObject;
  /** Aborts when the process leads no more: whatever is on its way to the API server is waited for no longer. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each write: the versions that it came after, as far as the pass knows them, and what the API server answered. */
  readonly onWrite: (superseded: readonly string[], after: StoreObject) => void;
}

/**
 * One store, for the length of a pass. Everything written goes out under the uid and resourceVersion that the pass has
 * seen, one write after the other; the spec is never written.
 */
export class OpenStore {
  readonly #client: KubeClient;
  readonly #signal: AbortSignal | undefined;
  readonly #onWrite: OpenStoreOptions['onWrite'];
  #object: StoreObject;
  /** The versions that are no more: a cache that shows one of them has not caught up. */
  readonly #superseded: string[] = [];
  /** Somebody wrote to the store during the pass: from then on only the status may still be told. */
  #overtaken = false;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #unkept: readonly string[] = [];

  constructor({ client, object, signal, onWrite }: OpenStoreOptions) {
    this.#client = client;
    this.#signal = signal;
    this.#object = object;
    this.#onWrite = onWrite;
  }

  /** As it was when the pass began, with what the pass has written since. */
  get object(): StoreObject {
    return this.#object;
  }

  get hasFinalizer(): boolean {
    return this.#object.metadata.finalizers?.includes(finalizer) ?? false;
  }

  /** The fields of the status written that the API server has not kept as they were: its CRD does not know all of them. */
  get unkept(): readonly string[] {
    return this.#unkept;
  }

  /** The store as the API server has it this instant, past every cache; undefined when it is gone. */
  async live(signal = this.#signal): Promise<StoreObject | undefined> {
    try {
      return await this.#client.request<StoreObject>({ method: 'GET', path: storePath(this.#object.metadata), signal });
    } catch (error) {
      if (failedAs(error, 'not-found')) return undefined;
      throw error;
    }
  }

  /**
   * To be asked before anything is destroyed: throws unless the store is, this instant, the very one the pass has seen
   * (UID), wants the same (generation), and is being deleted if and only if the pass believes so.
   */
  async confirm(signal?: AbortSignal): Promise<void> {
    this.#mustBeUnchanged();
    const [live, seen] = [(await this.live(signal))?.metadata, this.#object.metadata];
    const same =
      live?.uid === seen.uid &&
      live.generation === seen.generation &&
      Boolean(live.deletionTimestamp) === Boolean(seen.deletionTimestamp);
    if (!same) throw new Fault('busy', `store ${keyOf(seen)} has changed since it was read`);
  }

  /** Writes what differs, if anything worth a write does; tells whether it wrote. */
  writeStatus(wanted: StoreStatus): Promise<boolean> {
    return this.#inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        const patch = statusPatch(this.#object.status ?? {}, wanted);
        if (!patch) return false;
        try {
          await this.#patch('/status', { status: patch });
          this.#unkept = Object.keys(statusPatch(this.#object.status ?? {}, wanted) ?? {});
          return true;
        } catch (error) {
          if (!failedAs(error, 'conflict') || attempt === 3) throw error;
          await this.#follow(error);
        }
      }
    });
  }

  addFinalizer(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.hasFinalizer) return;
      await this.#patch('', { metadata: { finalizers: [...(this.#object.metadata.finalizers ?? []), finalizer] } });
    });
  }

  /** Lets the store go. That it is gone already is no error. */
  removeFinalizer(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.hasFinalizer) return;
      const finalizers = this.#object.metadata.finalizers?.filter((name) => name !== finalizer);
      try {
        await this.#patch('', { metadata: { finalizers } });
      } catch (error) {
        if (!failedAs(error, 'not-found')) throw error;
      }
    });
  }

  /** The intents of creations that AWS would do twice, kept in `status.journal`. */
  get journal(): Journal {
    const intents = (): readonly Intent[] => (this.#object.status?.journal ?? []).map(intentFrom);
    return {
      get intents() {
        return intents();
      },
      write: (next) =>
        this.#inTurn(async () => {
          if (isDeepStrictEqual(next, intents())) return next.length > 0 ? this.#mustBeLive() : undefined;
          const noted = next.map(onRecord);
          await this.#patch('/status', { status: { journal: noted.length > 0 ? noted : null } });
        }),
    };
  }

  async #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(write);
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  #mustBeUnchanged(): void {
    if (this.#overtaken) throw new Fault('busy', `store ${keyOf(this.#object.metadata)} was written during this pass`);
  }

  /** Where there is nothing to write, a read has to show that nobody else has written. */
  async #mustBeLive(): Promise<void> {
    this.#mustBeUnchanged();
    const [live, { uid, resourceVersion }] = [(await this.live())?.metadata, this.#object.metadata];
    this.#overtaken = live?.uid !== uid || live.resourceVersion !== resourceVersion;
    this.#mustBeUnchanged();
  }

  async #patch(subresource: '' | '/status', change: { metadata?: object; status?: object }): Promise<void> {
    if (!change.status || 'journal' in change.status) this.#mustBeUnchanged();
    const { uid, resourceVersion } = this.#object.metadata;
    const answer = await this.#client.request<StoreObject>({
      signal: this.#signal,
      method: 'PATCH',
      path: storePath(this.#object.metadata) + subresource,
      body: { ...change, metadata: { ...change.metadata, uid, resourceVersion } },
    });
    this.#object = slim(answer);
    if (resourceVersion !== this.#object.metadata.resourceVersion) this.#superseded.push(resourceVersion);
    this.#onWrite(this.#superseded, this.#object);
  }

  /**
   * After a conflict of a status write: when only spec or metadata were written, what the pass found out is still worth
   * telling, under the generation it was found for. When the status was, there is another writer, and we yield.
   */
  async #follow(conflict: Error): Promise<void> {
    const live = await this.live();
    const { uid } = this.#object.metadata;
    if (live?.metadata.uid !== uid || !isDeepStrictEqual(live.status, this.#object.status)) throw conflict;
    this.#overtaken = true;
    this.#superseded.push(this.#object.metadata.resourceVersion);
    this.#object = {
      ...this.#object,
      metadata: { ...this.#object.metadata, resourceVersion: live.metadata.resourceVersion },
    };
  }
}

const onRecord = (intent: Intent): IntentOnRecord => ({ ...intent, at: new Date(intent.at).toISOString() });
const intentFrom = (recorded: IntentOnRecord): Intent => ({ ...recorded, at: Date.parse(recorded.at) });
