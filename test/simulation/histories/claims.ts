import type { StoreObject } from '../../../operator/kube/store-object.ts';
import { storePath } from '../../../operator/kube/store-object.ts';
import type { EcomStoreSpec } from '../../../operator/store/spec.ts';
import type { Status } from '../../../operator/store/status.ts';
import type { StoreHandle } from '../../support/virtual-operator.ts';
import type { History } from './history.ts';
import { differences } from './honesty.ts';

const minute = 60_000;

/** A status that says that AWS matches a generation, at the moment it was written. */
interface Claim {
  readonly store: StoreHandle;
  readonly generation: number;
  readonly at: number;
}

/** How old a reading may be on which a status rests: the settings beat, and the time it takes to read. */
const staleMillis = 15 * minute + 2 * minute;

const claimOf = (object: Pick<StoreObject, 'status'> | undefined): string => {
  const { journal: _, ...told } = object?.status ?? {};
  return JSON.stringify(told);
};

/** Listens to every status that is written, and holds those that call a store ready against AWS (I8). */
export class Claims {
  judged = 0;
  excused = 0;
  readonly #history: History;
  readonly #specs = new Map<string, EcomStoreSpec>();
  readonly #open: Claim[] = [];

  constructor(history: History) {
    this.#history = history;
    history.world.kube.world.storage.listen(({ collection, before, after }) => {
      if (collection === 'ecom.io/ecomstores' && after)
        this.#heard(after as unknown as StoreObject, before as unknown as StoreObject | undefined);
    });
  }

  /** Something was claimed that is not judged yet. */
  get areOpen(): boolean {
    return this.#open.length > 0;
  }

  async judge(): Promise<void> {
    for (const claim of this.#open.splice(0)) await this.#judge(claim);
  }

  #heard({ metadata, spec, status }: StoreObject, before: StoreObject | undefined): void {
    const { namespace, name, uid, generation } = metadata as StoreHandle & { generation: number };
    this.#specs.set(`${uid}/${generation}`, spec as EcomStoreSpec);
    const ready = (status as Status | undefined)?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True' || metadata.deletionTimestamp) return;
    // A user's edit and a note in the journal leave conditions and readings as they were: nothing is claimed by them.
    if (claimOf(before) === claimOf({ status })) return;
    if (this.#open.some(({ store }) => store.uid === uid)) return;
    const store = { namespace, name, uid };
    this.#open.push({ store, generation: ready.observedGeneration ?? generation, at: this.#history.now });
  }

  async #judge({ store, generation, at }: Claim): Promise<void> {
    const { meddlings, rivalledUntil, seconds, violations, world } = this.#history;
    // What a stranger or another leader has changed since a reading, the reading does not have.
    const isOutOfDate =
      seconds.size > 0 || [rivalledUntil, ...meddlings.map((one) => one.at)].some((last) => last > at - staleMillis);
    if (isOutOfDate) return void this.excused++;
    const spec = this.#specs.get(`${store.uid}/${generation}`);
    if (!spec) return void violations.push(`I8: ${store.name} is ready for generation ${generation}, which never was`);
    this.judged++;
    const found = await differences(world.aws, store, spec);
    if (found.length > 0)
      violations.push(
        `I8: ${storePath(store)} was called ready for generation ${generation} at ${at}, and AWS differs: ${found.join('; ')}`,
      );
  }
}
