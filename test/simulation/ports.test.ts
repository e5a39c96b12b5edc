import { expect, test } from 'vitest';
import type { NodeId } from '../../operator/model/ref.ts';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { alarms, dashboards } from '../../simulator/aws/cloudwatch/kinds.ts';
import { instances } from '../../simulator/aws/ec2/instances.ts';
import { standardVcpus } from '../../simulator/aws/ec2/launching.ts';
import { listeners } from '../../simulator/aws/elbv2/kinds.ts';
import { becomes, built, isOpen, second, specOf, typesOf, type Change } from '../support/becoming.ts';
import type { VirtualWorld } from '../support/virtual-world.ts';
import { type VirtualStore } from '../support/virtual-world.ts';

const onPort =
  (port: number, more: Partial<Parameters<Change>[0]> = {}): Change =>
  (spec) => ({
    ...spec,
    identity: { protectedPaths: ['/account/*'] },
    database: {},
    policy: { deletion: 'Delete' },
    ...more,
    compute: { ...spec.compute, port, scaling: { min: 2, max: 6 }, ...more.compute },
  });
const [before, after] = [onPort(8080), onPort(9090)];
const broken = onPort(9090, { compute: { image: { id: seededImages.broken } } });

/** Load has made of two instances four. */
async function busy(): Promise<{ world: VirtualWorld; store: VirtualStore }> {
  const { world, store } = await built(before);
  const AutoScalingGroupName = world.idOf(store, 'compute/group');
  await world.other('autoscaling', 'SetDesiredCapacity', { AutoScalingGroupName, DesiredCapacity: 4 });
  world.clock.advance(10 * 60 * second);
  await world.settle(store);
  return { world, store };
}

/** How many instances there are is the autoscaler's. */
const madeIn = (world: VirtualWorld): string[] =>
  typesOf(world).filter((type) => !['ec2/instance', 'ec2/volume'].includes(type));

const saidOfListener = ({ last }: VirtualStore): string =>
  last?.nodes.find(({ node }) => node === 'loadBalancer/https')?.message ?? '';

interface Groups {
  readonly SecurityGroups: readonly {
    readonly IpPermissions: readonly { readonly UserIdGroupPairs: readonly { readonly GroupId: string }[] }[];
  }[];
}
interface Reservations {
  readonly Reservations: readonly {
    readonly Instances: readonly { readonly SecurityGroups: readonly { readonly GroupId: string }[] }[];
  }[];
}

/** The security groups of running instances that the database does not let in. */
async function shutOut(world: VirtualWorld, store: VirtualStore): Promise<string[]> {
  const GroupIds = [world.idOf(store, 'network/sg-data')];
  const { SecurityGroups } = await world.other<Groups>('ec2', 'DescribeSecurityGroups', { GroupIds });
  const rules = SecurityGroups.flatMap(({ IpPermissions }) => IpPermissions);
  const letIn = rules.flatMap(({ UserIdGroupPairs }) => UserIdGroupPairs.map(({ GroupId }) => GroupId));
  const Filters = [{ Name: 'instance-state-name', Values: ['running'] }];
  const { Reservations } = await world.other<Reservations>('ec2', 'DescribeInstances', { Filters });
  return Reservations.flatMap(({ Instances }) => Instances)
    .flatMap((instance) => instance.SecurityGroups.map(({ GroupId }) => GroupId))
    .filter((id) => !letIn.includes(id));
}

test('a store whose application moves to another port has as many instances as before at every moment', async () => {
  const { world, store } = await busy();
  const shut: string[] = [];
  const draining = new Set<string>();
  const { unanswered } = await becomes(
    ...([world, store, specOf(after)] as const),
    async () => {
      shut.push(...(await shutOut(world, store)));
      for (const { node, reason } of store.last?.leaving ?? []) if (reason === 'Draining') draining.add(node);
    },
    4,
  );
  expect([unanswered, shut]).toEqual([[], []]);
  expect([...draining]).toContain('compute/group');
  const fresh = await built(after);
  expect(madeIn(world)).toEqual(madeIn(fresh.world));
  expect(await world.leftAlone(store)).toEqual([]);
  store.confirmed = true;
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});

test('its instances are kept as long as it lets the requests of one that leaves go on', async () => {
  const slow = { loadBalancer: { deregistrationDelaySeconds: 1_200 } };
  const { world, store } = await built(onPort(8080, slow));
  const drainedAt: number[] = [];
  await becomes(
    ...([world, store, specOf(onPort(9090, slow))] as const),
    (sinceStart) => {
      const report = store.last?.leaving.find(({ node }) => node === 'compute/group');
      if (report?.reason === 'Draining') drainedAt.push(sinceStart);
    },
    4,
  );
  const lasted = (drainedAt.at(-1) ?? 0) - (drainedAt[0] ?? 0);
  expect(lasted / second).toBeGreaterThan(1_140);
  expect(world.existing('autoscaling/group')).toHaveLength(1);
});

test('it does so with a process that dies every quarter of a minute, before lists tell what was written', async () => {
  const { world, store } = await busy();
  world.aws.world.readLagMillis = 10 * second;
  let died = 0;
  const dying = (sinceStart: number): void => {
    // Of what dies so often the drain never ends: it is counted from when a process has seen that all is ready.
    if (sinceStart - died < 15 * second || sinceStart > 40 * 60 * second) return;
    died = sinceStart;
    world.restart();
  };
  const { unanswered } = await becomes(world, store, specOf(after), dying, 4);
  expect(unanswered).toEqual([]);
  expect(world.existing('autoscaling/group')).toHaveLength(1);
});

test.each([20, 60, 100, 200, 400])('it may change its mind after %i seconds', async (seconds) => {
  const { world, store } = await busy();
  const original = store.spec;
  const { unanswered } = await becomes(
    ...([world, store, specOf(after)] as const),
    (sinceStart) => void (sinceStart > seconds * second && (store.spec = original)),
    4,
  );
  expect(unanswered).toEqual([]);
  const fresh = await built(before);
  expect(madeIn(world)).toEqual(madeIn(fresh.world));
});

test('it may go on to a third port on the way', async () => {
  const { world, store } = await busy();
  const third = specOf(onPort(3000));
  const { unanswered } = await becomes(
    ...([world, store, specOf(after)] as const),
    (sinceStart) => void (sinceStart > 60 * second && (store.spec = third)),
    4,
  );
  expect(unanswered).toEqual([]);
  const fresh = await built(before);
  expect(madeIn(world)).toEqual(madeIn(fresh.world));
});

test('it may get a CDN at the same time', async () => {
  const { world, store } = await busy();
  const spec = specOf(onPort(9090, { content: {}, cdn: {} }));
  const { unanswered, targets } = await becomes(world, store, spec, undefined, 4);
  expect(unanswered).toEqual([]);
  expect(targets).toHaveLength(2);
});

test('while nothing answers on the new port the old instances serve, and status says for what it waits', async () => {
  const { world, store } = await busy();
  const original = store.spec;
  const said = new Set<string>();
  const { unanswered } = await becomes(
    ...([world, store, specOf(broken)] as const),
    (sinceStart) => {
      said.add(saidOfListener(store));
      if (sinceStart > 30 * 60 * second) store.spec = original;
    },
    4,
  );
  expect(unanswered).toEqual([]);
  expect([...said].join('\n')).toMatch(
    /waits until loadBalancer\/targets-9090 serves: 0 of 4 targets are healthy \(.*503/,
  );
  const fresh = await built(before);
  expect(madeIn(world)).toEqual(madeIn(fresh.world));
});

test('what somebody changes of a listener that waits to be turned is healed meanwhile', async () => {
  const { world, store } = await built(before);
  const original = store.spec;
  const ListenerArn = world.idOf(store, 'loadBalancer/https');
  const SslPolicy = 'ELBSecurityPolicy-2016-08';
  const policyOf = () => world.aws.world.collection(homeRegion, listeners).get(ListenerArn)?.sslPolicy;
  let meddled = false;
  let healed = false;
  await becomes(world, store, specOf(broken), async (sinceStart) => {
    if (sinceStart > 40 * 60 * second) store.spec = original;
    else if (meddled) healed ||= policyOf() !== SslPolicy;
    else if (sinceStart > 100 * second) {
      meddled = true;
      await world.other('elbv2', 'ModifyListener', { ListenerArn, SslPolicy });
      expect(policyOf()).toBe(SslPolicy);
    }
  });
  expect(healed).toBe(true);
});

test('it waits while its quota lets only half of the new instances start', async () => {
  const { world, store } = await busy();
  const { quotas } = world.aws.world;
  quotas.set(standardVcpus, 12); // Six instances of two each.
  const said = new Set<string>();
  const { unanswered, took } = await becomes(
    ...([world, store, specOf(after)] as const),
    (sinceStart) => {
      said.add(saidOfListener(store));
      if (sinceStart > 20 * 60 * second) quotas.delete(standardVcpus);
    },
    4,
  );
  expect(unanswered).toEqual([]);
  expect([...said].join('\n')).toMatch('waits until compute/group-9090 serves: 2 of 4 instances in service');
  expect(took).toBeGreaterThan(20 * 60 * second);
});

test('it waits until the last of the new instances answers', async () => {
  const { world, store } = await busy();
  const machines = world.aws.world.collection(homeRegion, instances);
  let silent: string | undefined;
  const { unanswered } = await becomes(
    ...([world, store, specOf(after)] as const),
    () => {
      silent ??= machines.all().find(({ listensOn }) => listensOn === 9090)?.id;
      if (silent !== undefined && machines.get(silent)) machines.change(silent, { answers: false });
    },
    4,
  );
  expect(silent).toBeDefined();
  expect(unanswered).toEqual([]);
});

/** The target groups that alarms and dashboard look at, and whether people are led to each. */
function watched({ aws: { world } }: VirtualWorld): Map<string, boolean> {
  const looks = JSON.stringify([alarms, dashboards].map((kind) => world.collection<object>(homeRegion, kind).all()));
  const names = [...looks.matchAll(/targetgroup[/][a-z0-9-]+[/][0-9a-f]+/g)].map(([name]) => name);
  const forwards = world
    .collection(homeRegion, listeners)
    .all()
    .flatMap(({ actions }) =>
      actions.flatMap(
        ({ TargetGroupArn, ForwardConfig: { TargetGroups = [{ TargetGroupArn, Weight: 1 }] } = {} }) => TargetGroups,
      ),
    );
  const leads = (name: string): boolean =>
    forwards.some(({ TargetGroupArn, Weight = 1 }) => Weight > 0 && TargetGroupArn?.endsWith(name));
  return new Map(names.map((name) => [name, leads(name)]));
}

test('its alarms and its dashboard look at the instances that serve', async () => {
  const { world, store } = await built(onPort(8080, { monitoring: {} }));
  let astray = 0;
  const seen = new Set<string>();
  await becomes(world, store, specOf(onPort(9090, { monitoring: {} })), () => {
    for (const [name, isLedTo] of watched(world)) {
      seen.add(name);
      if (!isLedTo) astray += 1;
    }
  });
  expect(seen.size).toBe(2);
  // Once turned, the listener is read before what looks at its targets follows.
  expect(astray).toBeLessThan(10);
});

test('what a stranger opens in its old instances is closed while they are on their way out', async () => {
  const { world, store } = await built(before);
  const GroupId = world.idOf(store, 'network/sg-app');
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  let openedAt: number | undefined;
  let closedAt: number | undefined;
  await becomes(world, store, specOf(after), async () => {
    if (openedAt !== undefined && !(await isOpen(world, GroupId, 22))) closedAt ??= world.clock.now();
    if (openedAt !== undefined || !store.last?.leaving.some(({ node }) => node === 'network/sg-app')) return;
    openedAt = world.clock.now();
    await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  });
  expect((closedAt as number) - (openedAt as number)).toBeLessThan(75 * second);
});

test('it is removed whole on the way', async () => {
  const { world, store } = await busy();
  store.spec = specOf(after);
  for (let i = 0; i < 60; i++) {
    await world.pass(store);
    world.clock.advance(2 * second);
  }
  expect(world.existing('autoscaling/group')).toHaveLength(2);
  store.confirmed = true;
  await world.remove(store);
  expect(world.existing()).toEqual([]);
});

test('nothing that was allowed for the old port is left', async () => {
  const { world, store } = await built(before);
  await becomes(world, store, specOf(after));
  const { nodes = [], leaving = [] } = store.last ?? {};
  expect(leaving).toEqual([]);
  const ids = new Map(nodes.map(({ node, id }) => [node, id]));
  const GroupIds = (['network/sg-alb', 'network/sg-app-9090'] as NodeId[]).map((node) => ids.get(node));
  const { SecurityGroups } = await world.other<object & { SecurityGroups: unknown[] }>(
    ...(['ec2', 'DescribeSecurityGroups', { GroupIds }] as const),
  );
  expect(JSON.stringify(SecurityGroups)).not.toContain('8080');
  expect(JSON.stringify(SecurityGroups)).toContain('9090');
});
