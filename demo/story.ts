import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EcomStore } from '../operator/store/spec.ts';
import type { Board } from './board.ts';
import type { Stage } from './cluster.ts';
import type { Outsider } from './outsider.ts';

export interface Scene {
  readonly stage: Stage;
  readonly outsider: Outsider;
  readonly board: Board;
  /** No act may take longer. */
  readonly patienceMillis: number;
}

const manifest = parse(readFileSync('examples/minimal.yaml', 'utf8')) as {
  readonly metadata: { readonly namespace: string; readonly name: string };
};
export const { namespace, name } = manifest.metadata;

/** Looks again and again until something is so; throws when it takes too long. */
async function until<T>({ patienceMillis }: Scene, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patienceMillis;
  while (Date.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${what} did not happen within ${patienceMillis / 1000} seconds`);
}

const isReady = ({ metadata, status }: EcomStore): boolean =>
  status.observedGeneration === metadata.generation &&
  status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

const ready = (scene: Scene): Promise<EcomStore> =>
  until(scene, 'Ready', async () => {
    const store = await scene.stage.read(namespace, name);
    if (store) scene.board.show(store);
    return store && isReady(store) ? store : undefined;
  });

const idOf = (store: EcomStore, node: string): string => {
  const id = store.status.resources?.find((one) => one.node === node)?.id;
  if (id === undefined) throw new Error(`status has no id for ${node}`);
  return id;
};

/** From nothing to a store that answers. */
export async function build(scene: Scene): Promise<EcomStore> {
  const { board, stage, outsider } = scene;
  board.say(`kubectl apply -f examples/minimal.yaml   (store ${namespace}/${name})`);
  await stage.prepare(namespace);
  await stage.apply(manifest);
  const store = await ready(scene);
  const { calls, existing } = await outsider.ledger();
  board.say(
    `Ready: ${store.status.url}, ${existing.length} resources, ${calls.total} AWS calls, ${calls.writes} of them writes`,
  );
  const host = new URL(store.status.url ?? '').hostname;
  board.say(`${host} resolves to ${(await outsider.resolve(host)).join(', ')}`);
  return store;
}

/** A security group opened by hand. */
export async function healSecurityGroup(scene: Scene, store: EcomStore): Promise<void> {
  const { board, outsider } = scene;
  const group = idOf(store, 'network/sg-app');
  await outsider.openSsh(group);
  board.say(`drift: somebody opened SSH to the world on ${group} (the instances)`);
  await until(scene, 'the heal', async () => ((await outsider.sshIsOpen(group)) ? undefined : true));
  board.say('healed: the rule is revoked, and everything else is as it was');
}

/** An instance killed by hand: its group replaces it. */
export async function replaceInstance(scene: Scene, store: EcomStore): Promise<void> {
  const { board, outsider } = scene;
  const group = idOf(store, 'compute/group');
  const groupName = group.split('/').at(-1) as string;
  const before = await outsider.inService(groupName);
  const [victim = ''] = before;
  await outsider.terminate(victim);
  board.say(`an instance dies: ${victim}`);
  const after = await until(scene, 'the replacement', async () => {
    const now = await outsider.inService(groupName);
    return now.length >= before.length && !now.includes(victim) ? now : undefined;
  });
  board.say(`replaced: ${after.filter((id) => !before.includes(id)).join(', ')} serves in its place`);
}

/** A change of the spec, rolled out without an outage. */
export async function rollOut(scene: Scene): Promise<void> {
  const { board, stage } = scene;
  board.say('kubectl patch: compute.environment BANNER="Winter sale", scaling.max 12');
  await stage.patch(namespace, name, {
    spec: { compute: { environment: { BANNER: 'Winter sale' }, scaling: { max: 12 } } },
  });
  await ready(scene);
  board.say('rolled out: every instance runs the new version');
}

/** Every request and reply that there was, judged against AWS's service models. */
export async function checkWire({ board, outsider }: Scene): Promise<void> {
  const { requests, operations, misfits } = await outsider.wire();
  if (misfits.length > 0) throw new Error(`the wire is not AWS's: ${JSON.stringify(misfits.slice(0, 5))}`);
  board.say(
    `the wire: ${requests} requests of ${Object.keys(operations).length} operations, all as AWS's models have them`,
  );
}

/** The end: nothing is left. */
export async function remove(scene: Scene): Promise<void> {
  const { board, stage, outsider } = scene;
  board.say(`kubectl delete store ${name} -n ${namespace}`);
  await stage.remove(namespace, name);
  await until(scene, 'the removal', async () => {
    const store = await stage.read(namespace, name);
    if (store) board.show(store);
    return store ? undefined : true;
  });
  const { existing, calls } = await outsider.ledger();
  if (existing.length > 0)
    throw new Error(`the ledger still has ${existing.map(({ type, id }) => `${type} ${id}`).join(', ')}`);
  board.say(`gone: the ledger is empty (${calls.total} AWS calls in all, ${calls.writes} writes)`);
}
