import type { Role, RoleDetail } from '@aws-sdk/client-iam';
import { sameDocument, sameMembers, without } from '../../model/compare.ts';
import { Fault, faultOf, orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { iamPath } from './paths.ts';
import { parsePolicy, sparingStatements, type PolicyDocument } from './policies.ts';

/** What instances and AWS services may do in the store's name: just what is written here. */
export interface RoleProps {
  readonly description: string;
  /** Who may take the role on. */
  readonly trustPolicy: PolicyDocument;
  /** By name; an inline policy that is not among them is removed. */
  readonly inlinePolicies: Readonly<Record<string, PolicyDocument>>;
  /** Any other managed policy is detached; none is ever attached. What a role may do is written in its inline policies. */
  readonly managedPolicyArns: readonly string[];
  /** The ceiling over all its policies; null for none. */
  readonly permissionsBoundaryArn: string | null | TwoBoundaries;
}

/** A role has one boundary at most: where two are asked for, none is given, and it is never as wanted. */
export interface TwoBoundaries {
  readonly stores: string;
  readonly installations: string;
}

export interface RoleOutputs {
  readonly roleName: string;
  readonly roleArn: string;
}

type RoleFound = Found<RoleProps, RoleOutputs>;

export const role: ResourceType<RoleProps, RoleOutputs> = {
  name: 'iam/role',
  fields: {
    description: 'live',
    trustPolicy: { mode: 'live', equal: sameDocument },
    // Late: what they name (a secret, a topic) may be made long after the role, and nobody waits for it to be there.
    inlinePolicies: { mode: 'live', equal: sameDocument, late: true, spare: sparingPolicies },
    managedPolicyArns: { mode: 'live', equal: sameMembers },
    permissionsBoundaryArn: 'live',
  },
  needs: [],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteRole',
  key: (_props, name) => name,
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    const PathPrefix = iamPath(scope.installation);
    const read = (Marker?: string) => aws.iam('ListRoles', { PathPrefix, Marker });
    for await (const { Roles = [] } of pages(read, (answer) => (answer.IsTruncated ? answer.Marker : undefined)))
      yield await Promise.all(
        Roles.map(async (found) => {
          // ListRoles answers neither tags nor boundaries.
          const { RoleId: id = '', RoleName: name = '' } = found;
          return told(found, await learntOwner(scope, id, () => ownerOf(aws, name)));
        }),
      );
  },

  detailed: ['inlinePolicies', 'managedPolicyArns', 'permissionsBoundaryArn'],

  /** One call tells the policies of a thousand roles; asked role by role it is five calls each. */
  async details(aws, found) {
    const ids = new Set(found.map(({ id }) => id));
    const read = (Marker?: string) =>
      aws.iam('GetAccountAuthorizationDetails', { Filter: ['Role'], MaxItems: 1000, Marker });
    const told = new Map<string, Pick<RoleFound, 'props'>>();
    for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.Marker : undefined)))
      for (const detail of page.RoleDetailList ?? [])
        if (ids.has(detail.RoleId ?? '')) told.set(detail.RoleId ?? '', { props: detailTold(detail) });
    return told;
  },

  async create(aws, props, birth) {
    const { Role: made } = await aws.iam('CreateRole', {
      RoleName: birth.name,
      Path: iamPath(birth.owner.installation),
      Description: props.description,
      AssumeRolePolicyDocument: JSON.stringify(props.trustPolicy),
      PermissionsBoundary: oneBoundary(props) ?? undefined,
      Tags: tagPairs(birth.tags),
    });
    const found = told(made as Role, birth.owner);
    const { permissionsBoundaryArn } = props;
    // A role is born with the boundary it was asked for, and without any policy.
    return { ...found, props: { ...found.props, permissionsBoundaryArn, inlinePolicies: {}, managedPolicyArns: [] } };
  },

  async update(aws, found, props, fields) {
    const RoleName = found.outputs.roleName;
    // First the ceiling, then what lies under it.
    const PermissionsBoundary = oneBoundary(props);
    if (fields.has('permissionsBoundaryArn'))
      await (PermissionsBoundary === null
        ? aws.iam('DeleteRolePermissionsBoundary', { RoleName })
        : aws.iam('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary }));
    if (fields.has('trustPolicy'))
      await aws.iam('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: JSON.stringify(props.trustPolicy) });
    if (fields.has('description')) await aws.iam('UpdateRole', { RoleName, Description: props.description });
    if (fields.has('inlinePolicies')) await changeInline(aws, found, props.inlinePolicies);
    const attached = found.props.managedPolicyArns ?? [];
    if (fields.has('managedPolicyArns'))
      await strip(aws, RoleName, { inline: [], managed: without(attached, props.managedPolicyArns) });
  },

  async delete(aws, found) {
    const RoleName = found.outputs.roleName;
    // A name can be used again, and IAM deletes by name: what has another id is not ours.
    const now = await orAbsent(aws.iam('GetRole', { RoleName }));
    if (now?.Role?.RoleId !== found.id) return;
    // IAM deletes only what is bare (DeleteConflict): what somebody added since the last look goes too.
    const { inlinePolicies, managedPolicyArns } = found.props;
    const known = inlinePolicies &&
      managedPolicyArns && { inline: Object.keys(inlinePolicies), managed: managedPolicyArns };
    if (known && (await isDeletedWithout(aws, RoleName, known))) return;
    const [inline, managed] = await Promise.all([
      orAbsent(inlineNames(aws, RoleName)),
      orAbsent(managedOf(aws, RoleName)),
    ]);
    await strip(aws, RoleName, { inline: inline ?? [], managed: managed ?? [] });
    await orAbsent(aws.iam('DeleteRole', { RoleName }));
  },
};

/** Throws a `rejected` fault where a store asks for another boundary than all roles of its installation have. */
export function oneBoundary({
  permissionsBoundaryArn: asked,
}: Pick<RoleProps, 'permissionsBoundaryArn'>): string | null {
  if (asked === null || typeof asked === 'string') return asked;
  throw new Fault('rejected', `the roles of this installation have the permissions boundary ${asked.installations}`, {
    field: 'spec.policy.permissionsBoundaryArn',
    remedy: 'leave it out, or name that one',
  });
}

type Inline = RoleProps['inlinePolicies'];

/** A policy goes on allowing what it did with what still serves. */
function sparingPolicies(wanted: Inline, found: Inline, serves: (part: unknown) => boolean): Inline {
  const spared = Object.entries(wanted).map(([name, document]) => {
    const has = found[name];
    return [name, has ? sparingStatements(document, has, serves) : document] as const;
  });
  return Object.fromEntries(spared);
}

/** The policies of a role, by name and by ARN. */
interface Policies {
  readonly inline: readonly string[];
  readonly managed: readonly string[];
}

async function strip(aws: Aws, RoleName: string | undefined, { inline, managed }: Policies): Promise<void> {
  for (const PolicyName of inline) await orAbsent(aws.iam('DeleteRolePolicy', { RoleName, PolicyName }));
  for (const PolicyArn of managed) await orAbsent(aws.iam('DetachRolePolicy', { RoleName, PolicyArn }));
}

/** Whether a role could be deleted without the policies that it is known to have; false when it has others. */
async function isDeletedWithout(aws: Aws, RoleName: string | undefined, known: Policies): Promise<boolean> {
  await strip(aws, RoleName, known);
  return (await faultOf(orAbsent(aws.iam('DeleteRole', { RoleName })), 'busy')) === undefined;
}

async function changeInline(aws: Aws, found: RoleFound, wanted: RoleProps['inlinePolicies']): Promise<void> {
  const RoleName = found.outputs.roleName;
  const has = found.props.inlinePolicies ?? {};
  for (const [PolicyName, document] of Object.entries(wanted))
    if (!has[PolicyName] || !sameDocument(document, has[PolicyName]))
      await aws.iam('PutRolePolicy', { RoleName, PolicyName, PolicyDocument: JSON.stringify(document) });
  for (const PolicyName of without(Object.keys(has), Object.keys(wanted)))
    await orAbsent(aws.iam('DeleteRolePolicy', { RoleName, PolicyName }));
}

async function inlineNames(aws: Aws, RoleName: string | undefined): Promise<string[]> {
  const names: string[] = [];
  const read = (Marker?: string) => aws.iam('ListRolePolicies', { RoleName, Marker });
  for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.Marker : undefined)))
    names.push(...(page.PolicyNames ?? []));
  return names;
}

async function managedOf(aws: Aws, RoleName: string | undefined): Promise<string[]> {
  const arns: string[] = [];
  const read = (Marker?: string) => aws.iam('ListAttachedRolePolicies', { RoleName, Marker });
  for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.Marker : undefined)))
    arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn));
  return arns.sort();
}

async function ownerOf(aws: Aws, RoleName: string): Promise<NodeOwner | undefined> {
  const answer = await orAbsent(aws.iam('GetRole', { RoleName }));
  return ownerFromTags(tagsFromPairs(answer?.Role?.Tags));
}

/** All but the description, which this call does not tell and lists do. */
const detailTold = (found: RoleDetail): Partial<RoleProps> => ({
  trustPolicy: parsePolicy(found.AssumeRolePolicyDocument),
  permissionsBoundaryArn: found.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  inlinePolicies: Object.fromEntries(
    (found.RolePolicyList ?? []).map(({ PolicyName = '', PolicyDocument }) => [
      PolicyName,
      parsePolicy(PolicyDocument) ?? {},
    ]),
  ),
  managedPolicyArns: (found.AttachedManagedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn).sort(),
});

function told(found: Role, owner: NodeOwner | undefined): RoleFound {
  const { RoleId: id = '', RoleName: roleName = '', Arn: roleArn = '' } = found;
  return {
    id,
    key: roleName,
    owner,
    state: { is: 'ready' },
    props: {
      description: found.Description ?? '',
      trustPolicy: parsePolicy(found.AssumeRolePolicyDocument),
    },
    outputs: { roleName, roleArn },
    bornAt: found.CreateDate?.getTime(),
  };
}
