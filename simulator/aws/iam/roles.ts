import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { checkPermissions, checkTrust, sizeOf } from './documents.ts';
import { encoded, global, markerPage, noEntity, seen, type Marked } from './shared.ts';
import { isKnownPolicy } from './policies.ts';
import { profilesWith } from './instance-profiles.ts';

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly tags: TagMap;
  readonly description: string | undefined;
  readonly trust: string;
  readonly boundary: string | undefined;
  readonly inline: Readonly<Record<string, string>>;
  readonly attached: readonly string[];
  readonly maxSessionSeconds: number;
  readonly createdAt: number;
}

export const roles: Kind<Role> = { type: 'iam/role', tags: ({ tags }) => tags };

export const rolesOf = (request: Request): Collection<Role> => global(request, roles);

export function roleOf(request: Request, name: string): Role {
  const found = rolesOf(request).get(name);
  if (!found) throw noEntity(`The role with name ${name} cannot be found.`);
  return found;
}

/** As ListRoles tells it: without tags and boundary. */
export const brief = (role: Role) => ({
  RoleId: role.id,
  RoleName: role.name,
  Path: role.path,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encoded(role.trust),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
});

/** What ListRoles leaves out. */
export const beyondBrief = (role: Role) => ({
  ...(role.boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: role.boundary,
        },
      }),
  Tags: toTagPairs(role.tags),
  RoleLastUsed: {},
});

const full = (role: Role) => ({ ...brief(role), ...beyondBrief(role) });

interface CreateRole {
  readonly RoleName: string;
  readonly Path?: string;
  readonly Description?: string;
  readonly AssumeRolePolicyDocument: string;
  readonly PermissionsBoundary?: string;
  readonly MaxSessionDuration?: number;
  readonly Tags?: TagPair[];
}

function create(input: CreateRole, request: Request) {
  const all = rolesOf(request);
  const { RoleName: name, Path: path = '/' } = input;
  if (all.get(name)) throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
  checkTrust(input.AssumeRolePolicyDocument);
  checkBoundary(request, input.PermissionsBoundary);
  request.withinQuota(
    'Roles per account',
    1000,
    all.all().length,
    'LimitExceeded',
    'Cannot exceed quota for RolesPerAccount: 1000',
  );
  const role = all.put(name, {
    id: `AROA${request.world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 17)}`,
    name,
    path,
    arn: `arn:aws:iam::${request.account}:role${path}${name}`,
    tags: toTagMap(input.Tags),
    description: input.Description,
    trust: input.AssumeRolePolicyDocument,
    boundary: input.PermissionsBoundary,
    inline: {},
    attached: [],
    maxSessionSeconds: input.MaxSessionDuration ?? 3600,
    createdAt: request.now,
  });
  return { Role: full(role) };
}

function checkBoundary(request: Request, arn: string | undefined): void {
  if (arn !== undefined && !isKnownPolicy(request, arn))
    throw noEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
}

function remove({ RoleName }: { RoleName: string }, request: Request): void {
  const role = roleOf(request, RoleName);
  const conflict = (what: string) => new AwsError('DeleteConflict', `Cannot delete entity, must ${what} first.`, 409);
  if (profilesWith(request, RoleName).length > 0) throw conflict('remove roles from instance profile');
  if (role.attached.length > 0) throw conflict('detach all policies');
  if (Object.keys(role.inline).length > 0) throw conflict('delete policies');
  rolesOf(request).remove(RoleName);
}

const change = (request: Request, name: string, part: (role: Role) => Partial<Role>): void =>
  void rolesOf(request).change(name, part(roleOf(request, name)));

const byName = (a: Role, b: Role): number => (a.name < b.name ? -1 : 1);

export const roleOperations: Operations = {
  CreateRole: create,
  GetRole: ({ RoleName }: { RoleName: string }, request) => ({ Role: full(roleOf(request, RoleName)) }),
  ListRoles: (input: Marked & { PathPrefix?: string }, request) => {
    const listed = seen(request, roles).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...page } = markerPage(request.world, listed.sort(byName), input);
    return { Roles: items.map(brief), ...page };
  },
  DeleteRole: remove,
  UpdateRole: (input: { RoleName: string; Description?: string; MaxSessionDuration?: number }, request) => {
    change(request, input.RoleName, (role) => ({
      description: input.Description ?? role.description,
      maxSessionSeconds: input.MaxSessionDuration ?? role.maxSessionSeconds,
    }));
    return {};
  },
  UpdateRoleDescription: (input: { RoleName: string; Description: string }, request) => {
    change(request, input.RoleName, () => ({ description: input.Description }));
    return { Role: full(roleOf(request, input.RoleName)) };
  },
  UpdateAssumeRolePolicy: (input: { RoleName: string; PolicyDocument: string }, request) => {
    checkTrust(input.PolicyDocument);
    change(request, input.RoleName, () => ({ trust: input.PolicyDocument }));
  },
  PutRolePermissionsBoundary: (input: { RoleName: string; PermissionsBoundary: string }, request) => {
    checkBoundary(request, input.PermissionsBoundary);
    change(request, input.RoleName, () => ({ boundary: input.PermissionsBoundary }));
  },
  DeleteRolePermissionsBoundary: ({ RoleName }: { RoleName: string }, request) => {
    if (roleOf(request, RoleName).boundary === undefined)
      throw noEntity(`Role ${RoleName} does not have a permission boundary.`);
    change(request, RoleName, () => ({ boundary: undefined }));
  },
  TagRole: (input: { RoleName: string; Tags: TagPair[] }, request) =>
    change(request, input.RoleName, ({ tags }) => ({ tags: { ...tags, ...toTagMap(input.Tags) } })),
  UntagRole: (input: { RoleName: string; TagKeys: string[] }, request) =>
    change(request, input.RoleName, ({ tags }) => ({ tags: withoutTags(tags, input.TagKeys) })),
  ListRoleTags: (input: Marked & { RoleName: string }, request) => {
    const { items, ...page } = markerPage(request.world, toTagPairs(roleOf(request, input.RoleName).tags), input);
    return { Tags: items, ...page };
  },
  PutRolePolicy: (input: { RoleName: string; PolicyName: string; PolicyDocument: string }, request) => {
    const { RoleName, PolicyName, PolicyDocument } = input;
    checkPermissions(PolicyDocument);
    const inline = { ...roleOf(request, RoleName).inline, [PolicyName]: PolicyDocument };
    // All inline policies of a role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    if (Object.values(inline).reduce((sum, document) => sum + sizeOf(document), 0) > 10_240)
      throw new AwsError('LimitExceeded', `Maximum policy size of 10240 bytes exceeded for role ${RoleName}`, 409);
    change(request, RoleName, () => ({ inline }));
  },
  GetRolePolicy: ({ RoleName, PolicyName }: { RoleName: string; PolicyName: string }, request) => {
    const document = roleOf(request, RoleName).inline[PolicyName];
    if (document === undefined) throw noEntity(`The role policy with name ${PolicyName} cannot be found.`);
    return { RoleName, PolicyName, PolicyDocument: encoded(document) };
  },
  ListRolePolicies: (input: Marked & { RoleName: string }, request) => {
    const { items, ...page } = markerPage(
      request.world,
      Object.keys(roleOf(request, input.RoleName).inline).sort(),
      input,
    );
    return { PolicyNames: items, ...page };
  },
  DeleteRolePolicy: ({ RoleName, PolicyName }: { RoleName: string; PolicyName: string }, request) => {
    if (roleOf(request, RoleName).inline[PolicyName] === undefined)
      throw noEntity(`The role policy with name ${PolicyName} cannot be found.`);
    change(request, RoleName, ({ inline }) => ({
      inline: Object.fromEntries(Object.entries(inline).filter(([name]) => name !== PolicyName)),
    }));
  },
  AttachRolePolicy: ({ RoleName, PolicyArn }: { RoleName: string; PolicyArn: string }, request) => {
    if (!isKnownPolicy(request, PolicyArn)) throw noEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
    const { attached } = roleOf(request, RoleName);
    if (attached.includes(PolicyArn)) return;
    const message = 'Cannot exceed quota for PoliciesPerRole: 10';
    request.withinQuota('Managed policies per role', 10, attached.length, 'LimitExceeded', message);
    change(request, RoleName, () => ({ attached: [...attached, PolicyArn] }));
  },
  DetachRolePolicy: ({ RoleName, PolicyArn }: { RoleName: string; PolicyArn: string }, request) => {
    if (!roleOf(request, RoleName).attached.includes(PolicyArn)) throw noEntity(`Policy ${PolicyArn} was not found.`);
    change(request, RoleName, ({ attached }) => ({ attached: attached.filter((arn) => arn !== PolicyArn) }));
  },
  ListAttachedRolePolicies: (input: Marked & { RoleName: string }, request) => {
    const attached = roleOf(request, input.RoleName).attached.map((PolicyArn) => ({
      PolicyArn,
      PolicyName: PolicyArn.split('/').at(-1),
    }));
    const { items, ...page } = markerPage(request.world, attached, input);
    return { AttachedPolicies: items, ...page };
  },
  // Service-linked roles are there in every account that has used the service once, as this one has.
  CreateServiceLinkedRole: ({ AWSServiceName }: { AWSServiceName: string }) => {
    throw new AwsError(
      'InvalidInput',
      `Service role name for ${AWSServiceName} has been taken in this account, please try a different suffix.`,
    );
  },
};
