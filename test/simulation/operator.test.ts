import { describe, expect, test } from 'vitest';
import { tagKeys } from '../../operator/model/identity.ts';
import type { Fault } from '../../simulator/kube/faults.ts';
import type { Disturbance } from '../support/exchange.ts';
import { lineOf } from '../support/virtual-dump.ts';
import { VirtualOperator, type VirtualOptions } from '../support/virtual-operator.ts';

const minimal = 'examples/minimal.yaml';

const rough: VirtualOptions = {
  readLagMillis: 20_000,
  pageSize: 1,
  shuffleLists: true,
  latencyMillis: [5, 400],
  watchLagMillis: [0, 2_000],
};

/** A store built, Ready, deleted and gone, with something that happens to one of its writes. */
async function life(options: VirtualOptions, nth = 0, disturbance?: Disturbance): Promise<VirtualOperator> {
  const world = new VirtualOperator(options);
  world.start();
  const store = await world.apply(minimal);
  if (disturbance) world.exchange.disturb(nth, disturbance);
  await world.ready(store);
  await world.remove(store);
  await world.gone(store);
  return world;
}

const noRightsIn = (namespace: string): Fault => ({
  count: Infinity,
  answer: 403,
  meets: (request) => request.namespace === namespace && ['list', 'watch'].includes(request.verb),
});

const told = ({ exchange }: VirtualOperator): string[] => exchange.calls.map((call) => lineOf(call));

describe('the whole operator on virtual time', () => {
  test('builds a store and removes it without a trace', async () => {
    const world = await life({});
    expect(world.ledger.existing()).toEqual([]);
    expect(world.ledger.history().filter(({ type }) => type === 'ec2/vpc')).toHaveLength(1);
    expect(world.processes.map(({ state }) => state)).toEqual(['runs']);
  });

  test('does the same with the same seed, call by call, and something else with another', async () => {
    const disturbance = { kill: 'after-effect' } as const;
    const [one, same, other] = [
      await life({ ...rough, seed: 7 }, 20, disturbance),
      await life({ ...rough, seed: 7 }, 20, disturbance),
      await life({ ...rough, seed: 8 }, 20, disturbance),
    ];
    expect(told(same)).toEqual(told(one));
    expect(told(other)).not.toEqual(told(one));
    expect(one.ledger.existing()).toEqual([]);
    expect(other.ledger.existing()).toEqual([]);
  }, 60_000);

  test('that is let in by AWS no more after it began again says so at its stores, until it is let in', async () => {
    const world = new VirtualOperator();
    const process = world.start();
    const store = await world.apply(minimal);
    await world.ready(store);
    const rule = { service: 'sts', error: 'deny' } as const;
    world.aws.world.faults.add(rule);
    world.kill(process);
    await world.advance(10 * 60_000);
    expect(world.condition(store)).toMatchObject({ status: 'Unknown', reason: 'AccessDenied' });
    expect(world.condition(store, 'Stalled')).toMatchObject({ status: 'True', reason: 'AccessDenied' });
    expect(world.condition(store, 'Stalled')?.message).toContain('AWS does not tell which account this is');
    world.aws.world.faults.remove(rule);
    await world.advance(2 * 60_000);
    expect(world.condition(store)).toMatchObject({ status: 'True' });
    expect(world.condition(store, 'Stalled')).toMatchObject({ status: 'False' });
  });

  test.each(['before', 'after-effect', 'after-reply'] as const)(
    'a process killed %s a write does nothing more, and another takes over',
    async (kill) => {
      const world = await life({ readLagMillis: 20_000 }, 12, { kill });
      const struck = world.exchange.struck[0]?.call;
      expect(struck?.number).toBe(12);
      expect(world.processes.map(({ state }) => state)).toEqual(['killed', 'runs']);
      const after = world.exchange.calls.filter(({ at, process }) => process === 1 && at > (struck?.at ?? 0));
      expect(after).toEqual([]);
      expect(world.ledger.existing()).toEqual([]);
    },
  );

  test('a process that begins again says nothing of a store that is as it was, and heals one that is not', async () => {
    const world = new VirtualOperator(rough);
    world.start();
    const store = await world.apply(minimal);
    await world.ready(store);
    await world.advance(20 * 60_000);
    const told: unknown[] = [];
    world.kube.world.storage.listen(({ collection }) => {
      if (collection === 'ecom.io/ecomstores') told.push(world.condition(store)?.status);
    });
    world.kill();
    await world.advance(5 * 60_000);
    expect(world.processes.map(({ state }) => state)).toEqual(['killed', 'runs']);
    expect(told.filter((status) => status !== 'True')).toEqual([]);
    expect(told.length).toBeLessThanOrEqual(2);
    world.kill();
    const group = world.ledger.existing().find(({ tags }) => tags[tagKeys.node] === 'network/sg-app');
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: group?.id, IpPermissions });
    await world.advance(5 * 60_000);
    expect(told).toContain('False');
    expect(world.isReady(store)).toBe(true);
  });

  test('asked to look again in more words than status has room for, it looks, and goes on telling', async () => {
    const world = new VirtualOperator({ seed: 5 });
    world.start();
    const store = await world.apply(minimal);
    await world.ready(store);
    const acknowledged = () => world.status(store)?.acknowledgedReconcile;
    await world.askToReconcile(store, 'again and '.repeat(40));
    await world.until(() => acknowledged() !== undefined, 'it is acknowledged', 30);
    const before = acknowledged();
    await world.patch(store, { spec: { loadBalancer: { idleTimeoutSeconds: 77 } } });
    await world.until(() => world.status(store)?.observedGeneration === 2 && world.isReady(store), 'it goes on', 30);
    await world.askToReconcile(store, 'again and '.repeat(41));
    await world.until(() => acknowledged() !== before, 'another is another', 30);
  });

  test('a kill before a write has no effect, one after it has', async () => {
    const vpcs = async (kill: 'before' | 'after-effect'): Promise<number> => {
      const world = new VirtualOperator({ restartMillis: 'never' });
      world.start();
      await world.apply(minimal);
      const isVpc = () => world.exchange.calls.some(({ what }) => what === 'ec2:CreateVpc');
      world.exchange.disturbFirst(({ what }) => what === 'ec2:CreateVpc', { kill });
      await world.until(isVpc, 'a VPC is asked for');
      const asked = world.exchange.calls.length;
      await world.advance(600_000);
      expect(world.exchange.calls).toHaveLength(asked);
      return world.ledger.existing({ type: 'ec2/vpc' }).length;
    };
    expect([await vpcs('before'), await vpcs('after-effect')]).toEqual([0, 1]);
  });

  test.each(['timeout', 'reset', '500', 'throttle'] as const)(
    'a reply lost as %s is a fault to the process, and the effect is there',
    async (lose) => {
      const world = new VirtualOperator();
      world.start();
      await world.apply(minimal);
      world.exchange.disturbFirst(({ what }) => what === 'ec2:CreateVpc', { lose });
      const isLost = () => world.exchange.struck[0]?.call.outcome.startsWith('success') ?? false;
      await world.until(isLost, 'a reply is lost');
      expect(world.ledger.existing({ type: 'ec2/vpc' })).toHaveLength(1);
      expect(world.exchange.struck[0]?.call.outcome).toBe(`success, reply lost: ${lose}`);
    },
  );

  test.each(['ec2:CreateVpc', 'ec2:CreateInternetGateway', 'ec2:AllocateAddress'])(
    'a throttled %s that took effect all the same is looked for before it is tried again',
    async (creation) => {
      const world = new VirtualOperator();
      world.start();
      const store = await world.apply(minimal);
      world.exchange.disturbFirst(({ what }) => what === creation, { lose: 'throttle' });
      await world.ready(store);
      expect(world.exchange.calls.filter(({ what }) => what === creation)).toHaveLength(1);
    },
  );

  test('one of two processes leads, and the other takes over when it dies', async () => {
    const world = new VirtualOperator({ leaderElection: true, restartMillis: 'never' });
    const [first, second] = [world.start(), world.start()];
    const store = await world.apply(minimal);
    await world.until(() => world.exchange.writes > 20, 'twenty writes');
    const leader = world.exchange.calls.find(({ to }) => to === 'aws')?.process;
    const [dies, lives] = leader === 1 ? [first, second] : [second, first];
    world.kill(dies);
    await world.ready(store);
    expect([dies.state, lives.state]).toEqual(['killed', 'runs']);
    await world.remove(store);
    await world.gone(store);
    expect(world.ledger.existing()).toEqual([]);
    const ended = lives.stop();
    await world.advance(60_000);
    await ended;
    expect(lives.state).toBe('stopped');
  });

  test('an API server that goes away, forgets its history and drops its watches stops nothing', async () => {
    const world = new VirtualOperator({ readLagMillis: 10_000 });
    world.start();
    const store = await world.apply(minimal);
    await world.until(() => world.exchange.writes > 10, 'ten writes');
    await world.kube.faults.goAway();
    await world.advance(120_000);
    await world.kube.faults.comeBack();
    world.kube.faults.answer({ answer: 409, count: 3, meets: ({ verb }) => verb === 'patch' });
    world.kube.faults.answer({ answer: 'silence', count: 1, meets: ({ verb }) => verb === 'patch' });
    await world.until(() => world.exchange.writes > 40, 'forty writes');
    world.kube.faults.compact();
    world.kube.faults.dropWatches();
    await world.ready(store);
    await world.patch(store, { spec: { compute: { scaling: { max: 12 } } } });
    await world.ready(store);
    await world.remove(store);
    await world.gone(store);
    expect(world.ledger.existing()).toEqual([]);
  });

  describe('a namespace whose stores may not be listed', () => {
    const two = { leaderElection: true, env: { ECOM_NAMESPACES: 'garden,shops' } };
    const inGarden = ['examples/gitops/tenants/garden/plants.yaml'] as const;

    test('keeps no other from being worked on, and is worked on once it may be', async () => {
      const world = new VirtualOperator(two);
      world.kube.faults.answer(noRightsIn('shops'));
      const process = world.start();
      const [garden, shops] = [await world.apply(...inGarden), await world.apply(minimal)];
      await world.ready(garden);
      expect(world.status(shops)).toEqual({ observedGeneration: -1 });
      expect(process.log.entries).toContainEqual(
        expect.objectContaining({ level: 'warn', fields: { namespaces: ['shops'] } }),
      );
      expect(process.notReady()).toBeUndefined();
      world.kube.faults.clear();
      await world.ready(shops);
      expect(world.processes.map(({ state }) => state)).toEqual(['runs']);
    });

    test('has what it built before left alone, whatever else goes', async () => {
      const world = new VirtualOperator(two);
      world.start();
      const [garden, shops] = [await world.apply(...inGarden), await world.apply(minimal)];
      await world.ready(garden);
      await world.ready(shops);
      const ofShops = (): string[] =>
        world.ledger
          .existing()
          .filter(({ tags }) => tags[tagKeys.uid] === shops.uid)
          .map(({ id }) => id);
      const before = ofShops();
      world.kube.faults.answer(noRightsIn('shops'));
      world.kill();
      await world.remove(garden);
      await world.gone(garden);
      await world.advance(60 * 60_000);
      expect(ofShops()).toEqual(before);
      expect(world.ledger.existing().filter(({ tags }) => tags[tagKeys.uid] === garden.uid)).toEqual([]);
      world.kube.faults.clear();
      await world.remove(shops);
      await world.gone(shops);
      expect(world.ledger.existing()).toEqual([]);
    });

    test('is waited for when there is no other', async () => {
      const world = new VirtualOperator({ env: { ECOM_NAMESPACES: 'garden,shops' } });
      world.kube.faults.answer(noRightsIn('shops'));
      world.kube.faults.answer(noRightsIn('garden'));
      const process = world.start();
      const shops = await world.apply(minimal);
      await world.advance(5 * 60_000);
      expect(process.notReady()).toBe('the stores in garden, shops have not been listed yet');
      expect(world.exchange.calls.filter(({ to }) => to === 'aws')).toEqual([]);
      world.kube.faults.clear();
      await world.ready(shops);
    });
  });

  test('what does not come about is told with all there is to know', async () => {
    const world = new VirtualOperator();
    world.start();
    const store = await world.apply(minimal);
    await expect(world.gone(store, 3)).rejects.toThrow(/shops\/acme is gone: not within 3 minutes[^]*the last calls:/);
  });
});
