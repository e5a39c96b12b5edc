import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import type { World } from '../core/world.ts';
import { addDependantRule, onDependants, whenGone } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { permissionsOf, type Rule } from './permissions.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';
import { vpcOf } from './vpc.ts';

export interface SecurityGroup extends Tagged {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly rules: readonly Rule[];
}

/** The default group of a VPC is part of the VPC: nobody makes or deletes it. */
export const securityGroups = kind<SecurityGroup>('security-group', { exists: ({ name }) => name !== 'default' });

const noGroup = (id: string): AwsError =>
  new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);

export function groupOf(request: Request, id: string): SecurityGroup {
  const found = request.in(securityGroups).get(id);
  if (!found) throw noGroup(id);
  return found;
}

const allTraffic = {
  protocol: '-1',
  fromPort: undefined,
  toPort: undefined,
  description: undefined,
  tags: {},
} as const;

/**
 * The security groups of what stands in a VPC: those given, which must be of it, else its default one. Each service has
 * words of its own for a group that is not.
 */
export function groupsIn(
  request: Request,
  vpcId: string,
  given: readonly string[] | undefined,
  refusal: (id: string) => AwsError,
): string[] {
  const all = request.in(securityGroups);
  if (!given)
    return all
      .all()
      .filter((one) => one.vpcId === vpcId && one.name === 'default')
      .map(({ id }) => id);
  const wrong = given.find((id) => all.get(id)?.vpcId !== vpcId);
  if (wrong !== undefined) throw refusal(wrong);
  return [...given];
}

export function makeDefaultSecurityGroup(request: Request, vpcId: string): void {
  const id = request.id('sg');
  const rule = (egress: boolean, source: Rule['source']): Rule => ({
    id: request.id('sgr'),
    egress,
    source,
    ...allTraffic,
  });
  request.in(securityGroups).put(id, {
    id,
    tags: {},
    vpcId,
    name: 'default',
    description: 'default VPC security group',
    rules: [rule(false, { groupId: id }), rule(true, { cidr: '0.0.0.0/0' })],
  });
}

whenGone((request, ground, id) => {
  if (ground !== 'vpc') return;
  for (const group of request.in(securityGroups).all())
    if (group.vpcId === id) request.in(securityGroups).remove(group.id);
});

addDependantRule((world, region, ground, id) => {
  const groups = world.collection(region, securityGroups).all();
  if (ground === 'vpc') return groups.find(({ vpcId, name }) => vpcId === id && name !== 'default')?.id;
  if (ground !== 'security-group') return undefined;
  const naming = groups.find((group) => group.id !== id && group.rules.some(({ source }) => source.groupId === id));
  return naming?.id ?? interfaceWith(world, region, id);
});

const interfaceWith = (world: World, region: string, groupId: string): string | undefined =>
  world
    .collection(region, networkInterfaces)
    .all()
    .find(({ groupIds }) => groupIds.includes(groupId))?.id;

addDependantRule((world, region, ground, id) =>
  ground === 'subnet'
    ? world
        .collection(region, networkInterfaces)
        .all()
        .find(({ subnetId }) => subnetId === id)?.id
    : undefined,
);

const filters: FilterTable<SecurityGroup> = {
  'group-id': ({ id }) => [id],
  'group-name': ({ name }) => [name],
  'vpc-id': ({ vpcId }) => [vpcId],
  description: ({ description }) => [description],
  'ip-permission.cidr': ({ rules }) => rules.filter(({ egress }) => !egress).map(({ source }) => source.cidr),
  'ip-permission.group-id': ({ rules }) => rules.filter(({ egress }) => !egress).map(({ source }) => source.groupId),
};

const told = (group: SecurityGroup, request: Request) => ({
  GroupId: group.id,
  GroupName: group.name,
  Description: group.description,
  VpcId: group.vpcId,
  OwnerId: request.account,
  SecurityGroupArn: request.arn(`security-group/${group.id}`),
  IpPermissions: permissionsOf(
    group.rules.filter(({ egress }) => !egress),
    request.account,
  ),
  IpPermissionsEgress: permissionsOf(
    group.rules.filter(({ egress }) => egress),
    request.account,
  ),
  Tags: toTagPairs(group.tags),
});

interface CreateGroup {
  readonly GroupName: string;
  readonly Description: string;
  readonly VpcId?: string;
  readonly TagSpecifications?: TagSpecification[];
}

function create(input: CreateGroup, request: Request) {
  const vpc = vpcOf(request, input.VpcId ?? '');
  const all = request.in(securityGroups);
  const { GroupName: name, Description: description } = input;
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  if (!/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(name) || name.startsWith('sg-'))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
    );
  if (name === 'default') throw new AwsError('InvalidGroup.Reserved', `The security group 'default' is reserved`);
  if (!/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(description))
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`,
    );
  if (all.all().some((group) => group.vpcId === vpc.id && group.name === name))
    throw new AwsError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpc.id}'`);
  const id = request.id('sg');
  const tags = tagsAtBirth(input.TagSpecifications, 'security-group');
  const out: Rule = { id: request.id('sgr'), egress: true, source: { cidr: '0.0.0.0/0' }, ...allTraffic };
  all.put(id, { id, tags, vpcId: vpc.id, name, description, rules: [out] });
  return { GroupId: id, SecurityGroupArn: request.arn(`security-group/${id}`), Tags: toTagPairs(tags) };
}

export const securityGroupOperations: Operations = {
  CreateSecurityGroup: create,
  DescribeSecurityGroups: (
    input: { GroupIds?: string[]; GroupNames?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(securityGroups), input.GroupIds, ({ id }) => id, noGroup);
    const named = byIds(listed, input.GroupNames, ({ name }) => name, noGroup);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(named, input.Filters, filters), page);
    return { SecurityGroups: items.map((group) => told(group, request)), NextToken: next };
  },
  DeleteSecurityGroup: ({ GroupId = '' }: { GroupId?: string }, request) => {
    const group = groupOf(request, GroupId);
    if (group.name === 'default')
      throw new AwsError(
        'CannotDelete',
        `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`,
      );
    if (onDependants(request, 'security-group', GroupId) !== undefined)
      throw new AwsError('DependencyViolation', `resource ${GroupId} has a dependent object`);
    request.in(securityGroups).remove(GroupId);
    return { Return: true, GroupId };
  },
};

/** Told after every change of a group's rules. */
export type RulesWatcher = (request: Request) => void;

const watchers: RulesWatcher[] = [];

/** What passes through groups follows their rules. */
export const watchRules = (watcher: RulesWatcher): void => void watchers.push(watcher);

/** For other files of this folder: the rules of a group replaced. */
export function setRules(request: Request, group: SecurityGroup, rules: readonly Rule[]): void {
  request.in(securityGroups).change(group.id, { rules });
  for (const watcher of watchers) watcher(request);
}
