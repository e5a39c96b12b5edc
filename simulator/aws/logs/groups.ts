import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { withoutTags, type TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

interface LogGroup {
  readonly name: string;
  readonly tags: TagMap;
  readonly retentionDays: number | undefined;
  readonly createdAt: number;
  readonly logGroupClass: string;
}

export const logGroups: Kind<LogGroup> = { type: 'logs/group', tags: ({ tags }) => tags };

interface ResourcePolicy {
  readonly name: string;
  readonly document: string;
  readonly changedAt: number;
}

const resourcePolicies: Kind<ResourcePolicy> = { type: 'logs/resource-policy', tags: () => ({}) };

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const missing = (): AwsError => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');

function groupOf(request: Request, name: string): LogGroup {
  const found = request.in(logGroups).get(name);
  if (!found) throw missing();
  return found;
}

const arnOf = (request: Request, name: string): string => request.arn(`log-group:${name}`);

const told = (group: LogGroup, request: Request) => ({
  logGroupName: group.name,
  creationTime: Math.floor(group.createdAt),
  retentionInDays: group.retentionDays,
  metricFilterCount: 0,
  // The older member ends in `:*`, which stands for the group's streams.
  arn: `${arnOf(request, group.name)}:*`,
  logGroupArn: arnOf(request, group.name),
  storedBytes: 0,
  logGroupClass: group.logGroupClass,
});

const nameIn = (arn: string): string => /:log-group:([^:]+)$/.exec(arn)?.[1] ?? '';

interface Describe {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

export const logGroupOperations: Operations = {
  CreateLogGroup: (input: { logGroupName: string; tags?: TagMap; logGroupClass?: string }, request) => {
    const { logGroupName: name, tags = {}, logGroupClass = 'STANDARD' } = input;
    const all = request.in(logGroups);
    if (all.get(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    all.put(name, { name, tags, retentionDays: undefined, createdAt: request.now, logGroupClass });
  },
  DescribeLogGroups: (input: Describe, request) => {
    const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '' } = input;
    const found = request
      .listed(logGroups)
      .filter(({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = pageOf(request.world, found, { token: input.nextToken, size: input.limit, most: 50 });
    return { logGroups: items.map((group) => told(group, request)), nextToken: next };
  },
  PutRetentionPolicy: (input: { logGroupName: string; retentionInDays: number }, request) => {
    groupOf(request, input.logGroupName);
    if (!retentions.includes(input.retentionInDays))
      throw new AwsError(
        'InvalidParameterException',
        `Value '${input.retentionInDays}' at 'retentionInDays' is not one of [${retentions.join(', ')}]`,
      );
    request.in(logGroups).change(input.logGroupName, { retentionDays: input.retentionInDays });
  },
  DeleteRetentionPolicy: ({ logGroupName }: { logGroupName: string }, request) => {
    groupOf(request, logGroupName);
    request.in(logGroups).change(logGroupName, { retentionDays: undefined });
  },
  DeleteLogGroup: ({ logGroupName }: { logGroupName: string }, request) => {
    groupOf(request, logGroupName);
    request.in(logGroups).remove(logGroupName);
  },
  TagResource: ({ resourceArn, tags }: { resourceArn: string; tags: TagMap }, request) => {
    const group = groupOf(request, nameIn(resourceArn));
    request.in(logGroups).change(group.name, { tags: { ...group.tags, ...tags } });
  },
  UntagResource: ({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: string[] }, request) => {
    const group = groupOf(request, nameIn(resourceArn));
    request.in(logGroups).change(group.name, { tags: withoutTags(group.tags, tagKeys) });
  },
  ListTagsForResource: ({ resourceArn }: { resourceArn: string }, request) => ({
    tags: { ...groupOf(request, nameIn(resourceArn)).tags },
  }),
  TagLogGroup: ({ logGroupName, tags }: { logGroupName: string; tags: TagMap }, request) => {
    const group = groupOf(request, logGroupName);
    request.in(logGroups).change(logGroupName, { tags: { ...group.tags, ...tags } });
  },
  UntagLogGroup: ({ logGroupName, tags }: { logGroupName: string; tags: string[] }, request) => {
    const group = groupOf(request, logGroupName);
    request.in(logGroups).change(logGroupName, { tags: withoutTags(group.tags, tags) });
  },
  ListTagsLogGroup: ({ logGroupName }: { logGroupName: string }, request) => ({
    tags: { ...groupOf(request, logGroupName).tags },
  }),
  PutResourcePolicy: (
    { policyName = 'default', policyDocument = '' }: { policyName?: string; policyDocument?: string },
    request,
  ) => {
    request
      .in(resourcePolicies)
      .put(policyName, { name: policyName, document: policyDocument, changedAt: request.now });
    return { resourcePolicy: { policyName, policyDocument, lastUpdatedTime: Math.floor(request.now) } };
  },
  DescribeResourcePolicies: (_input, request) => ({
    resourcePolicies: request.listed(resourcePolicies).map(({ name, document, changedAt }) => ({
      policyName: name,
      policyDocument: document,
      lastUpdatedTime: Math.floor(changedAt),
    })),
  }),
};
