import { reconcile, teardown } from '../../operator/engine/reconcile.ts';
import { problemsOf } from '../../operator/store/admission.ts';
import { apiVersion, kind, type EcomStoreManifestSpec, type EcomStoreSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { signUp } from '../../simulator/aws/cognito/members.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';
import type { Change } from './changes.ts';
import type { Planted } from './planted.ts';
import { templateOf } from './template/export.ts';
import { watch, type State } from './watched.ts';

/** A state in the life of a store. */
export interface Moment extends State {
  /** What the store is going through. */
  readonly chapter: string;
}

/** A store that was built, and what its account holds after every further write. */
class Life {
  readonly world = new VirtualWorld();
  readonly store: VirtualStore;
  readonly moments: Moment[] = [];
  #states: readonly State[] = [];

  constructor(file: string, change?: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec) {
    this.store = this.world.add(file, change);
    this.store.confirmed = true;
  }

  async build(): Promise<void> {
    await this.world.settle(this.store);
  }

  /** From here on every write counts. */
  watch(): void {
    this.#states = watch(this.world);
    this.#remember('built', [this.#now('all')]);
  }

  async goThrough(chapter: string, act: (writes: () => number) => Promise<unknown>): Promise<void> {
    const from = this.#states.length;
    const since = (): readonly State[] => this.#states.slice(from);
    await act(() => since().length);
    this.#remember(chapter, [...since(), this.#now('all')]);
  }

  readonly #now = (after: string): State => ({ after, template: templateOf(this.world.aws.world) });

  #remember(chapter: string, states: readonly State[]): void {
    this.moments.push(...states.map((state) => ({ ...state, chapter })));
  }
}

/** What the API server would refuse is nothing that a store goes through. */
function expectAdmitted({ owner, spec }: VirtualStore, before: EcomStoreSpec): void {
  const { namespace, name } = owner;
  const manifest = (of: EcomStoreSpec): unknown =>
    JSON.parse(JSON.stringify({ apiVersion, kind, metadata: { namespace, name }, spec: of }));
  const [problem] = problemsOf(manifest(spec), manifest(before));
  if (problem) throw new Error(`no such change: ${problem.path.join('.')}: ${problem.message}`);
}

/** A store to which one change after the other is made. */
export async function changing(
  file: string,
  change: ((spec: EcomStoreManifestSpec) => EcomStoreManifestSpec) | undefined,
  changes: readonly Change[],
): Promise<readonly Moment[]> {
  const life = new Life(file, change);
  await life.build();
  life.watch();
  const { world, store } = life;
  for (const { what, change: next, takenBackAfter } of changes)
    await life.goThrough(`changed: ${what}`, async (writes) => {
      const before = store.spec;
      store.spec = next(before);
      expectAdmitted(store, before);
      if (takenBackAfter === undefined) return world.settle(store, reconcile, 120);
      while (writes() < takenBackAfter) {
        const { wakeAt } = await world.pass(store);
        const due = Math.min(wakeAt, world.engine.inventory.nextDue());
        world.clock.advance(Math.max(200, due - world.clock.now()));
      }
      store.spec = before;
      return world.settle(store, reconcile, 120);
    });
  return life.moments;
}

/** A store to which all that is planted is done at once, and which is left to the operator. */
export async function healing(
  file: string,
  change: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec,
  drifts: readonly Planted[],
): Promise<readonly Moment[]> {
  const life = new Life(file, change);
  await life.build();
  for (const { plant } of drifts) await plant(life.world);
  // What is asked of a database takes RDS a while.
  life.world.clock.advance(30 * 60_000);
  life.world.aws.world.settle();
  life.watch();
  await life.goThrough('healed', () => life.world.leftAlone(life.store, 2));
  return life.moments;
}

/** A store with users and pictures that is removed. */
export async function removing(
  chapter: string,
  file: string,
  deletion: 'Retain' | 'Snapshot' | 'Delete',
): Promise<readonly Moment[]> {
  const life = new Life(file, (spec) => ({ ...spec, policy: { ...spec.policy, deletion } }));
  await life.build();
  const { world, store } = life;
  await world.other('s3', 'PutObject', {
    ...{ Bucket: world.idOf(store, 'content/bucket'), Key: 'images/shoe.png', Body: new Uint8Array([1]) },
  });
  signUp(world.aws.world, homeRegion, world.idOf(store, 'identity/pool'), 'ann');
  life.watch();
  await life.goThrough(chapter, () => world.settle(store, teardown, 120));
  return life.moments;
}
