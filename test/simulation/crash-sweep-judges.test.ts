import { expect, test } from 'vitest';
import { tagKeys } from '../../operator/model/identity.ts';
import { homeRegion } from '../../simulator/account.ts';
import { signUp } from '../../simulator/aws/cognito/members.ts';
import { users } from '../../simulator/aws/cognito/kinds.ts';
import { instances, snapshots, type Instance, type Snapshot } from '../../simulator/aws/rds/kinds.ts';
import { held, lost } from '../support/crash-sweep/data.ts';
import { judge } from '../support/crash-sweep/judge.ts';
import { run, type Run } from '../support/crash-sweep/run.ts';
import type { Scenario } from '../support/crash-sweep/scenario.ts';
import { scenarios } from '../support/crash-sweep/scenarios.ts';
import { sweep } from '../support/crash-sweep/sweep.ts';
import { maskOf } from '../support/crash-sweep/words.ts';
import { VirtualOperator } from '../support/virtual-operator.ts';

const ofNode = (node: string) => ({ tags: { [tagKeys.node]: node, [tagKeys.uid]: 'a store' } });
const data = (world: VirtualOperator) => ({
  databases: world.aws.world.collection(homeRegion, instances),
  snapshots: world.aws.world.collection(homeRegion, snapshots),
  users: world.aws.world.collection(homeRegion, users),
});

test('a version of an object and a user are missed, whoever took them away', async () => {
  const world = new VirtualOperator();
  await world.other('s3', 'CreateBucket', {
    ...{ Bucket: 'pictures', CreateBucketConfiguration: { LocationConstraint: homeRegion } },
  });
  await world.other('s3', 'PutObject', { Bucket: 'pictures', Key: 'hat.jpg', Body: Buffer.from('a hat') });
  signUp(world.aws.world, homeRegion, 'pool', 'jane');
  const before = held(world);
  expect(lost(world, before, 'none')).toEqual([]);
  await world.other('s3', 'DeleteObject', { Bucket: 'pictures', Key: 'hat.jpg' });
  for (const [id] of data(world).users.entries()) data(world).users.remove(id);
  expect(lost(world, before, 'for snapshots')).toEqual([
    expect.stringContaining('pictures hat.jpg'),
    expect.stringContaining('jane'),
  ]);
  expect(lost(world, before, 'all')).toEqual([]);
});

test('a database may go when its user has said so, after a snapshot that was whole by then', async () => {
  const world = new VirtualOperator();
  const { databases, snapshots: taken } = data(world);
  const shop = { ...ofNode('database/primary'), settings: {} } as unknown as Instance;
  databases.put('shop', shop);
  await world.advance(1_000);
  databases.remove('shop');
  const [at, after] = [world.timers.now(), world.timers.now() + 1];
  const is = (status: Snapshot['status'], createdAt: number): void =>
    void taken.put('final', { instanceName: 'shop', status, createdAt, tags: {}, of: shop } as Snapshot);
  expect(lost(world, [], 'for snapshots')).toHaveLength(1);
  is('creating', at);
  expect(lost(world, [], 'for snapshots')).toHaveLength(1);
  is('available', after);
  expect(lost(world, [], 'for snapshots')).toHaveLength(1);
  is('available', at);
  expect(lost(world, [], 'for snapshots')).toEqual([]);
  expect(lost(world, [], 'none')).toHaveLength(1);
});

test('what was made twice, was exposed or differs is wrong; only the first step that differs is told', () => {
  const came = (world: VirtualOperator, ...contents: string[][]): Run => ({
    ...{ world, writes: [] },
    states: contents.map((one, i) => ({ step: `step ${i}`, contents: one, lost: [] })),
  });
  const undisturbed = came(new VirtualOperator(), ['a'], ['b'], ['c']);
  const vpc = { ...{ type: 'ec2/vpc', region: homeRegion, dollarsPerHour: 0 }, ...ofNode('network/vpc') };
  undisturbed.world.ledger.existed({ ...vpc, id: 'vpc-1' }, 0);
  const world = new VirtualOperator();
  for (const id of ['vpc-2', 'vpc-3']) world.ledger.existed({ ...vpc, id }, 0);
  world.ledger.exposed(['a database tcp/5432'], 0);
  world.ledger.exposed([], 1);
  expect(judge(undisturbed, undisturbed)).toEqual([]);
  expect(judge(undisturbed, came(world, ['a'], ['b', 'd'], []))).toEqual([
    'step 1: more than undisturbed: d',
    '2 times made instead of 1: ec2/vpc network/vpc of a store',
    'exposed: a database tcp/5432',
  ]);
});

test('what is drawn by lot is masked, wherever it stands; what is not is told', () => {
  const { random } = new VirtualOperator().aws.world;
  const mask = maskOf(random);
  const [etag, resource] = [random.text('ABC012', 13), random.text('ABCDEFGH', 26)];
  const host = `shop-primary.${resource.slice(0, 12).toLowerCase()}.eu-central-1.rds.amazonaws.com`;
  expect(mask(`E${etag} db-${resource} ${host}`)).toBe('# db-# shop-primary.#.eu-central-1.rds.amazonaws.com');
  expect(mask('User initiated (2026-01-01 00:42:34 GMT) at 2026-01-01T00:42:34Z')).toBe(
    'User initiated (a moment) at a moment',
  );
});

test('of all that share a run, the one to blame is found', async () => {
  const { name, steps }: Scenario = scenarios['minimal-create'];
  const isCulprit = (what: string): boolean => what === 'ec2:CreateVpc';
  const [step] = steps;
  if (!step) throw new Error('nothing is created');
  const spoilt = {
    ...step,
    act: async (world: VirtualOperator) => {
      const store = await step.act(world, undefined);
      if (world.exchange.struck.some(({ call }) => isCulprit(call.what)))
        await world.other('ec2', 'AllocateAddress', { Domain: 'vpc' });
      return store;
    },
  };
  const { writes } = await run({ name, steps: [step] });
  const of = 28;
  const part = { nth: writes.findIndex(({ call }) => isCulprit(call.what)) % of, of };
  const { wrong, played } = await sweep({ name, steps: [spoilt] }, [{ kill: 'before' }], { part });
  expect(played).toBeGreaterThan(3);
  expect(wrong).toHaveLength(1);
  expect(wrong[0]).toMatch(
    /^{"kill":"before"} at [^ ]+ p1 #\d+ ec2:CreateVpc .*more than undisturbed: ec2\/elastic-ip/,
  );
}, 120_000);
