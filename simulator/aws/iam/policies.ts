import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind, World } from '../core/world.ts';
import { isAwsManaged } from './aws-managed-policies.ts';
import { checkPermissions } from './documents.ts';
import { rolesOf } from './roles.ts';
import { encoded, global, markerPage, noEntity, seen, type Marked } from './shared.ts';

interface Policy {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly tags: TagMap;
  readonly document: string;
  readonly createdAt: number;
  readonly seeded: boolean;
}

const policies: Kind<Policy> = { type: 'iam/policy', tags: ({ tags }) => tags, exists: ({ seeded }) => !seeded };

/** Puts a policy of the user's own into the account. */
export function seedPolicy(world: World, name: string, document: object): void {
  const arn = `arn:aws:iam::${world.account}:policy/${name}`;
  const text = JSON.stringify(document);
  world.collection('global', policies).put(arn, {
    id: 'ANPASEEDED',
    name,
    path: '/',
    arn,
    tags: {},
    document: text,
    createdAt: world.now(),
    seeded: true,
  });
}

export const isKnownPolicy = (request: Request, arn: string): boolean =>
  isAwsManaged(arn) || global(request, policies).get(arn) !== undefined;

function policyOf(request: Request, arn: string): Policy {
  const found = global(request, policies).get(arn);
  if (!found) throw noEntity(`Policy ${arn} was not found.`);
  return found;
}

const attachmentsOf = (request: Request, arn: string): number =>
  rolesOf(request)
    .all()
    .filter(({ attached }) => attached.includes(arn)).length;

const told = (policy: Policy, request: Request) => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: 'v1',
  AttachmentCount: attachmentsOf(request, policy.arn),
  IsAttachable: true,
  CreateDate: new Date(policy.createdAt),
  UpdateDate: new Date(policy.createdAt),
  Tags: toTagPairs(policy.tags),
});

const version = (policy: Policy) => ({
  VersionId: 'v1',
  IsDefaultVersion: true,
  CreateDate: new Date(policy.createdAt),
});

interface CreatePolicy {
  readonly PolicyName: string;
  readonly Path?: string;
  readonly PolicyDocument: string;
  readonly Tags?: TagPair[];
}

export const policyOperations: Operations = {
  CreatePolicy: (input: CreatePolicy, request) => {
    const { PolicyName: name, Path: path = '/' } = input;
    const arn = `arn:aws:iam::${request.account}:policy${path}${name}`;
    if (global(request, policies).get(arn))
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        409,
      );
    checkPermissions(input.PolicyDocument);
    const id = `ANPA${request.world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 17)}`;
    const made = {
      id,
      name,
      path,
      arn,
      tags: toTagMap(input.Tags),
      document: input.PolicyDocument,
      createdAt: request.now,
      seeded: false,
    };
    return { Policy: told(global(request, policies).put(arn, made), request) };
  },
  GetPolicy: ({ PolicyArn }: { PolicyArn: string }, request) => ({
    Policy: told(policyOf(request, PolicyArn), request),
  }),
  GetPolicyVersion: ({ PolicyArn }: { PolicyArn: string }, request) => {
    const policy = policyOf(request, PolicyArn);
    return { PolicyVersion: { ...version(policy), Document: encoded(policy.document) } };
  },
  ListPolicyVersions: ({ PolicyArn }: { PolicyArn: string }, request) => ({
    Versions: [version(policyOf(request, PolicyArn))],
    IsTruncated: false,
  }),
  ListPolicies: (input: Marked & { PathPrefix?: string }, request) => {
    const all = seen(request, policies).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...page } = markerPage(request.world, all, input);
    return { Policies: items.map((policy) => told(policy, request)), ...page };
  },
  DeletePolicy: ({ PolicyArn }: { PolicyArn: string }, request) => {
    policyOf(request, PolicyArn);
    if (attachmentsOf(request, PolicyArn) > 0)
      throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    global(request, policies).remove(PolicyArn);
  },
};
