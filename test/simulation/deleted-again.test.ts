import type { NatGateway } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { teardown } from '../../operator/engine/reconcile.ts';
import { isSettled, VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const minimal = 'examples/minimal.yaml';
const gateway = 'network/nat-a';

const made = (world: VirtualWorld, operation: string): number =>
  world.ledger.writes().filter((write) => write.operation === operation).length;

const gatewaysOf = async (world: VirtualWorld): Promise<NatGateway[]> =>
  (await world.other<{ NatGateways: NatGateway[] }>('ec2', 'DescribeNatGateways', {})).NatGateways;

const isThere = async (world: VirtualWorld): Promise<boolean> =>
  (await gatewaysOf(world)).some(({ State }) => State === 'available');

/** Somebody's rule, which deletes each NAT gateway as soon as it is available. */
async function costRule(world: VirtualWorld): Promise<void> {
  for (const { NatGatewayId, State } of await gatewaysOf(world))
    if (State === 'available') await world.other('ec2', 'DeleteNatGateway', { NatGatewayId });
}

const reportOf = ({ last }: VirtualStore, id: string) => last?.nodes.find(({ node }) => node === id);

/** Lets time pass; somebody meddles before each pass. While nothing but the next gateway is awaited, only that is. */
async function goOn(
  world: VirtualWorld,
  store: VirtualStore,
  millis: number,
  meddle: () => Promise<unknown>,
): Promise<string[]> {
  const stalls: string[] = [];
  const until = world.clock.now() + millis;
  let stoodAt = world.clock.now();
  while (world.clock.now() < until) {
    await meddle();
    const verdict = await world.pass(store);
    stalls.push(...verdict.happenings.filter(({ kind }) => kind === 'Stalled').map(({ message }) => message));
    if (await isThere(world)) stoodAt = world.clock.now();
    // What is missing is known to be gone after some minutes, and from then on nobody calls the store ready.
    if (world.clock.now() - stoodAt > 4 * minute) expect(isSettled(verdict)).toBe(false);
    const told = reportOf(store, gateway);
    const waits = told?.message.includes('is made at') && !(await isThere(world));
    const due = waits ? (told?.wakeAt ?? 0) : Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
    world.clock.advance(Math.max(second, Math.min(due, until) - world.clock.now()));
  }
  return stalls;
}

/** From when somebody deletes the NAT gateway to when another one is made, in milliseconds. */
async function timeToHeal(world: VirtualWorld, store: VirtualStore): Promise<number> {
  await world.other('ec2', 'DeleteNatGateway', { NatGatewayId: world.idOf(store, gateway) });
  const [since, before] = [world.clock.now(), made(world, 'CreateNatGateway')];
  while (made(world, 'CreateNatGateway') === before && world.clock.now() - since < hour) {
    const verdict = await world.pass(store);
    const due = Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
    world.clock.advance(Math.max(200, due - world.clock.now()));
  }
  return world.clock.now() - since;
}

test('a NAT gateway that a rule deletes at once is made a few dozen times a day, and told once', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  const before = made(world, 'CreateNatGateway');
  const told = await goOn(world, store, 24 * hour, () => costRule(world));
  expect(made(world, 'CreateNatGateway') - before).toBeLessThan(40);
  expect(made(world, 'CreateNatGateway') - before).toBeGreaterThan(20);
  expect(told).toEqual([expect.stringContaining('ec2/nat-gateway was deleted 3 times since')]);
  expect(reportOf(store, gateway)).toMatchObject({
    ...{ standing: 'stalled', reason: 'NotKept', field: 'spec.network.nat' },
    remedy: 'find out in CloudTrail who calls DeleteNatGateway for it, or change the store so that it does without',
  });

  // While it is missing, all else is healed as ever.
  const GroupId = world.idOf(store, 'network/sg-app');
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  const open = () => world.ledger.exposures().some(({ what, until }) => what.includes('tcp/22') && until === undefined);
  const opened = world.clock.now();
  expect(open()).toBe(true);
  while (open() && world.clock.now() - opened < 5 * minute) {
    world.clock.advance(second);
    await world.pass(store);
  }
  expect(world.clock.now() - opened).toBeLessThanOrEqual(62 * second);

  // Nobody deletes it any more: it comes back, and after an hour a deletion is healed as the first one was.
  await world.settle(store, undefined, 70);
  expect(reportOf(store, gateway)).toMatchObject({ reason: 'DeletedAgain', noticed: true });
  await goOn(world, store, 61 * minute, async () => undefined);
  await world.settle(store);
  expect(reportOf(store, gateway)).toMatchObject({ reason: 'UpToDate' });
  expect(await timeToHeal(world, store)).toBeLessThan(4 * minute);
});

test('one that somebody deletes once is made again as soon as it is known to be gone', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  expect(await timeToHeal(world, store)).toBeLessThan(4 * minute);
  expect(await goOn(world, store, hour, async () => undefined)).toEqual([]);
  expect(reportOf(store, gateway)).toMatchObject({ standing: 'ready', reason: 'UpToDate' });
});

test('a store whose NAT gateway waits to be made again is taken down at once', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  await goOn(world, store, 6 * hour, () => costRule(world));
  for (let i = 0; i < 300 && !reportOf(store, gateway)?.message.includes('is made at'); i++)
    await goOn(world, store, second, () => costRule(world));
  expect(reportOf(store, gateway)).toMatchObject({ reason: 'NotKept' });
  await world.settle(store, teardown, 30);
  expect(world.existing()).toEqual([]);
});

test('the rule that asks people to sign in is made again at once, however often somebody deletes it', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal, (spec) => ({ ...spec, identity: { protectedPaths: ['/admin'] } }));
  await world.settle(store);
  const rules = () => world.existing('elbv2/rule').map(({ id }) => id);
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const [RuleArn] = rules();
    await world.other('elbv2', 'DeleteRule', { RuleArn });
    const since = world.clock.now();
    while (rules().length === 0 && world.clock.now() - since < 2 * hour) {
      const verdict = await world.pass(store);
      const due = Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
      world.clock.advance(Math.max(200, due - world.clock.now()));
    }
    times.push(world.clock.now() - since);
  }
  // It is looked at every quarter of an hour, and sooner when it was just made.
  const [first = 0, ...others] = times;
  expect(first).toBeLessThan(17 * minute);
  expect(Math.max(...others)).toBeLessThan(5 * minute);
});
