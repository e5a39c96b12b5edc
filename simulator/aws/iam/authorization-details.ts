import type { Operations, Request } from '../core/request.ts';
import { profileTold, profilesWith } from './instance-profiles.ts';
import { beyondBrief, roles, type Role } from './roles.ts';
import { encoded, markerPage, seen, type Marked } from './shared.ts';

interface Asked extends Marked {
  readonly Filter?: readonly string[];
}

/** Every role with its policies, tags and boundary. Unlike ListRoles it takes no path, and tells no description. */
const detailOf = (role: Role, request: Request) => ({
  RoleId: role.id,
  RoleName: role.name,
  Path: role.path,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encoded(role.trust),
  InstanceProfileList: profilesWith(request, role.name).map((profile) => profileTold(profile, request)),
  RolePolicyList: Object.entries(role.inline).map(([PolicyName, document]) => ({
    PolicyName,
    PolicyDocument: encoded(document),
  })),
  AttachedManagedPolicies: role.attached.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) })),
  ...beyondBrief(role),
});

export const authorizationOperations: Operations = {
  // This account has no users and groups; managed policies are told by ListPolicies.
  GetAccountAuthorizationDetails: ({ Filter = ['Role'], ...asked }: Asked, request) => {
    const listed = Filter.includes('Role') ? seen(request, roles) : [];
    const sorted = listed.sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, ...page } = markerPage(request.world, sorted, asked, 1000);
    const RoleDetailList = items.map((role) => detailOf(role, request));
    return { UserDetailList: [], GroupDetailList: [], RoleDetailList, Policies: [], ...page };
  },
};
