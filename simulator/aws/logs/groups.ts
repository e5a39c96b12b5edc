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

const invalid = (why: string): AwsError => new AwsError('InvalidParameterException', why);

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

/** The group that tags are about: by its ARN without the `:*` of its streams. */
function taggedBy(request: Request, arn: string): LogGroup {
  const name = /:log-group:([^:]+)$/.exec(arn)?.[1];
  if (name === undefined) throw invalid(`${arn} is not the ARN of a log group`);
  return groupOf(request, name);
}

interface Describe {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly logGroupClass?: string;
  readonly logGroupIdentifiers?: string[];
  readonly nextToken?: string;
  readonly limit?: number;
}

interface Create {
  readonly logGroupName: string;
  readonly tags?: TagMap;
  readonly logGroupClass?: string;
}

export const logGroupOperations: Operations = {
  CreateLogGroup: (input: Create, request) => {
    const { logGroupName: name, tags = {}, logGroupClass = 'STANDARD', ...others } = input;
    const [other] = Object.keys(others);
    if (other !== undefined) throw invalid(`The simulator knows no log groups with ${other}`);
    if (name.startsWith('aws/')) throw invalid("Log groups can't start with aws/");
    const all = request.in(logGroups);
    if (all.get(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const quota = 'Log groups per account';
    request.withinQuota(quota, 1_000_000, all.all().length, 'LimitExceededException', 'Resource limit exceeded.');
    all.put(name, { name, tags, retentionDays: undefined, createdAt: request.now, logGroupClass });
  },
  DescribeLogGroups: (input: Describe, request) => {
    const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '', logGroupIdentifiers: asked } = input;
    if (prefix !== '' && pattern !== '')
      throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    const found = request
      .listed(logGroups)
      .filter(({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()))
      .filter(({ logGroupClass }) => logGroupClass === (input.logGroupClass ?? logGroupClass))
      .filter(({ name }) => asked?.some((one) => one === name || one === arnOf(request, name)) ?? true)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = pageOf(request.world, found, { token: input.nextToken, size: input.limit, most: 50 });
    return { logGroups: items.map((group) => told(group, request)), nextToken: next };
  },
  PutRetentionPolicy: (input: { logGroupName: string; retentionInDays: number }, request) => {
    groupOf(request, input.logGroupName);
    if (!retentions.includes(input.retentionInDays))
      throw invalid(`Value '${input.retentionInDays}' at 'retentionInDays' is not one of [${retentions.join(', ')}]`);
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
    const group = taggedBy(request, resourceArn);
    request.in(logGroups).change(group.name, { tags: { ...group.tags, ...tags } });
  },
  UntagResource: ({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: string[] }, request) => {
    const group = taggedBy(request, resourceArn);
    request.in(logGroups).change(group.name, { tags: withoutTags(group.tags, tagKeys) });
  },
  ListTagsForResource: ({ resourceArn }: { resourceArn: string }, request) => ({
    tags: { ...taggedBy(request, resourceArn).tags },
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
