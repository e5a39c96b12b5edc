import type { User } from '@aws-sdk/client-elasticache';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { atRest } from './cache-found.ts';
import { ownerOf } from './tags.ts';

/** Who may speak to a cache, and what he may say. */
export interface UserProps {
  readonly engine: 'valkey' | 'redis';
  /**
   * Named `default`: for whoever names no user. A group of Redis must have one; ours is turned off. Else a user's name is
   * his id, as IAM demands.
   */
  readonly isDefault: boolean;
  /** `iam` proves who one is by a signature of some minutes: there is no password that anybody could lose. */
  readonly authentication: 'iam' | 'no-password-required';
  /** `on ~* +@all`: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string */
  readonly accessString: string;
}

export interface UserOutputs {
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
}

type UserFound = Found<UserProps, UserOutputs>;

/**
 * AWS tells it with other blanks, and may say `resetchannels` of who was given no channels: that changes nothing, unless
 * he was given some before it. https://github.com/hashicorp/terraform-provider-aws/issues/20334
 */
const words = (text: string): string => {
  const all = text.trim().split(/\s+/);
  const firstChannel = all.findIndex((word) => /^(&|allchannels$)/.test(word));
  const isIdle = (word: string, at: number) => word === 'resetchannels' && (firstChannel < 0 || at < firstChannel);
  return all.filter((word, at) => !isIdle(word, at)).join(' ');
};

export const user: ResourceType<UserProps, UserOutputs> = {
  name: 'elasticache/user',
  fields: {
    engine: 'fixed',
    isDefault: 'fixed',
    authentication: 'live',
    accessString: { mode: 'live', equal: (wanted, found) => words(wanted) === words(found) },
  },
  needs: [],
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteUser',
  key: (_props, name) => name,
  beat: 'existence',
  scope: 'regional',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.elasticache('DescribeUsers', { MaxRecords: 100, Marker });
    for await (const { Users = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(
        // The one that AWS has put into every account belongs to nobody.
        Users.filter(({ UserId }) => UserId !== 'default').map(async (found) =>
          told(found, await ownerOf(aws, scope, found.ARN ?? '')),
        ),
      );
  },

  async create(aws, props, birth) {
    const made = await aws.elasticache('CreateUser', {
      UserId: birth.name,
      UserName: props.isDefault ? 'default' : birth.name,
      Engine: props.engine,
      AuthenticationMode: { Type: props.authentication },
      AccessString: props.accessString,
      Tags: tagPairs(birth.tags),
    });
    return told(made, birth.owner);
  },

  async update(aws, found, props, fields) {
    await aws.elasticache('ModifyUser', {
      UserId: found.outputs.userId,
      ...(fields.has('authentication') ? { AuthenticationMode: { Type: props.authentication } } : {}),
      ...(fields.has('accessString') ? { AccessString: props.accessString } : {}),
    });
  },

  async delete(aws, found) {
    await orAbsent(aws.elasticache('DeleteUser', { UserId: found.outputs.userId }));
  },
};

/** AWS has other words for what it tells than for what it is told; a password is none of ours, whatever it is. */
const authentications: Readonly<Record<string, string>> = { iam: 'iam', 'no-password': 'no-password-required' };

function stateOf({ Status: status = 'active' }: User): State {
  if (status === 'active') return { is: 'ready' };
  return status === 'deleting' ? { is: 'deleting', reason: 'being deleted' } : { is: 'changing', reason: status };
}

function told(found: User, owner: NodeOwner | undefined): UserFound {
  const { ARN: arn = '', UserId: userId = '', UserName: userName = '' } = found;
  const state = stateOf(found);
  const authentication = found.Authentication?.Type ?? 'unknown';
  return {
    id: arn,
    key: userId,
    owner,
    state,
    props: atRest<UserProps>(
      state,
      { engine: found.Engine as UserProps['engine'], isDefault: userName === 'default' },
      {
        authentication: (authentications[authentication] ?? authentication) as UserProps['authentication'],
        accessString: found.AccessString ?? '',
      },
    ),
    outputs: { userId, userName, arn },
  };
}
