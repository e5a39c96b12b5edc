import { maskOf, type Mask } from '../../support/crash-sweep/words.ts';
import { confirmAnnotation, type EcomStoreSpec } from '../../../operator/store/spec.ts';
import { Random } from '../../../simulator/random.ts';
import { VirtualOperator, type StoreHandle, type VirtualProcess } from '../../support/virtual-operator.ts';
import { act } from './acts.ts';
import { Claims } from './claims.ts';
import { listenForEnds } from './data.ts';
import { endHardships } from './hardships.ts';
import { differences } from './honesty.ts';
import { drawMix, type Mix } from './mix.ts';
import { drawPlan, type Planned } from './plan.ts';
import { meddle, putDecoys, type Meddling } from './strangers.ts';
import { drawStores, insist, type Kept } from './users.ts';

const minute = 60_000;

/** A hosted zone is its records, one by one: those of the store come and go beside the user's. */
function flat(key: string, value: object): [key: string, told: string][] {
  const { records = [], ...rest } = value as { records?: readonly { name: string; type: string }[] };
  return [
    [key, JSON.stringify(rest)],
    ...records.map((record): [string, string] => [`${key} ${record.name} ${record.type}`, JSON.stringify(record)]),
  ];
}

/** One history: a world with a random mix of faults, users and strangers, all of it from one seed. */
export class History {
  readonly seed: number;
  readonly random: Random;
  readonly mix: Mix;
  readonly plan: readonly Planned[];
  readonly stores: Kept[];
  readonly world: VirtualOperator;
  /** Hides what AWS has drawn by lot in this world. */
  readonly mask: Mask;
  /** Every store that was ever made: deletion and re-creation give another one. */
  readonly handles: StoreHandle[] = [];
  /** What was done, and when: for whoever reads a failure. */
  readonly told: string[] = [];
  readonly violations: string[] = [];
  readonly claims: Claims;
  /** What strangers did. */
  readonly meddlings: Meddling[] = [];
  /** `policy.deletion` of every store that was ever made, by UID. */
  readonly policies = new Map<string, string>();
  /** The stores of which somebody has confirmed that their data may be deleted, by UID. */
  readonly confirmed = new Set<string>();
  /** The pools that somebody signed up in, and all that was declared as kept when its store went: by id. */
  readonly signedUp = new Set<string>();
  readonly declared = new Set<string>();
  /** Processes that work beside the one that leads. */
  readonly seconds = new Set<VirtualProcess>();
  /** When two last worked at once. */
  rivalledUntil = -Infinity;
  /** How many times there were two of what AWS makes twice if it is asked twice. */
  twins = 0;
  faultsEndedAt = 0;
  /** When the mode of a store last kept the operator from healing. */
  hinderedUntil = 0;
  #wasThere: ReadonlyMap<string, string> = new Map();

  constructor(seed: number) {
    this.seed = seed;
    this.random = new Random(seed * 7_919 + 17);
    this.mix = drawMix(this.random, seed);
    this.plan = drawPlan(this.random, this.mix);
    this.stores = drawStores(this.random);
    this.world = new VirtualOperator(this.mix.world);
    this.mask = maskOf(this.world.aws.world.random);
    this.claims = new Claims(this);
    listenForEnds(this);
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
    for (const store of this.stores.slice(0, 1)) await putDecoys(world, store);
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
      await act(this, deed);
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
      const came = await this.world.timers.advanceUntil(() => this.claims.areOpen || until(), end - this.now);
      await this.claims.judge();
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
    const { handle } = store;
    this.handles.push(handle);
    this.policies.set(handle.uid, spec.policy?.deletion ?? 'Retain');
    if (store.confirms && (await this.insist(() => this.world.annotate(handle, { [confirmAnnotation]: handle.uid }))))
      this.confirmed.add(handle.uid);
    this.tell(`${namespace}/${name} is made: ${handle.uid}`);
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

  async #endFaults(): Promise<void> {
    const { world } = this;
    world.aws.world.faults.clear();
    world.kube.faults.clear();
    endHardships(this);
    Object.assign(world.aws.world, { pageSize: Infinity });
    this.faultsEndedAt = this.now;
    this.tell('the faults end');
  }
}
