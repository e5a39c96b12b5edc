import type { DBSubnetGroup } from '@aws-sdk/client-rds';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownerOf, retagResource } from './tags.ts';

/** The subnets that a database may live in, in two zones at least. */
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
  name: 'rds/subnet-group',
  fields: { subnetIds: { mode: 'live', equal: sameMembers }, description: 'seed' },
  needs: ['ec2/subnet'],
  replace: 'refuse',
  once: 'name',
  endedBy: 'DeleteDBSubnetGroup',
  key: (_props, name) => name,
  beat: 'settings',
  scope: 'regional',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.rds('DescribeDBSubnetGroups', { Marker });
    for await (const { DBSubnetGroups = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(
        DBSubnetGroups.map(async (found) => told(found, await ownerOf(aws, scope, found.DBSubnetGroupArn ?? ''))),
      );
  },

  async create(aws, props, birth) {
    const { DBSubnetGroup: made } = await aws.rds('CreateDBSubnetGroup', {
      DBSubnetGroupName: birth.name,
      DBSubnetGroupDescription: props.description,
      SubnetIds: [...props.subnetIds],
      Tags: tagPairs(birth.tags),
    });
    return told(made ?? {}, birth.owner);
  },

  async update(aws, found, props) {
    await aws.rds('ModifyDBSubnetGroup', {
      DBSubnetGroupName: found.outputs.subnetGroupName,
      SubnetIds: [...props.subnetIds],
    });
  },

  async delete(aws, found) {
    await orAbsent(aws.rds('DeleteDBSubnetGroup', { DBSubnetGroupName: found.outputs.subnetGroupName }));
  },

  retag: (aws, { id }, tags) => retagResource(aws, id, tags),
};

function told(found: DBSubnetGroup, owner: NodeOwner | undefined): GroupFound {
  const { DBSubnetGroupArn: id = '', DBSubnetGroupName: name = '' } = found;
  return {
    id,
    key: name,
    owner,
    state: { is: 'ready' },
    props: { subnetIds: (found.Subnets ?? []).map(({ SubnetIdentifier = '' }) => SubnetIdentifier) },
    outputs: { subnetGroupName: name },
  };
}
