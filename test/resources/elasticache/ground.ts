import { ownerTags } from '../../../operator/model/identity.ts';
import { makeNetwork } from '../../support/simulated-network.ts';
import { owner, region, type Court } from '../laws.ts';

const TagsOfOwner = () =>
  Object.entries(ownerTags({ ...owner, node: 'law/subnet-group' })).map(([Key, Value]) => ({ Key, Value }));

/** What every cache stands on: a subnet group `data` of our store, and parameter groups `ours` of one family. */
export async function groundOfCache(court: Court, CacheParameterGroupFamily: string) {
  const { subnetIds, appGroupId } = await makeNetwork(court.simulated);
  await court.other('elasticache', 'CreateCacheSubnetGroup', {
    CacheSubnetGroupName: 'data',
    CacheSubnetGroupDescription: 'data',
    SubnetIds: subnetIds,
    Tags: TagsOfOwner(),
  });
  await parameters(court, 'ours', CacheParameterGroupFamily);
  return {
    subnetGroupName: 'data',
    parameterGroupName: 'ours',
    securityGroupIds: [appGroupId],
    nodeType: 'cache.t4g.small',
    autoMinorVersionUpgrade: true,
    maintenanceWindow: 'sun:03:00-sun:04:00',
  };
}

export async function parameters(court: Court, name: string, CacheParameterGroupFamily: string): Promise<string> {
  await court.other('elasticache', 'CreateCacheParameterGroup', {
    ...{ CacheParameterGroupName: name, CacheParameterGroupFamily, Description: name },
  });
  return name;
}

export async function securityGroup(court: Court): Promise<string> {
  const { Vpcs } = await court.other<{ Vpcs: { VpcId: string; CidrBlock: string }[] }>('ec2', 'DescribeVpcs', {});
  const VpcId = Vpcs.find(({ CidrBlock }) => CidrBlock === '10.0.0.0/16')?.VpcId;
  const input = { GroupName: 'another', Description: 'another', VpcId };
  return (await court.other<{ GroupId: string }>('ec2', 'CreateSecurityGroup', input)).GroupId;
}

export async function thirdSubnet(court: Court, subnetId: string): Promise<string> {
  const input = { SubnetIds: [subnetId] };
  const { Subnets } = await court.other<{ Subnets: { VpcId: string }[] }>('ec2', 'DescribeSubnets', input);
  const third = { VpcId: Subnets[0]?.VpcId, CidrBlock: '10.0.9.0/24', AvailabilityZone: `${region}c` };
  return (await court.other<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', third)).Subnet.SubnetId;
}

/** Users whom IAM vouches for, and a group of them; of Redis with AWS's own default user. */
export async function users(court: Court, engine: 'valkey' | 'redis', UserGroupId: string): Promise<string> {
  const id = `${UserGroupId}-user`;
  await court.other('elasticache', 'CreateUser', {
    ...{ UserId: id, UserName: id, Engine: engine, AccessString: 'on ~* +@all', AuthenticationMode: { Type: 'iam' } },
  });
  const more = engine === 'redis' ? ['default'] : [];
  await court.other('elasticache', 'CreateUserGroup', { UserGroupId, Engine: engine, UserIds: [id, ...more] });
  court.clock.advance(60_000);
  return UserGroupId;
}
