import type { InstanceProfile } from '@aws-sdk/client-iam';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { iamPath } from './paths.ts';

/** How an instance comes by its role. EC2 knows a new one only some seconds after IAM does. */
export interface InstanceProfileProps {
  /** The one role it holds. */
  readonly roleName: string;
}

export interface InstanceProfileOutputs {
  readonly profileName: string;
  readonly profileArn: string;
}

export const instanceProfile: ResourceType<InstanceProfileProps, InstanceProfileOutputs> = {
  name: 'iam/instance-profile',
  fields: { roleName: 'live' },
  needs: ['iam/role'],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteInstanceProfile',
  key: (_props, name) => name,
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    const PathPrefix = iamPath(scope.installation);
    const read = (Marker?: string) => aws.iam('ListInstanceProfiles', { PathPrefix, Marker });
    for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.Marker : undefined)))
      yield await Promise.all(
        (page.InstanceProfiles ?? []).map(async (found) => {
          const { InstanceProfileId: id = '', InstanceProfileName: name = '' } = found;
          return told(found, await learntOwner(scope, id, () => ownerOf(aws, name)));
        }),
      );
  },

  async create(aws, _props, birth) {
    const { InstanceProfile: made } = await aws.iam('CreateInstanceProfile', {
      InstanceProfileName: birth.name,
      Path: iamPath(birth.owner.installation),
      Tags: tagPairs(birth.tags),
    });
    return told(made as InstanceProfile, birth.owner);
  },

  async update(aws, found, props) {
    const InstanceProfileName = found.outputs.profileName;
    // A profile holds one role at most: the old one has to leave first.
    if (found.props.roleName !== undefined)
      await orAbsent(aws.iam('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: found.props.roleName }));
    await aws.iam('AddRoleToInstanceProfile', { InstanceProfileName, RoleName: props.roleName });
  },

  async delete(aws, found) {
    const InstanceProfileName = found.outputs.profileName;
    const now = (await orAbsent(aws.iam('GetInstanceProfile', { InstanceProfileName })))?.InstanceProfile;
    // A name can be used again, and IAM deletes by name: what has another id is not ours.
    if (now?.InstanceProfileId !== found.id) return;
    for (const { RoleName } of now.Roles ?? [])
      await orAbsent(aws.iam('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }));
    await orAbsent(aws.iam('DeleteInstanceProfile', { InstanceProfileName }));
  },
};

async function ownerOf(aws: Aws, InstanceProfileName: string): Promise<NodeOwner | undefined> {
  const answer = await orAbsent(aws.iam('GetInstanceProfile', { InstanceProfileName }));
  return ownerFromTags(tagsFromPairs(answer?.InstanceProfile?.Tags));
}

function told(
  found: InstanceProfile,
  owner: NodeOwner | undefined,
): Found<InstanceProfileProps, InstanceProfileOutputs> {
  const { InstanceProfileId: id = '', InstanceProfileName: profileName = '', Arn: profileArn = '' } = found;
  return {
    id,
    key: profileName,
    owner,
    state: { is: 'ready' },
    props: { roleName: found.Roles?.[0]?.RoleName },
    outputs: { profileName, profileArn },
    bornAt: found.CreateDate?.getTime(),
  };
}
