import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { retry } from '../../operator/engine/order.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { seededImages } from '../../simulator/account.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const examples = ['minimal', 'production', 'existing-vpc', 'mysql', 'no-cdn'].map((name) => `examples/${name}.yaml`);
const minimal = 'examples/minimal.yaml';

/** A stranger lets the world in to the instances of a store. */
function openPort22(world: VirtualWorld, store: VirtualStore) {
  const GroupId = world.idOf(store, 'network/sg-app');
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  return world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
}

const minutes = (count: number): number => count * 60_000;

describe.each(examples)('%s', (file) => {
  test('is built, then left alone, then removed without a trace', async () => {
    const world = new VirtualWorld();
    const store = world.add(file, (spec) => ({ ...spec, policy: { ...spec.policy, deletion: 'Delete' } }));
    store.confirmed = true;
    await world.settle(store);
    expect(await world.leftAlone(store, 3)).toEqual([]);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('is built without a refusal of AWS', async () => {
    const world = new VirtualWorld();
    const store = world.add(file);
    expect(await world.stallsOf(store)).toEqual([]);
  });

  test('opens nothing to the world but the load balancer', async () => {
    const world = new VirtualWorld();
    const store = world.add(file);
    await world.settle(store);
    const alb = world.idOf(store, 'network/sg-alb');
    const open = world.ledger.exposures().map(({ what }) => what);
    const allowed = (what: string) =>
      (what.includes(`group ${alb}`) || what.includes('ELB app/')) && /tcp\/(443|80)$/.test(what);
    expect(open.filter((what) => !allowed(what))).toEqual([]);
    expect(open.length).toBeGreaterThan(0);
  });
});

describe('a store', () => {
  const change = (spec: EcomStoreManifestSpec, part: Partial<EcomStoreManifestSpec>): EcomStoreManifestSpec => ({
    ...spec,
    ...part,
  });

  test('comes out once although the process dies again and again', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    for (let i = 0; i < 40; i++) {
      await world.pass(store);
      world.clock.advance(3_000);
      world.restart();
    }
    await world.settle(store);
    for (const type of ['ec2/vpc', 'ec2/internet-gateway', 'ec2/elastic-ip', 'ec2/nat-gateway', 'elbv2/load-balancer'])
      expect([type, world.ledger.history().filter((entry) => entry.type === type).length]).toEqual([type, 1]);
  });

  test('heals a rule that a stranger opened within a minute or so', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    await openPort22(world, store);
    const opened = world.clock.now();
    const open = () =>
      world.ledger.exposures().find(({ what, until }) => what.includes('tcp/22') && until === undefined);
    while (open() && world.clock.now() - opened < minutes(5)) {
      world.clock.advance(1_000);
      await world.pass(store);
    }
    expect(open()).toBeUndefined();
    expect(world.clock.now() - opened).toBeLessThanOrEqual(62_000);
  });

  test('gets back what a stranger deleted', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    await world.other('ssm', 'DeleteParameter', { Name: '/ecom/shops/acme/host' });
    await world.other('elbv2', 'DeleteListener', { ListenerArn: world.idOf(store, 'loadBalancer/http') });
    world.clock.advance(minutes(20));
    await world.settle(store);
    world.clock.advance(minutes(5));
    await world.settle(store);
    expect(world.existing('ssm/parameter').map(({ id }) => id)).toContain('/ecom/shops/acme/host');
    expect(world.existing('elbv2/listener')).toHaveLength(2);
  });

  test('in mode Observe is told of, and nothing is written', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => change(spec, { policy: { mode: 'Observe' } }));
    for (let i = 0; i < 5; i++) {
      await world.pass(store);
      world.clock.advance(5_000);
    }
    expect(world.cloud.writes()).toEqual([]);
    expect(store.last?.nodes.find(({ node }) => node === 'network/vpc')).toMatchObject({
      standing: 'drifted',
      action: 'create',
    });
  });

  test('whose image does not exist is stalled with field and remedy, and heals when it does', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) =>
      change(spec, { compute: { ...spec.compute, image: { ssmParameter: '/ecom/images/none' } } }),
    );
    await expect(world.settle(store, undefined, 20)).rejects.toThrow('not settled');
    expect(store.last?.nodes.find(({ node }) => node === 'compute/image-parameter')).toMatchObject({
      standing: 'stalled',
      field: 'spec.compute.image.ssmParameter',
      remedy: expect.stringContaining('put-parameter') as string,
    });
    const Value = seededImages.storefront;
    await world.other('ssm', 'PutParameter', { Name: '/ecom/images/none', Type: 'String', Value });
    await world.settle(store);
  });

  test('tells nobody what a parameter holds that is no id of an image', async () => {
    const world = new VirtualWorld();
    await world.other('ssm', 'PutParameter', { Name: '/payroll/password', Type: 'String', Value: 'hunter2' });
    const store = world.add(minimal, (spec) =>
      change(spec, { compute: { ...spec.compute, image: { ssmParameter: '/payroll/password' } } }),
    );
    await expect(world.settle(store, undefined, 20)).rejects.toThrow('not settled');
    expect(store.last?.nodes.find(({ node }) => node === 'compute/image-parameter')).toMatchObject({
      standing: 'stalled',
      field: 'spec.compute.image.ssmParameter',
    });
    expect(inspect(store.last, { depth: null })).not.toMatch(/hunter2/);
  });

  test('whose new image never answers is rolled back, says so, and goes on serving', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    const image = (id: string) => ({ ...store.spec, compute: { ...store.spec.compute, image: { id } } });
    [store.spec, store.applied] = [image(seededImages.broken), false];
    await expect(world.settle(store, undefined, 240)).rejects.toThrow('not settled');
    expect(store.last?.nodes.find(({ node }) => node === 'compute/group')).toMatchObject({
      standing: 'stalled',
      reason: 'Refused',
    });
    // The fault may have been another's: the same is tried once more when somebody asks.
    const rollouts = () => world.ledger.writes().filter(({ operation }) => operation === 'StartInstanceRefresh').length;
    const before = rollouts();
    retry(store.memory);
    await expect(world.settle(store, undefined, 5)).rejects.toThrow('not settled');
    expect(rollouts()).toBe(before + 1);
    expect(store.memory.tryAgain).toEqual(new Set());
    store.spec = image(seededImages.next);
    await world.settle(store);
  });

  // 200 names of 4,000 bytes each pass the CRD: only what is made of them is too long.
  test('whose user data is too long says so, and is healed as ever', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    const environment = { LONG: 'x'.repeat(17_000) };
    [store.spec, store.applied] = [{ ...store.spec, compute: { ...store.spec.compute, environment } }, false];
    await expect(world.settle(store, undefined, 5)).rejects.toThrow('EC2 takes 16384');
    expect(store.last?.nodes.find(({ standing }) => standing === 'stalled')).toMatchObject({
      node: 'compute/launch-template',
      field: 'spec.compute.userData',
    });
    await openPort22(world, store);
    await expect(world.settle(store, undefined, 2)).rejects.toThrow('EC2 takes 16384');
    expect(world.ledger.exposures().filter(({ what, until }) => what.includes('tcp/22') && !until)).toEqual([]);
  });

  // AWS would take the template, fail to start instances in the third zone, and roll back.
  test('rolls out no instance type that a zone of its does not have', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => ({
      ...change(spec, { network: { zones: 3 } }),
      compute: { ...spec.compute, instanceTypes: ['m5.large'] },
    }));
    await world.settle(store);
    const types = (instanceTypes: [string]) => ({ ...store.spec, compute: { ...store.spec.compute, instanceTypes } });
    [store.spec, store.applied] = [types(['m4.large']), false];
    const before = world.ledger.writes().length;
    await expect(world.settle(store)).rejects.toThrow('not settled');
    expect(world.ledger.writes().slice(before)).toEqual([]);
    expect(store.last?.nodes.find(({ node }) => node === 'network/zones')).toMatchObject({
      standing: 'stalled',
      field: 'spec.compute.instanceTypes',
    });
    store.spec = types(['m5.xlarge']);
    await world.settle(store);
    expect(
      world.ledger
        .writes()
        .slice(before)
        .map(({ operation }) => operation),
    ).toContain('StartInstanceRefresh');
  });

  test('makes its own hosted zone where it is asked to, and takes it away again', async () => {
    const world = new VirtualWorld();
    const domain = { host: 'shop.example.org', zone: 'example.org', createZone: true };
    const store = world.add(minimal, (spec) => change(spec, { domain }));
    await world.settle(store);
    expect(world.existing('route53/hosted-zone')).toHaveLength(1);
    expect(store.last?.outputs.get('domain/zone')?.['nameServers']).toHaveLength(4);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('keeps a zone of its own that holds records of others, and says so', async () => {
    const world = new VirtualWorld();
    const domain = { host: 'shop.example.org', zone: 'example.org', createZone: true };
    const store = world.add(minimal, (spec) => change(spec, { domain }));
    await world.settle(store);
    const HostedZoneId = world.idOf(store, 'domain/zone');
    const ResourceRecordSet = {
      Name: 'mail.example.org',
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    };
    const Changes = [{ Action: 'CREATE', ResourceRecordSet }];
    await world.other('route53', 'ChangeResourceRecordSets', { HostedZoneId, ChangeBatch: { Changes } });
    const { retained } = await world.remove(store);
    expect(retained).toEqual([
      {
        node: 'domain/zone',
        id: HostedZoneId,
        type: 'route53/hosted-zone',
        why: expect.stringContaining('mail.example.org') as string,
      },
    ]);
    expect(
      world
        .existing()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['route53/hosted-zone', 'route53/record-set']);
  });

  test('a change of the host name moves the names and the certificate, and leaves nothing of the old ones', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    [store.spec, store.applied] = [
      { ...store.spec, domain: { ...store.spec.domain, host: 'store.example.com' } },
      false,
    ];
    await world.settle(store);
    expect(world.existing('acm/certificate')).toHaveLength(1);
    const names = world.existing('route53/record-set').map(({ id }) => id);
    expect(names.filter((id) => id.includes('shop.example.com'))).toEqual([]);
    expect(names.filter((id) => id.includes('/store.example.com./'))).toHaveLength(2);
  });

  test.each([
    ['that faces the internet', undefined],
    ['inside the network', {}],
  ])('in a network with two subnets a zone has a load balancer %s, in the first of each zone', async (_, cdn) => {
    const world = new VirtualWorld();
    const made = async (block: number) => {
      const { Subnet } = await world.other<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
        ...{ VpcId: 'vpc-0a1b2c3d4e5f60718', CidrBlock: `10.200.${block}.0/20`, AvailabilityZone: 'eu-central-1a' },
      });
      return Subnet.SubnetId;
    };
    const [more, other] = [await made(96), await made(112)];
    const first = cdn ? other : more;
    const store = world.add('examples/existing-vpc.yaml', (spec) => {
      const { network, ...rest } = spec;
      const given = network?.existing as NonNullable<NonNullable<typeof network>['existing']>;
      const { publicSubnetIds, appSubnetIds } = given;
      const existing = {
        ...given,
        publicSubnetIds: [more, ...publicSubnetIds],
        appSubnetIds: [other, ...appSubnetIds],
      };
      return { ...rest, network: { existing }, ...(cdn ? { cdn } : {}) };
    });
    await world.settle(store);
    const [balancer] = world.existing('elbv2/load-balancer');
    const { LoadBalancers } = await world.other<{
      LoadBalancers: { AvailabilityZones: { SubnetId: string }[] }[];
    }>('elbv2', 'DescribeLoadBalancers', { LoadBalancerArns: [balancer?.id] });
    const subnetIds = LoadBalancers[0]?.AvailabilityZones.map(({ SubnetId }) => SubnetId);
    expect(subnetIds).toEqual([first, `subnet-0a1b2c3d4e5f607${cdn ? '12' : '02'}`]);
    const { AutoScalingGroups } = await world.other<{ AutoScalingGroups: { VPCZoneIdentifier: string }[] }>(
      ...(['autoscaling', 'DescribeAutoScalingGroups', {}] as const),
    );
    expect(AutoScalingGroups[0]?.VPCZoneIdentifier.split(',')).toHaveLength(3);
  });

  test('a changed application port moves to a new target group', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    [store.spec, store.applied] = [{ ...store.spec, compute: { ...store.spec.compute, port: 3000 } }, false];
    await world.settle(store, undefined, 120);
    expect(world.existing('elbv2/target-group')).toHaveLength(1);
  });

  test('is not disturbed by a broken neighbour', async () => {
    const world = new VirtualWorld();
    const good = world.add(minimal);
    const bad = world.add('examples/existing-vpc.yaml', (spec) =>
      change(spec, { compute: { ...spec.compute, image: { id: 'ami-0ffffffffffffffff' } } }),
    );
    await expect(world.settle(bad, undefined, 10)).rejects.toThrow('not settled');
    await world.settle(good);
    expect(world.existing('autoscaling/group')).toHaveLength(1);
  });

  test('stops at a resource that has its name but not its tags', async () => {
    const world = new VirtualWorld();
    await world.other('ssm', 'PutParameter', { Name: '/ecom/shops/acme/host', Type: 'String', Value: 'mine' });
    const store = world.add(minimal);
    await expect(world.settle(store, undefined, 30)).rejects.toThrow('not settled');
    expect(store.last?.nodes.find(({ node }) => node === 'compute/parameter-host')).toMatchObject({
      standing: 'stalled',
      reason: 'Foreign',
    });
    const { Parameter } = await world.other<{ Parameter: { Value: string } }>('ssm', 'GetParameter', {
      Name: '/ecom/shops/acme/host',
    });
    expect(Parameter.Value).toBe('mine');
  });

  test('is built through throttling, lost replies and lists that lag behind', async () => {
    const world = new VirtualWorld();
    world.aws.world.readLagMillis = 8_000;
    world.aws.world.faults.add({ probability: 0.1, error: 'throttle' });
    world.aws.world.faults.add({ probability: 0.05, error: 'timeout', when: 'after' });
    world.aws.world.faults.add({ probability: 0.05, error: 'internal' });
    const store = world.add(minimal);
    await world.settle(store, undefined, 600);
    for (const type of [
      'ec2/vpc',
      'ec2/internet-gateway',
      'ec2/elastic-ip',
      'ec2/nat-gateway',
      'elbv2/load-balancer',
      'acm/certificate',
    ])
      expect([type, world.existing(type).length]).toEqual([type, 1]);
    world.aws.world.faults.clear();
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });
});
