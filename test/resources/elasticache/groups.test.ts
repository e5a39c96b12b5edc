import { expect, test } from 'vitest';
import { parameterGroup } from '../../../operator/resources/elasticache/parameter-group.ts';
import { subnetGroup } from '../../../operator/resources/elasticache/subnet-group.ts';
import { user } from '../../../operator/resources/elasticache/user.ts';
import { userGroup } from '../../../operator/resources/elasticache/user-group.ts';
import { makeNetwork } from '../../support/simulated-network.ts';
import { Court, laws } from '../laws.ts';
import { thirdSubnet } from './ground.ts';

laws(subnetGroup, {
  ground: async (court) => ({
    subnetIds: [...(await makeNetwork(court.simulated)).subnetIds],
    description: 'for caches',
  }),
  live: {
    subnetIds: async ({ subnetIds }, court) => [...subnetIds, await thirdSubnet(court, subnetIds[0] ?? '')],
  },
  fixed: {},
  foreign: async (court, { subnetIds }) =>
    void (await court.other('elasticache', 'CreateCacheSubnetGroup', {
      CacheSubnetGroupName: court.birth().name,
      CacheSubnetGroupDescription: 'theirs',
      SubnetIds: subnetIds,
    })),
});

laws(parameterGroup, {
  ground: async () => ({
    family: 'valkey8',
    parameters: { 'maxmemory-policy': 'allkeys-lru', timeout: '300' },
    description: 'for caches',
  }),
  live: { parameters: () => ({ 'maxmemory-policy': 'noeviction', 'slowlog-max-len': '256' }) },
  writes: { parameters: 2 },
  fixed: { family: 'valkey7' },
  foreign: async (court) =>
    void (await court.other('elasticache', 'CreateCacheParameterGroup', {
      CacheParameterGroupName: court.birth().name,
      CacheParameterGroupFamily: 'valkey8',
      Description: 'theirs',
    })),
});

test("a parameter that is wanted as the engine's own is there already, and one that somebody sets is set back", async () => {
  const court = new Court(parameterGroup);
  const props = { family: 'valkey8', parameters: { timeout: '0', databases: '32' }, description: 'for caches' };
  await court.settle(props);
  const before = court.cloud.writes().length;
  await court.other('elasticache', 'ModifyCacheParameterGroup', {
    CacheParameterGroupName: court.birth().name,
    ParameterNameValues: [{ ParameterName: 'slowlog-max-len', ParameterValue: '256' }],
  });
  await court.settle(props);
  expect(court.writesSince(before)).toEqual([expect.stringContaining('ResetCacheParameterGroup')]);
});

const shopper = { engine: 'redis', isDefault: false, authentication: 'iam', accessString: 'on ~* +@all' } as const;

laws(user, {
  ground: async () => shopper,
  live: { authentication: () => 'no-password-required' as const, accessString: () => 'on ~shop:* +@read' },
  fixed: { engine: 'valkey', isDefault: true },
  foreign: async (court) =>
    void (await court.other('elasticache', 'CreateUser', {
      ...{ UserId: court.birth().name, UserName: 'theirs', Engine: 'redis', AccessString: 'off' },
      NoPasswordRequired: true,
    })),
});

const made = (court: Court, UserId: string) =>
  court.other('elasticache', 'CreateUser', {
    ...{ UserId, UserName: UserId, Engine: 'valkey', AccessString: 'on ~* +@all', AuthenticationMode: { Type: 'iam' } },
  });

laws(userGroup, {
  ground: async (court) => {
    await made(court, 'shopper');
    return { engine: 'valkey' as const, userIds: ['shopper'] };
  },
  live: {
    userIds: async (_props, court) => {
      await made(court, 'other');
      return ['other'];
    },
  },
  fixed: { engine: 'redis' },
  foreign: async (court) =>
    void (await court.other('elasticache', 'CreateUserGroup', { UserGroupId: court.birth().name, Engine: 'valkey' })),
});

test('a user who was given a password proves himself by IAM again', async () => {
  const court = new Court(user);
  const found = await court.settle(shopper);
  await court.other('elasticache', 'ModifyUser', {
    UserId: court.birth().name,
    AuthenticationMode: { Type: 'password', Passwords: ['a-password-of-theirs'] },
  });
  court.clock.advance(60_000);
  const [now] = await court.own({});
  expect(JSON.stringify([found, now])).not.toContain('a-password');
  expect(court.decide(shopper, now)).toEqual({ do: 'update', fields: ['authentication'] });
  await court.settle(shopper);
});

test('AWS tells an access string with other blanks than it was told', async () => {
  const court = new Court(user);
  const props = { ...shopper, accessString: ' on   ~* +@all ' };
  await court.settle(props);
  const before = court.cloud.writes().length;
  await court.settle(props);
  expect(court.writesSince(before)).toEqual([]);
});

// https://github.com/hashicorp/terraform-provider-aws/issues/20334
test('AWS says of who was given no channels that he has none, and somebody who takes them away is not overlooked', async () => {
  const court = new Court(user);
  const told = async (accessString: string, AccessString: string) => {
    await court.other('elasticache', 'ModifyUser', { UserId: court.birth().name, AccessString });
    court.clock.advance(60_000);
    return court.decide({ ...shopper, accessString }, (await court.own({}))[0]);
  };
  await court.settle(shopper);
  expect(await told('off ~* -@all', 'off ~* resetchannels -@all')).toEqual({ do: 'nothing' });
  const healed = { do: 'update', fields: ['accessString'] };
  expect(await told('on ~* &* +@all', 'on ~* &* resetchannels +@all')).toEqual(healed);
  expect(await told('off ~* -@all', 'off ~* resetchannels &* -@all')).toEqual(healed);
});
