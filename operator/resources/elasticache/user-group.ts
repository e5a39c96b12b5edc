import type { UserGroup } from '@aws-sdk/client-elasticache';
import { sameMembers, without } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { atRest } from './cache-found.ts';
import { ownerOf } from './tags.ts';

/** The users that a cache lets in. */
export interface UserGroupProps {
  readonly engine: 'valkey' | 'redis';
  readonly userIds: readonly string[];
}

export interface UserGroupOutputs {
  readonly userGroupId: string;
}

type GroupFound = Found<UserGroupProps, UserGroupOutputs>;

export const userGroup: ResourceType<UserGroupProps, UserGroupOutputs> = {
  name: 'elasticache/user-group',
  fields: { engine: 'fixed', userIds: { mode: 'live', equal: sameMembers } },
  needs: ['elasticache/user'],
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteUserGroup',
  key: (_props, name) => name,
  beat: 'existence',
  scope: 'regional',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.elasticache('DescribeUserGroups', { MaxRecords: 100, Marker });
    for await (const { UserGroups = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(UserGroups.map(async (found) => told(found, await ownerOf(aws, scope, found.ARN ?? ''))));
  },

  async create(aws, props, birth) {
    const made = await aws.elasticache('CreateUserGroup', {
      UserGroupId: birth.name,
      Engine: props.engine,
      UserIds: [...props.userIds],
      Tags: tagPairs(birth.tags),
    });
    return told(made, birth.owner);
  },

  async update(aws, found, props) {
    const has = found.props.userIds ?? [];
    const [add, remove] = [without(props.userIds, has), without(has, props.userIds)];
    await aws.elasticache('ModifyUserGroup', {
      UserGroupId: found.outputs.userGroupId,
      // One call for both: a group of Redis has one user named default at every moment.
      ...(add.length > 0 ? { UserIdsToAdd: add } : {}),
      ...(remove.length > 0 ? { UserIdsToRemove: remove } : {}),
    });
  },

  async delete(aws, found) {
    await orAbsent(aws.elasticache('DeleteUserGroup', { UserGroupId: found.outputs.userGroupId }));
  },
};

function stateOf({ Status: status = 'creating' }: UserGroup): State {
  if (status === 'active') return { is: 'ready' };
  if (status === 'creating') return { is: 'pending', reason: 'being created' };
  return status === 'deleting' ? { is: 'deleting', reason: 'being deleted' } : { is: 'changing', reason: status };
}

function told(found: UserGroup, owner: NodeOwner | undefined): GroupFound {
  const { ARN: id = '', UserGroupId: name = '' } = found;
  const state = stateOf(found);
  return {
    id,
    key: name,
    owner,
    state,
    props: atRest<UserGroupProps>(
      state,
      { engine: found.Engine as UserGroupProps['engine'] },
      { userIds: found.UserIds ?? [] },
    ),
    outputs: { userGroupId: name },
  };
}
