import type { CacheSubnetGroup } from '@aws-sdk/client-elasticache';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownerOf } from './tags.ts';

/** The subnets that a cache may live in. */
export interface SubnetGroupProps {
  readonly subnetIds: readonly string[];
  /** For people; given at birth. */
  readonly description: string;
}

export interface SubnetGroupOutputs {
  readonly subnetGroupName: string;
}

type GroupFound = Found<SubnetGroupProps, SubnetGroupOutputs>;

export const subnetGroup: ResourceType<SubnetGroupProps, SubnetGroupOutputs> = {
  name: 'elasticache/subnet-group',
  fields: { subnetIds: { mode: 'live', equal: sameMembers }, description: 'seed' },
  needs: ['ec2/subnet'],
  replace: 'refuse',
  once: 'name',
  endedBy: 'DeleteCacheSubnetGroup',
  key: (_props, name) => name,
  beat: 'settings',
  scope: 'regional',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.elasticache('DescribeCacheSubnetGroups', { Marker });
    for await (const { CacheSubnetGroups = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(
        CacheSubnetGroups.map(async (found) => told(found, await ownerOf(aws, scope, found.ARN ?? ''))),
      );
  },

  async create(aws, props, birth) {
    const { CacheSubnetGroup: made } = await aws.elasticache('CreateCacheSubnetGroup', {
      CacheSubnetGroupName: birth.name,
      CacheSubnetGroupDescription: props.description,
      SubnetIds: [...props.subnetIds],
      Tags: tagPairs(birth.tags),
    });
    return told(made ?? {}, birth.owner);
  },

  async update(aws, found, props) {
    await aws.elasticache('ModifyCacheSubnetGroup', {
      CacheSubnetGroupName: found.outputs.subnetGroupName,
      SubnetIds: [...props.subnetIds],
    });
  },

  async delete(aws, found) {
    const CacheSubnetGroupName = found.outputs.subnetGroupName;
    await orAbsent(aws.elasticache('DeleteCacheSubnetGroup', { CacheSubnetGroupName }));
  },
};

function told(found: CacheSubnetGroup, owner: NodeOwner | undefined): GroupFound {
  const { ARN: id = '', CacheSubnetGroupName: name = '' } = found;
  return {
    id,
    key: name,
    owner,
    state: { is: 'ready' },
    props: { subnetIds: (found.Subnets ?? []).map(({ SubnetIdentifier = '' }) => SubnetIdentifier) },
    outputs: { subnetGroupName: name },
  };
}
