import { vi } from 'vitest';
import { Pacing } from '../../operator/aws/pacing.ts';
import { teardown } from '../../operator/engine/reconcile.ts';
import { realTimers } from '../../operator/runtime/clock.ts';
import type { EcomStoreManifestSpec, EcomStoreSpec } from '../../operator/store/spec.ts';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { domains } from '../../simulator/aws/cognito/kinds.ts';
import { signUp } from '../../simulator/aws/cognito/members.ts';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';
import { judgedConnect, type SentCommand } from '../support/judged-cloud.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';
import { drifts } from './drifts.ts';

/** All that went over the wire in one life of a store, and how often each operation did. */
export interface Lived {
  readonly exchanges: readonly Exchange[];
  readonly sent: readonly SentCommand[];
  readonly operations: ReadonlyMap<string, number>;
  readonly requests: number;
  /** Drifts after which the operation that mends them was never sent. */
  readonly unhealed: readonly string[];
  /** What the ledger still has when all is over, but for what was there before. */
  readonly left: readonly string[];
}

/**
 * A store is built, drifts in every way that there is and heals, is changed, and is removed: by the real engine, through
 * the real SDK clients, over sockets, on a clock that stands still but for us. Closing the front judges it all.
 */
export async function live(file: string, change = (spec: EcomStoreManifestSpec) => spec): Promise<Lived> {
  return overSockets(async (world, front) => {
    const store = world.add(file, (spec) => change({ ...spec, policy: { ...spec.policy, deletion: 'Delete' } }));
    store.confirmed = true;
    await world.settle(store);
    // A new process knows nothing: it reads again what is told of an ARN once only.
    world.restart();
    const unhealed = await driftAndHeal(world, store, front);
    await changeTwice(world, store);
    await meddleAtTheEnd(world, store);
    await world.settle(store, teardown, 120);
    return unhealed;
  });
}

/**
 * Data outlives three stores: the first leaves it, the second adopts it and goes with a snapshot, the third is born from
 * that, and comes to another major version; then somebody clears away what is kept on purpose.
 */
export async function liveOfData(file: string): Promise<Lived> {
  return overSockets(async (world) => {
    const first = world.add(file);
    await world.settle(first);
    const database = world.idOf(first, 'database/primary');
    furnishPool(world, first);
    const pool = world.idOf(first, 'identity/pool');
    const bucket = world.idOf(first, 'content/bucket');
    await putObject(world, bucket);
    await world.settle(first, teardown, 120);
    const second = world.add(file, (spec) => ({
      ...spec,
      database: { ...spec.database, adopt: database },
      identity: { ...spec.identity, adopt: pool },
      content: { ...spec.content, adopt: bucket },
      policy: { ...spec.policy, deletion: 'Snapshot' },
    }));
    await world.settle(second, undefined, 120);
    const { retained } = await world.settle(second, teardown, 120);
    const restoreSnapshotId = retained.find(({ type }) => type === 'rds/snapshot')?.id ?? '';
    const third = world.add(file, (spec) => ({
      ...spec,
      database: { ...spec.database, restoreSnapshotId },
      policy: { ...spec.policy, deletion: 'Delete' },
    }));
    third.confirmed = true;
    await world.settle(third, undefined, 120);
    third.spec = withUpgrade(third.spec);
    await world.settle(third, undefined, 120);
    // By a name that no XML can carry, too.
    for (const key of ['images/ü + 1.png', 'images/\u0010.png'])
      await putObject(world, world.idOf(third, 'content/bucket'), key);
    await world.settle(third, teardown, 120);
    await clearAway(world);
    return [];
  });
}

/** Its database is to have another major version, which takes a snapshot first. */
const withUpgrade = ({ database, ...spec }: EcomStoreSpec): EcomStoreSpec => ({
  ...spec,
  ...(database ? { database: { ...database, version: '17', allowMajorUpgrade: true } } : {}),
});

/** Somebody signs up: from now on the pool holds data. */
function furnishPool({ aws: { world } }: VirtualWorld, store: VirtualStore): void {
  const pool = store.last?.nodes.find(({ node }) => node === 'identity/pool')?.id;
  if (pool !== undefined) signUp(world, homeRegion, pool, 'ada@example.com');
}

/** Somebody uploads a picture: from now on the bucket holds data. */
const putObject = (world: VirtualWorld, Bucket: string, Key = 'images/shoe.png'): Promise<unknown> =>
  world.other('s3', 'PutObject', { Bucket, Key, Body: new Uint8Array([1]) });

/** What stores leave on purpose is somebody's to delete. */
async function clearAway(world: VirtualWorld): Promise<void> {
  for (const { id: DBSnapshotIdentifier } of world.existing('rds/snapshot'))
    await world.other('rds', 'DeleteDBSnapshot', { DBSnapshotIdentifier });
  for (const backup of world.existing('rds/automated-backup'))
    await world.other('rds', 'DeleteDBInstanceAutomatedBackup', { DbiResourceId: backup.id });
  for (const { id: Bucket } of world.existing('s3/bucket')) {
    const { Versions } = await world.other<{ Versions: { Key: string; VersionId: string }[] }>(
      's3',
      'ListObjectVersions',
      { Bucket },
    );
    await world.other('s3', 'DeleteObjects', {
      Bucket,
      Delete: { Objects: Versions.map(({ Key, VersionId }) => ({ Key, VersionId })) },
    });
    await world.other('s3', 'DeleteBucket', { Bucket });
  }
  for (const { id: UserPoolId } of world.existing('cognito/user-pool')) {
    await world.other('cognito-idp', 'UpdateUserPool', { UserPoolId, DeletionProtection: 'INACTIVE' });
    for (const { prefix: Domain, poolId } of world.aws.world.collection(homeRegion, domains).all())
      if (poolId === UserPoolId) await world.other('cognito-idp', 'DeleteUserPoolDomain', { UserPoolId, Domain });
    await world.other('cognito-idp', 'DeleteUserPool', { UserPoolId });
  }
}

/** Whatever is lived goes over sockets, and both sides of it are judged. Answers what `act` found wanting. */
async function overSockets(act: (world: VirtualWorld, front: JudgedFront) => Promise<string[]>): Promise<Lived> {
  const world = new VirtualWorld();
  const exchanges: Exchange[] = [];
  const sent: SentCommand[] = [];
  const front = await judgedFront({ aws: world.aws, record: (exchange) => void exchanges.push(exchange) });
  // The pace of real time would have the test wait: the buckets refill a thousand times as fast.
  const options = { pacing: new Pacing(realTimers, 1_000), signal: new AbortController().signal };
  world.reachBy(await judgedConnect(front, homeRegion, options, sent));
  try {
    const unhealed = await act(world, front);
    const left = world.existing().map(({ type, id }) => `${type} ${id}`);
    const { operations, requests } = front.wire;
    return { exchanges, sent, operations: new Map(operations), requests, unhealed, left };
  } finally {
    vi.unstubAllEnvs();
    await front.close();
  }
}

/** Every drift that this store can have, one after the other; the settings are read every fifteen minutes. */
async function driftAndHeal(world: VirtualWorld, store: VirtualStore, front: JudgedFront): Promise<string[]> {
  const unhealed: string[] = [];
  await world.settle(store);
  for (const drift of drifts) {
    const { what, needs, healedBy } = drift;
    if (needs.some((node) => !store.last?.nodes.some((report) => report.node === node && report.id))) continue;
    const before = healedBy.map((operation) => front.wire.operations.get(operation) ?? 0);
    await drift.make(world, store);
    world.clock.advance(20 * 60_000);
    await world.settle(store, undefined, 120);
    const silent = healedBy.filter((operation, i) => (front.wire.operations.get(operation) ?? 0) === before[i]);
    unhealed.push(...silent.map((operation) => `${what}: ${operation} was not sent`));
    await drift.undo?.(world);
  }
  return unhealed;
}

const anySite = { origins: ['*'], methods: ['GET'], headers: [], exposeHeaders: [], maxAgeSeconds: 60 } as const;

/** A new image, and before it is everywhere a change of mind, together with what else a spec can say. */
async function changeTwice(world: VirtualWorld, store: VirtualStore): Promise<void> {
  const { spec } = store;
  const { compute, loadBalancer, policy, content } = spec;
  const { permissionsBoundaryArn: boundary, ...free } = policy;
  store.spec = { ...spec, compute: { ...compute, image: { id: seededImages.next } } };
  store.applied = false;
  for (let pass = 0; pass < 12; pass++) {
    await world.pass(store);
    world.clock.advance(10_000);
  }
  store.spec = {
    ...spec,
    compute: {
      ...compute,
      scaling: { ...compute.scaling, max: compute.scaling.max + 1 },
      environment: { BANNER: 'Sale & "more"' },
    },
    loadBalancer: { ...loadBalancer, idleTimeoutSeconds: 75 },
    ...(content ? { content: { ...content, cors: [anySite] } } : {}),
    policy: {
      ...free,
      ...(boundary ? {} : { permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/ecom-boundary' }),
    },
  };
  await world.settle(store, undefined, 240);
  await changeTheWayIn(world, store);
}

/** A store with a CDN loses it, and gets it again; then its application moves to another port. */
async function changeTheWayIn(world: VirtualWorld, store: VirtualStore): Promise<void> {
  const { spec } = store;
  const { cdn, ...withoutCdn } = spec;
  const moved = { ...spec, compute: { ...spec.compute, port: 9090 } };
  for (const next of cdn ? [withoutCdn, spec, moved] : [moved]) {
    store.spec = next;
    await world.settle(store, undefined, 240);
  }
}

/** What nobody has read yet when the store goes: a policy more on a role, and a parameter less. */
async function meddleAtTheEnd(world: VirtualWorld, store: VirtualStore): Promise<void> {
  const RoleName = store.last?.outputs.get('compute/role')?.['roleName'];
  if (RoleName)
    await world.other('iam', 'AttachRolePolicy', { RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' });
  const Name = `/ecom/${store.owner.namespace}/${store.owner.name}/url`;
  await world.other('ssm', 'DeleteParameter', { Name });
}
