import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { awsCliOn, describeForeign, noAwsCli } from '../support/foreign.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';
import { driftsOf, rulesOf, type Command, type Drift } from './aws-cli/drifts.ts';
import { sectionDriftsOf } from './aws-cli/section-drifts.ts';
import { addWholeStore } from './whole-store.ts';

const run = (front: JudgedFront, command: Command): Promise<unknown> =>
  awsCliOn(front.endpoint)(...(typeof command === 'string' ? command.split(' ') : command));

interface Place {
  readonly world: VirtualWorld;
  readonly store: VirtualStore;
  readonly front: JudgedFront;
}

async function isHealed({ world, store, front }: Place, { commands, seen }: Drift): Promise<void> {
  const before = await seen();
  for (const command of await commands()) await run(front, command);
  expect(await seen(), 'the drift itself').not.toEqual(before);
  world.clock.advance(15 * 60_000); // Each type is read on its own beat; within this all have been.
  await world.settle(store);
  expect(await seen()).toEqual(before);
}

describeForeign("drift of a store's sections, made with the AWS CLI", noAwsCli, () => {
  const world = new VirtualWorld();
  const store = addWholeStore(world);
  const drifts = sectionDriftsOf(world, store);
  let front: JudgedFront;

  beforeAll(async () => {
    await world.settle(store);
    front = await judgedFront({ aws: world.aws });
  }, 60_000);
  afterAll(() => front?.close());

  test.each(Object.keys(drifts))('%s is healed', { timeout: 60_000 }, (what) =>
    isHealed({ world, store, front }, drifts[what] as Drift),
  );
});

describeForeign('drift made with the AWS CLI', noAwsCli, () => {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml');
  const drifts = driftsOf(world, store);
  let front: JudgedFront;

  beforeAll(async () => {
    await world.settle(store);
    front = await judgedFront({ aws: world.aws });
  }, 60_000);
  afterAll(() => front?.close());

  const cli = (command: Command): Promise<unknown> => run(front, command);

  test.each(Object.keys(drifts))('%s is healed', { timeout: 60_000 }, (what) =>
    isHealed({ world, store, front }, drifts[what] as Drift),
  );

  test('without an owner tag a resource is ours no more: it is left alone and told, until the tag is back', async () => {
    const group = world.idOf(store, 'network/sg-data');
    const uid = store.owner.uid;
    await cli(`ec2 delete-tags --resources ${group} --tags Key=ecom.io/uid`);
    await cli(`ec2 authorize-security-group-ingress --group-id ${group} --protocol tcp --port 22 --cidr 10.0.0.0/8`);
    const before = world.ledger.writes().length;
    world.clock.advance(15 * 60_000);
    const { nodes } = await world.pass(store);
    expect(nodes.find(({ node }) => node === 'network/sg-data')).toMatchObject({
      standing: 'stalled',
      reason: 'Foreign',
    });
    expect(world.ledger.writes().slice(before)).toEqual([]);
    await cli(`ec2 create-tags --resources ${group} --tags Key=ecom.io/uid,Value=${uid}`);
    world.clock.advance(15 * 60_000);
    await world.settle(store);
    expect(world.idOf(store, 'network/sg-data')).toBe(group);
    expect(JSON.stringify(await rulesOf(world, group))).not.toContain('10.0.0.0/8');
  }, 60_000);
});
