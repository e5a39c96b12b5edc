import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind, World } from '../core/world.ts';
import { durations } from '../durations.ts';
import { brief, roleOf, rolesOf } from './roles.ts';
import { global, markerPage, noEntity, seen, type Marked } from './shared.ts';

export interface InstanceProfile {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly tags: TagMap;
  readonly roleName: string | undefined;
  readonly createdAt: number;
  /** From when on EC2 knows it, and its role. */
  readonly knownFrom: number;
}

export const instanceProfiles: Kind<InstanceProfile> = { type: 'iam/instance-profile', tags: ({ tags }) => tags };

/** The profile that an instance is to have, as EC2 looks it up; undefined for one that IAM does not have. */
export const instanceProfileByArnOrName = (world: World, arnOrName: string): InstanceProfile | undefined =>
  world
    .collection('global', instanceProfiles)
    .all()
    .find(({ arn, name }) => arn === arnOrName || name === arnOrName);

export const profilesWith = (request: Request, roleName: string): InstanceProfile[] =>
  global(request, instanceProfiles)
    .all()
    .filter((profile) => profile.roleName === roleName);

function profileOf(request: Request, name: string): InstanceProfile {
  const found = global(request, instanceProfiles).get(name);
  if (!found) throw noEntity(`Instance Profile ${name} cannot be found.`);
  return found;
}

const briefly = (profile: InstanceProfile, request: Request) => {
  const role = profile.roleName === undefined ? undefined : rolesOf(request).get(profile.roleName);
  return {
    InstanceProfileId: profile.id,
    InstanceProfileName: profile.name,
    Path: profile.path,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: role ? [brief(role)] : [],
  };
};

export const profileTold = (profile: InstanceProfile, request: Request) => ({
  ...briefly(profile, request),
  Tags: toTagPairs(profile.tags),
});

interface Named {
  readonly InstanceProfileName: string;
}

export const instanceProfileOperations: Operations = {
  CreateInstanceProfile: (input: Named & { Path?: string; Tags?: TagPair[] }, request) => {
    const { InstanceProfileName: name, Path: path = '/' } = input;
    const all = global(request, instanceProfiles);
    if (all.get(name)) throw new AwsError('EntityAlreadyExists', `Instance Profile ${name} already exists.`, 409);
    const profile = all.put(name, {
      id: `AIPA${request.world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 17)}`,
      name,
      path,
      arn: `arn:aws:iam::${request.account}:instance-profile${path}${name}`,
      tags: toTagMap(input.Tags),
      roleName: undefined,
      createdAt: request.now,
      knownFrom: request.now + durations.instanceProfileKnown,
    });
    return { InstanceProfile: profileTold(profile, request) };
  },
  GetInstanceProfile: ({ InstanceProfileName }: Named, request) => ({
    InstanceProfile: profileTold(profileOf(request, InstanceProfileName), request),
  }),
  ListInstanceProfiles: (input: Marked & { PathPrefix?: string }, request) => {
    const all = seen(request, instanceProfiles).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...page } = markerPage(request.world, all, input);
    return { InstanceProfiles: items.map((profile) => briefly(profile, request)), ...page };
  },
  ListInstanceProfilesForRole: (input: Marked & { RoleName: string }, request) => {
    roleOf(request, input.RoleName);
    const { items, ...page } = markerPage(request.world, profilesWith(request, input.RoleName), input);
    return { InstanceProfiles: items.map((profile) => briefly(profile, request)), ...page };
  },
  DeleteInstanceProfile: ({ InstanceProfileName }: Named, request) => {
    if (profileOf(request, InstanceProfileName).roleName !== undefined)
      throw new AwsError('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.', 409);
    global(request, instanceProfiles).remove(InstanceProfileName);
  },
  AddRoleToInstanceProfile: ({ InstanceProfileName, RoleName }: Named & { RoleName: string }, request) => {
    const profile = profileOf(request, InstanceProfileName);
    roleOf(request, RoleName);
    if (profile.roleName !== undefined)
      throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
    const knownFrom = Math.max(profile.knownFrom, request.now + durations.instanceProfileKnown);
    global(request, instanceProfiles).change(InstanceProfileName, { roleName: RoleName, knownFrom });
  },
  RemoveRoleFromInstanceProfile: ({ InstanceProfileName, RoleName }: Named & { RoleName: string }, request) => {
    if (profileOf(request, InstanceProfileName).roleName !== RoleName)
      throw noEntity(`Role ${RoleName} is not in instance profile ${InstanceProfileName}.`);
    global(request, instanceProfiles).change(InstanceProfileName, { roleName: undefined });
  },
  TagInstanceProfile: ({ InstanceProfileName, Tags }: Named & { Tags: TagPair[] }, request) => {
    const { tags } = profileOf(request, InstanceProfileName);
    global(request, instanceProfiles).change(InstanceProfileName, { tags: { ...tags, ...toTagMap(Tags) } });
  },
  UntagInstanceProfile: ({ InstanceProfileName, TagKeys }: Named & { TagKeys: string[] }, request) => {
    const { tags } = profileOf(request, InstanceProfileName);
    global(request, instanceProfiles).change(InstanceProfileName, { tags: withoutTags(tags, TagKeys) });
  },
  ListInstanceProfileTags: (input: Marked & Named, request) => {
    const { items, ...page } = markerPage(
      request.world,
      toTagPairs(profileOf(request, input.InstanceProfileName).tags),
      input,
    );
    return { Tags: items, ...page };
  },
};
