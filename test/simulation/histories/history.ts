import type { StoreObject } from '../../../operator/kube/store-object.ts';
import { storePath } from '../../../operator/kube/store-object.ts';
import type { Status } from '../../../operator/store/status.ts';
import type { EcomStoreSpec } from '../../../operator/store/spec.ts';
import { Random } from '../../../simulator/random.ts';
import { VirtualOperator, type StoreHandle } from '../../support/virtual-operator.ts';
import { invalidEdit, validEdit } from './edits.ts';
import { differences } from './honesty.ts';
import { drawMix, type Mix } from './mix.ts';
import { drawPlan, type Planned } from './plan.ts';
import { meddle, putDecoys, type Meddling } from './strangers.ts';
import { drawStores, insist, type Kept } from './users.ts';

const minute = 60_000;

const claimOf = (object: Pick<StoreObject, 'status'> | undefined): string => {
  const { journal: _, ...told } = object?.status ?? {};
  return JSON.stringify(told);
};

/** A hosted zone is its records, one by one: those of the store come and go beside the user's. */
function flat(key: string, value: object): [key: string, told: string][] {
  const { records = [], ...rest } = value as { records?: readonly { name: string; type: string }[] };
  return [
    [key, JSON.stringify(rest)],
    ...records.map((record): [string, string] => [`${key} ${record.name} ${record.type}`, JSON.stringify(record)]),
  ];
}

/** A status that says that AWS matches a generation, at the moment it was written. */
interface Claim {
  readonly store: StoreHandle;
  readonly generation: number;
  readonly at: number;
}

/** How old a reading may be on which a status rests: the settings beat, and the time it takes to read. */
const staleMillis = 15 * minute + 2 * minute;

/** One history: a world with a random mix of faults, users and strangers, all of it from one seed. */
export class History {
  readonly seed: number;
  readonly random: Random;
  readonly mix: Mix;
  readonly plan: readonly Planned[];
  readonly stores: Kept[];
  readonly world: VirtualOperator;
  /** Every store that was ever made: deletion and re-creation give another one. */
  readonly handles: StoreHandle[] = [];
  /** What was done, and when: for whoever reads a failure. */
  readonly told: string[] = [];
  readonly violations: string[] = [];
  readonly claims = { judged: 0, excused: 0 };
  /** What strangers did. */
  readonly meddlings: Meddling[] = [];
  /** How many times there were two of what AWS makes twice if it is asked twice. */
  twins = 0;
  faultsEndedAt = 0;
  /** When the mode of a store last kept the operator from healing. */
  hinderedUntil = 0;
  readonly #specs = new Map<string, EcomStoreSpec>();
  readonly #open: Claim[] = [];
  #wasThere: ReadonlyMap<string, string> = new Map();

  constructor(seed: number) {
    this.seed = seed;
    this.random = new Random(seed * 7_919 + 17);
    this.mix = drawMix(this.random, seed);
    this.plan = drawPlan(this.random, this.mix);
    this.stores = drawStores(this.random);
    this.world = new VirtualOperator(this.mix.world);
    this.world.kube.world.storage.listen(({ collection, before, after }) => {
      if (collection === 'ecom.io/ecomstores' && after)
        this.#heard(after as unknown as StoreObject, before as unknown as StoreObject | undefined);
    });
  }

  get now(): number {
    return this.world.timers.now();
  }

  /** The decoys and the furniture, as they are now, by id. */
  get strange(): Map<string, string> {
    const ours = new Set(
      this.world.ledger
        .history()
        .filter(({ id }) => !this.#decoys.has(id))
        .map(({ id }) => id),
    );
    return new Map(
      [...this.world.aws.world.everything()]
        .filter(([key]) => !ours.has(key.split('/').slice(3).join('/')))
        .flatMap(([key, value]) => flat(key, value)),
    );
  }

  readonly #decoys = new Set<string>();

  async play(): Promise<void> {
    const { world, mix } = this;
    await putDecoys(world);
    await world.advance(30_000);
    for (const { id } of world.ledger.existing()) this.#decoys.add(id);
    this.#wasThere = this.strange;
    for (const rule of mix.aws) world.aws.world.faults.add(rule);
    for (const [nth, kill] of mix.kills) world.exchange.disturb(nth, { kill });
    for (const [nth, lose] of mix.losses) world.exchange.disturb(nth, { lose });
    world.start();
    for (const store of this.stores) await this.apply(store);
    const began = this.now;
    for (const { at, deed } of this.plan) {
      await this.pass(Math.max(0, began + at - this.now));
      await this.#act(deed);
    }
    await this.#endFaults();
  }

  isDecoy(id: string): boolean {
    return this.#decoys.has(id);
  }

  get wasThere(): ReadonlyMap<string, string> {
    return this.#wasThere;
  }

  tell(what: string): void {
    this.told.push(`${((this.now - Date.UTC(2026, 0, 1)) / minute).toFixed(2)} min: ${what}`);
  }

  /** Lets time pass, and judges every claim of a status as it is made. */
  async pass(millis: number, until: () => boolean = () => false): Promise<boolean> {
    const end = this.now + millis;
    for (;;) {
      const came = await this.world.timers.advanceUntil(() => this.#open.length > 0 || until(), end - this.now);
      for (const claim of this.#open.splice(0)) await this.#judge(claim);
      if (until()) return true;
      if (!came || this.now >= end) return false;
    }
  }

  async apply(store: Kept): Promise<void> {
    const { namespace, name, spec } = store;
    const accepted = await this.insist(async () => {
      store.handle = await this.world.post({ namespace, name }, spec);
    });
    if (!accepted || !store.handle) return this.tell(`${namespace}/${name} cannot be made now`);
    this.handles.push(store.handle);
    this.tell(`${namespace}/${name} is made: ${store.handle.uid}`);
  }

  async meddle(): Promise<void> {
    const did = await meddle(this.world, this.handles, this.random);
    if (did) this.meddlings.push(did);
    this.tell(did?.said ?? 'there was nothing to meddle with');
  }

  /** I8, at a moment when every store is called ready and nobody has changed anything for long. */
  async matches(): Promise<void> {
    for (const { handle } of this.stores) {
      const spec = handle && (this.world.object(handle)?.spec as EcomStoreSpec | undefined);
      const found = handle && spec ? await differences(this.world.aws, handle, spec) : [];
      if (found.length > 0) this.violations.push(`I8: ${handle?.name} is ready, and AWS differs: ${found.join('; ')}`);
    }
  }

  insist(action: () => Promise<unknown>): Promise<boolean> {
    return insist((millis, until) => this.pass(millis, until), action);
  }

  async #act(deed: Planned['deed']): Promise<void> {
    const { world, random } = this;
    const faults = world.kube.faults;
    const store = this.stores[random.below(this.stores.length)] as Kept;
    this.tell(`${deed} (${store.namespace}/${store.name})`);
    switch (deed) {
      case 'edit':
        return this.#edit(store, validEdit(random, store.isWhole), true);
      case 'refused-edit':
        return this.#edit(store, invalidEdit(random), false);
      case 'annotate':
        if (store.handle) await this.insist(() => world.askToReconcile(store.handle as StoreHandle));
        return;
      case 'annotate-namespace': {
        const path = `/api/v1/namespaces/${store.namespace}`;
        const body = { metadata: { annotations: { touched: String(this.now) } } };
        await this.insist(() => world.user.request({ method: 'PATCH', path, body }));
        return;
      }
      case 'delete':
        if (store.handle) await this.insist(() => world.remove(store.handle as StoreHandle));
        store.handle = undefined;
        return;
      case 'make-anew':
        return this.#makeAnew(store);
      case 'pause':
        await this.#edit(store, { policy: { mode: random.below(2) ? 'Paused' : 'Observe' } }, true);
        await this.pass(random.below(5) * minute);
        await this.#edit(store, { policy: { mode: 'Enforce' } }, true);
        this.hinderedUntil = this.now;
        return;
      case 'meddle':
        return this.meddle();
      case 'drop-watches':
        return faults.dropWatches(random.below(2) ? 'end' : 'break');
      case 'compact':
        return faults.compact();
      case 'go-away':
        await faults.goAway();
        await this.pass((1 + random.below(5)) * minute);
        return faults.comeBack();
      case 'refuse': {
        const answers = [409, 409, 500, 429, 503, 'silence', 'reset'] as const;
        const answer = answers[random.below(answers.length)] as (typeof answers)[number];
        const afterEffect = answer !== 409 && random.below(2) === 0;
        faults.answer({
          answer,
          afterEffect,
          count: 1 + random.below(5),
          meets: ({ resource, verb }) => resource === 'ecomstores' && verb !== 'create',
        });
        return;
      }
      case 'kill':
        return world.kill();
    }
  }

  async #edit(store: Kept, spec: object, valid: boolean): Promise<void> {
    const { handle } = store;
    if (!handle) return;
    const accepted = await this.insist(() => this.world.patch(handle, { spec }));
    this.tell(`${JSON.stringify(spec)} ${accepted ? 'accepted' : 'refused'}`);
    if (accepted && !valid) this.violations.push(`the API server took ${JSON.stringify(spec)}`);
  }

  async #makeAnew(store: Kept): Promise<void> {
    const { handle } = store;
    if (handle) await this.insist(() => this.world.remove(handle));
    store.handle = undefined;
    const gone = (): boolean =>
      this.world.kube.world.storage.get('ecom.io/ecomstores', `${store.namespace}/${store.name}`) === undefined;
    // kubectl delete waits; whoever gives up waiting finds the name taken.
    await this.pass(25 * minute, gone);
    if (gone()) await this.apply(store);
  }

  async #endFaults(): Promise<void> {
    const { world } = this;
    world.aws.world.faults.clear();
    world.kube.faults.clear();
    Object.assign(world.aws.world, { pageSize: Infinity });
    this.faultsEndedAt = this.now;
    this.tell('the faults end');
  }

  #heard({ metadata, spec, status }: StoreObject, before: StoreObject | undefined): void {
    const { namespace, name, uid, generation } = metadata as {
      namespace: string;
      name: string;
      uid: string;
      generation: number;
    };
    this.#specs.set(`${uid}/${generation}`, spec as EcomStoreSpec);
    const ready = (status as Status | undefined)?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True' || metadata.deletionTimestamp) return;
    // A user's edit and a note in the journal leave conditions and readings as they were: nothing is claimed by them.
    if (claimOf(before) === claimOf({ status })) return;
    if (this.#open.some(({ store }) => store.uid === uid)) return;
    this.#open.push({
      store: { namespace, name, uid },
      generation: ready.observedGeneration ?? generation,
      at: this.now,
    });
  }

  async #judge({ store, generation, at }: Claim): Promise<void> {
    if (this.meddlings.some((meddling) => meddling.at > at - staleMillis)) return void this.claims.excused++;
    const spec = this.#specs.get(`${store.uid}/${generation}`);
    if (!spec)
      return void this.violations.push(
        `I8: ${store.name} is called ready for generation ${generation}, which never was`,
      );
    this.claims.judged++;
    const found = await differences(this.world.aws, store, spec);
    if (found.length > 0)
      this.violations.push(
        `I8: ${storePath(store)} was called ready for generation ${generation} at ${at}, and AWS differs: ${found.join('; ')}`,
      );
  }
}
