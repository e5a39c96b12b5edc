import { describe, expect, test } from 'vitest';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const installations = 'arn:aws:iam::111122223333:policy/ecom-boundary';
const own = 'arn:aws:iam::aws:policy/PowerUserAccess';

const withOwn = ({ spec }: VirtualStore): VirtualStore['spec'] => ({
  ...spec,
  policy: { ...spec.policy, permissionsBoundaryArn: own },
});

const notReady = ({ last }: VirtualStore) =>
  last?.nodes.filter(({ standing }) => standing !== 'ready').map(({ node, reason, field }) => [node, reason, field]);

/** Of all roles. */
async function boundariesIn(world: VirtualWorld): Promise<unknown> {
  const { RoleDetailList } = await world.other<{
    RoleDetailList: { PermissionsBoundary?: { PermissionsBoundaryArn: string } }[];
  }>('iam', 'GetAccountAuthorizationDetails', { Filter: ['Role'] });
  return RoleDetailList.map(({ PermissionsBoundary }) => PermissionsBoundary?.PermissionsBoundaryArn);
}

/** Somebody opens a group to the world, and three quarters of an hour go by. */
async function drifts(world: VirtualWorld, store: VirtualStore): Promise<number> {
  const GroupId = world.idOf(store, 'network/sg-alb');
  await world.other('ec2', 'AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
  for (let i = 0; i < 45; i++) {
    world.clock.advance(60_000);
    await world.pass(store);
  }
  const { SecurityGroups } = await world.other<{ SecurityGroups: { IpPermissions: { FromPort?: number }[] }[] }>(
    ...(['ec2', 'DescribeSecurityGroups', { GroupIds: [GroupId] }] as const),
  );
  return SecurityGroups.flatMap(({ IpPermissions }) => IpPermissions).filter(({ FromPort }) => FromPort === 22).length;
}

describe('a store that names another permissions boundary than its installation', () => {
  test.each([
    ['named it when the installation had none', undefined, own],
    ['names it now', installations, installations],
  ])('and %s, is refused at its roles alone, and all else of it heals', async (_, first, has) => {
    const world = new VirtualWorld();
    world.boundary = first;
    const store = world.add('examples/minimal.yaml');
    if (has === own) store.spec = withOwn(store);
    await world.settle(store);
    [world.boundary, store.spec] = [installations, withOwn(store)];
    world.restart();
    expect(await drifts(world, store)).toBe(0);
    expect(notReady(store)).toEqual(
      ['network/flow-log-role', 'compute/role'].map((role) => [role, 'Rejected', 'spec.policy.permissionsBoundaryArn']),
    );
    expect(await boundariesIn(world)).toEqual([has, has]);
    const { permissionsBoundaryArn: _own, ...policy } = store.spec.policy;
    store.spec = { ...store.spec, policy };
    await world.settle(store);
    expect(await boundariesIn(world)).toEqual([installations, installations]);
    store.spec = withOwn(store);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('gets no role, and is built once it takes that back', async () => {
    const world = new VirtualWorld();
    world.boundary = installations;
    const store = world.add('examples/minimal.yaml');
    const { spec } = store;
    store.spec = withOwn(store);
    await expect(world.settle(store)).rejects.toThrow(`have the permissions boundary ${installations}`);
    expect(world.existing('iam/role')).toEqual([]);
    store.spec = spec;
    await world.settle(store);
    expect(await world.leftAlone(store)).toEqual([]);
  });
});

test('a boundary that is no policy of the account is told at every role, with the field that names it', async () => {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml', (spec) => ({
    ...spec,
    policy: { ...spec.policy, permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/nope' },
  }));
  await expect(world.settle(store, undefined, 10)).rejects.toThrow('Scope ARN');
  const roles = notReady(store)?.filter(([node]) => node?.endsWith('role'));
  expect(roles).toEqual(
    ['network/flow-log-role', 'compute/role'].map((role) => [role, 'Rejected', 'spec.policy.permissionsBoundaryArn']),
  );
});
