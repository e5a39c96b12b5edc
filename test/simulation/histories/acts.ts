import type { StoreHandle } from '../../support/virtual-operator.ts';
import { signUpSomebody } from './data.ts';
import { invalidEdit, validEdit } from './edits.ts';
import type { History } from './history.ts';
import { deny, exhaust, jump, secondLeader } from './hardships.ts';
import type { Deed } from './plan.ts';
import { stripTags } from './strangers.ts';
import type { Kept } from './users.ts';

const minute = 60_000;

/** Does what was planned for a moment of a history. */
export async function act(history: History, deed: Deed): Promise<void> {
  const { world, random } = history;
  const { faults } = world.kube;
  const store = history.stores[random.below(history.stores.length)] as Kept;
  history.tell(`${deed} (${store.namespace}/${store.name})`);
  switch (deed) {
    case 'edit':
      return edit(history, store, validEdit(random, store), true);
    case 'refused-edit':
      return edit(history, store, invalidEdit(random), false);
    case 'annotate':
      if (store.handle) await history.insist(() => world.askToReconcile(store.handle as StoreHandle));
      return;
    case 'annotate-namespace': {
      const path = `/api/v1/namespaces/${store.namespace}`;
      const body = { metadata: { annotations: { touched: String(history.now) } } };
      await history.insist(() => world.user.request({ method: 'PATCH', path, body }));
      return;
    }
    case 'delete':
      if (store.handle) await history.insist(() => world.remove(store.handle as StoreHandle));
      store.handle = undefined;
      return;
    case 'make-anew':
      return makeAnew(history, store);
    case 'delete-namespace':
      return deleteNamespace(history, store);
    case 'pause':
      await edit(history, store, { policy: { mode: random.below(2) ? 'Paused' : 'Observe' } }, true);
      await history.pass(random.below(5) * minute);
      await edit(history, store, { policy: { mode: 'Enforce' } }, true);
      history.hinderedUntil = history.now;
      return;
    case 'sign-up':
      return signUpSomebody(history);
    case 'meddle':
      return history.meddle();
    case 'strip-tags':
      return stripTags(history);
    case 'deny':
      return deny(history);
    case 'exhaust':
      return exhaust(history);
    case 'second-leader':
      return secondLeader(history);
    case 'clock-jump':
      return jump(history);
    case 'drop-watches':
      return faults.dropWatches(random.below(2) ? 'end' : 'break');
    case 'compact':
      return faults.compact();
    case 'go-away':
      await faults.goAway();
      await history.pass((1 + random.below(5)) * minute);
      return faults.comeBack();
    case 'refuse':
      return refuse(history);
    case 'kill':
      return world.kill();
  }
}

function refuse({ world, random }: History): void {
  const answers = [409, 409, 500, 429, 503, 'silence', 'reset'] as const;
  const answer = answers[random.below(answers.length)] as (typeof answers)[number];
  const afterEffect = answer !== 409 && random.below(2) === 0;
  world.kube.faults.answer({
    answer,
    afterEffect,
    count: 1 + random.below(5),
    meets: ({ resource, verb }) => resource === 'ecomstores' && verb !== 'create',
  });
}

async function edit(history: History, { handle }: Kept, spec: object, valid: boolean): Promise<void> {
  if (!handle) return;
  const accepted = await history.insist(() => history.world.patch(handle, { spec }));
  history.tell(`${JSON.stringify(spec)} ${accepted ? 'accepted' : 'refused'}`);
  if (accepted && !valid) history.violations.push(`the API server took ${JSON.stringify(spec)}`);
}

async function makeAnew(history: History, store: Kept): Promise<void> {
  const { handle } = store;
  if (handle) await history.insist(() => history.world.remove(handle));
  store.handle = undefined;
  // kubectl delete waits; whoever gives up waiting finds the name taken.
  if (await history.pass(25 * minute, () => hasRoom(history, store))) await history.apply(store);
}

/** The namespace goes with all in it; what its user keeps in Git is applied again once there is room for it. */
async function deleteNamespace(history: History, { namespace }: Kept): Promise<void> {
  const { world, random } = history;
  const path = `/api/v1/namespaces/${namespace}`;
  if (!(await history.insist(() => world.user.request({ method: 'DELETE', path })))) return;
  const within = history.stores.filter((store) => store.namespace === namespace);
  for (const store of within) store.handle = undefined;
  if (random.below(2) === 0) return;
  const free = (): boolean => within.every((store) => hasRoom(history, store));
  if (await history.pass(25 * minute, free)) for (const store of within) await history.apply(store);
}

/** The name is free, and its namespace is there or can be made. */
function hasRoom({ world }: History, { namespace, name }: Kept): boolean {
  const { storage } = world.kube.world;
  const isTaken = storage.get('ecom.io/ecomstores', `${namespace}/${name}`) !== undefined;
  return !isTaken && storage.get('/namespaces', namespace)?.metadata.deletionTimestamp === undefined;
}
