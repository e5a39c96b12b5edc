import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EcomStore } from '../operator/store/spec.ts';
import { isExportedLog } from '../simulator/aws/rds/exported-logs.ts';
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

const file = 'examples/complete.yaml';
const manifest = parse(readFileSync(file, 'utf8')) as {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly database: object; readonly content: object };
};
export const { namespace, name } = manifest.metadata;
/** The store that takes over what the first one leaves. */
const heir = `${name}-again`;

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

const ready = (scene: Scene, of = name): Promise<EcomStore> =>
  until(scene, 'Ready', async () => {
    const store = await scene.stage.read(namespace, of);
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
  board.say(`kubectl apply -f ${file}   (store ${namespace}/${name})`);
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

/** A read replica deleted by hand: it is made again from the primary, and the application is told of it. */
export async function rebuildReplica(scene: Scene, store: EcomStore): Promise<void> {
  const { board, outsider } = scene;
  const lost = idOf(store, 'database/replica-1');
  await outsider.deleteDatabase(lost);
  board.say(`drift: somebody deleted the read replica ${lost}`);
  await until(scene, 'the loss', async () => ((await outsider.databaseStands(lost)) ? undefined : true));
  const after = await until(scene, 'the new replica', async () => {
    const now = await scene.stage.read(namespace, name);
    if (now) board.show(now);
    return now && isReady(now) && idOf(now, 'database/replica-1') !== lost ? now : undefined;
  });
  board.say(`rebuilt: ${idOf(after, 'database/replica-1')} follows the primary`);
}

/** A bucket that somebody is about to open: what keeps the internet out is back before anything follows. */
export async function closeBucket(scene: Scene, store: EcomStore): Promise<void> {
  const { board, outsider } = scene;
  const bucket = idOf(store, 'content/bucket');
  await outsider.upload(bucket, 'images/shoe.png');
  await outsider.unblock(bucket);
  board.say(`drift: somebody took away the public access block of ${bucket}`);
  await until(scene, 'the block', async () => ((await outsider.isBlocked(bucket)) ? true : undefined));
  board.say('healed: all four blocks are back');
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

interface Kept {
  readonly database: string;
  readonly bucket: string;
}

/** The store goes, its data stays: what is left in AWS is what status tells. */
export async function removeButKeep(scene: Scene, store: EcomStore): Promise<Kept> {
  const { board, outsider } = scene;
  const kept = { database: idOf(store, 'database/primary'), bucket: idOf(store, 'content/bucket') };
  await removeStore(scene, name);
  const { existing } = await outsider.ledger();
  for (const kind of ['rds/instance', 's3/bucket'])
    if (!existing.some(({ type }) => type === kind)) throw new Error(`${kind} did not outlive its store`);
  board.say(`gone, and its data kept: ${existing.map(({ type }) => type).join(', ')}`);
  return kept;
}

/** Another store takes the data over: the database with the network it lives in, and the bucket. */
export async function adopt(scene: Scene, { database, bucket }: Kept): Promise<void> {
  const { board, stage } = scene;
  board.say(`kubectl apply: store ${namespace}/${heir}, database.adopt ${database}, content.adopt ${bucket}`);
  const spec = {
    ...manifest.spec,
    database: { ...manifest.spec.database, adopt: database },
    content: { ...manifest.spec.content, adopt: bucket },
  };
  await stage.apply({ ...manifest, metadata: { ...manifest.metadata, name: heir }, spec } as typeof manifest);
  const store = await ready(scene, heir);
  if (idOf(store, 'database/primary') !== database) throw new Error('the database was not adopted');
  if (idOf(store, 'content/bucket') !== bucket) throw new Error('the bucket was not adopted');
  board.say(`Ready: ${namespace}/${heir} serves with the database and the bucket that ${namespace}/${name} left`);
}

/** The end: the data goes too, because people say so and confirm it; nothing is left. */
export async function removeWithData(scene: Scene): Promise<void> {
  const { board, stage, outsider } = scene;
  const uid = (await stage.read(namespace, heir))?.metadata.uid ?? '';
  board.say(`kubectl patch: policy.deletion Delete; kubectl annotate store ${heir} ecom.io/confirm-deletion=${uid}`);
  await stage.patch(namespace, heir, {
    metadata: { annotations: { 'ecom.io/confirm-deletion': uid } },
    spec: { policy: { deletion: 'Delete' } },
  });
  await removeStore(scene, heir);
  const { existing, calls } = await outsider.ledger();
  const left = existing.filter((one) => !isExportedLog(one));
  if (left.length > 0)
    throw new Error(`the ledger still has ${left.map(({ type, id }) => `${type} ${id}`).join(', ')}`);
  board.say(
    `gone: the ledger has nothing but logs that RDS has exported (${calls.total} AWS calls in all, ${calls.writes} writes)`,
  );
}

async function removeStore(scene: Scene, of: string): Promise<void> {
  const { board, stage } = scene;
  board.say(`kubectl delete store ${of} -n ${namespace}`);
  await stage.remove(namespace, of);
  await until(scene, 'the removal', async () => {
    const store = await stage.read(namespace, of);
    if (store) board.show(store);
    return store ? undefined : true;
  });
}
