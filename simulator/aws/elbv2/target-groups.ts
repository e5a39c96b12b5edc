import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagPair } from '../core/tags.ts';
import { vpcs } from '../ec2/vpc.ts';
import { bornWith, objection, targetGroupAttributes } from './attributes.ts';
import { checkAgain } from './health.ts';
import {
  arnOf,
  checkName,
  chosen,
  invalid,
  misconfigured,
  notFound,
  paged,
  tagsGiven,
  targetGroups,
  the,
  type HealthCheck,
  type Paged,
  type TargetGroup,
} from './kinds.ts';
import { attributesTold } from './load-balancers.ts';
import { targets } from './targets.ts';
import { loadBalancersOf, sharesWithoutStickiness } from './usage.ts';

const told = (group: TargetGroup, request: Request) => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: group.protocol,
  ProtocolVersion: group.protocolVersion,
  Port: group.port,
  VpcId: group.vpcId,
  TargetType: group.targetType,
  IpAddressType: group.ipAddressType,
  HealthCheckEnabled: true,
  HealthCheckProtocol: group.check.protocol,
  HealthCheckPort: group.check.port,
  HealthCheckPath: group.check.path,
  HealthCheckIntervalSeconds: group.check.intervalSeconds,
  HealthCheckTimeoutSeconds: group.check.timeoutSeconds,
  HealthyThresholdCount: group.check.healthyThreshold,
  UnhealthyThresholdCount: group.check.unhealthyThreshold,
  Matcher: { HttpCode: group.check.matcher },
  LoadBalancerArns: loadBalancersOf(request, group.arn).map(({ arn }) => arn),
});

interface Check {
  readonly HealthCheckProtocol?: string;
  readonly HealthCheckPort?: string;
  readonly HealthCheckPath?: string;
  readonly HealthCheckIntervalSeconds?: number;
  readonly HealthCheckTimeoutSeconds?: number;
  readonly HealthyThresholdCount?: number;
  readonly UnhealthyThresholdCount?: number;
  readonly Matcher?: { readonly HttpCode?: string };
}

interface Create extends Check {
  readonly Name: string;
  readonly Protocol?: string;
  readonly ProtocolVersion?: string;
  readonly Port?: number;
  readonly VpcId?: string;
  readonly TargetType?: string;
  readonly IpAddressType?: string;
  readonly Tags?: TagPair[];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: the defaults for HTTP and instances. */
const bornCheck: HealthCheck = {
  protocol: 'HTTP',
  port: 'traffic-port',
  path: '/',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: '200',
};

/** A health check as the request changes it. */
function checkFrom(input: Check, before: HealthCheck): HealthCheck {
  const check: HealthCheck = {
    protocol: input.HealthCheckProtocol ?? before.protocol,
    port: input.HealthCheckPort ?? before.port,
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? before.matcher,
  };
  if (!check.path.startsWith('/')) throw invalid(`Health check path '${check.path}' must begin with a '/' character`);
  if (check.timeoutSeconds >= check.intervalSeconds)
    throw invalid(
      `Health check timeout '${check.timeoutSeconds}' must be smaller than the interval '${check.intervalSeconds}'`,
    );
  if (!/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/.test(check.matcher) || !/^[2-4]/.test(check.matcher))
    throw invalid(`Health check matcher HTTP code '${check.matcher}' must be within '200-499' inclusive`);
  return check;
}

/** Doing it twice with the same settings answers the same target group, as documented. */
function create(input: Create, request: Request) {
  const { Name: name, TargetType: targetType = 'instance', Protocol: protocol = '', Port: port } = input;
  checkName('Target group', name);
  if (targetType !== 'instance' || !['HTTP', 'HTTPS'].includes(protocol))
    throw new AwsError('UnsupportedOperation', 'Only target groups of instances over HTTP are simulated', 501);
  if (port === undefined) throw invalid('A port must be specified');
  if (input.VpcId === undefined) throw invalid('A VPC ID must be specified');
  if (!request.in(vpcs).get(input.VpcId)) throw invalid(`The VPC ID '${input.VpcId}' is not found`);
  const settings = {
    name,
    vpcId: input.VpcId,
    port,
    protocol,
    protocolVersion: input.ProtocolVersion ?? 'HTTP1',
    targetType,
    ipAddressType: input.IpAddressType ?? 'ipv4',
    check: checkFrom(input, bornCheck),
    tags: tagsGiven(input.Tags),
  };
  const all = request.in(targetGroups);
  const twin = all.all().find((group) => group.name === name);
  if (twin) return { TargetGroups: [told(sameOr(twin, settings), request)] };
  request.withinQuota(
    'Target Groups per Region',
    3000,
    all.all().length,
    'TooManyTargetGroups',
    'The maximum number of target groups has been reached',
  );
  const arn = arnOf(request, `targetgroup/${name}/${request.world.random.hex(16)}`);
  const group = all.put(arn, { ...settings, arn, attributes: bornWith(targetGroupAttributes) });
  return { TargetGroups: [told(group, request)] };
}

function sameOr(twin: TargetGroup, settings: Omit<TargetGroup, 'arn' | 'attributes'>): TargetGroup {
  const { arn, attributes, ...has } = twin;
  if (isDeepStrictEqual(has, settings)) return { ...has, arn, attributes };
  throw new AwsError(
    'DuplicateTargetGroupName',
    `A target group with the same name '${twin.name}' exists, but with different settings`,
  );
}

interface Describe extends Paged {
  readonly LoadBalancerArn?: string;
  readonly TargetGroupArns?: string[];
  readonly Names?: string[];
}

function describe(input: Describe, request: Request) {
  const listed = chosen(request.listed(targetGroups), input.TargetGroupArns, notFound('target-group'));
  const { Names: names = [], LoadBalancerArn } = input;
  if (names.some((name) => !listed.some((group) => group.name === name))) throw notFound('target-group');
  const named = names.length === 0 ? listed : listed.filter(({ name }) => names.includes(name));
  const below = named.filter(
    ({ arn }) =>
      LoadBalancerArn === undefined || loadBalancersOf(request, arn).some((lb) => lb.arn === LoadBalancerArn),
  );
  const { items, next } = paged(request, below, input);
  return { TargetGroups: items.map((group) => told(group, request)), NextMarker: next };
}

interface Named {
  readonly TargetGroupArn: string;
}

const groupOf = (request: Request, { TargetGroupArn }: Named): TargetGroup =>
  the(request, targetGroups, 'target-group', TargetGroupArn);

function modifyAttributes(input: Named & { Attributes: { Key?: string; Value?: string }[] }, request: Request) {
  const group = groupOf(request, input);
  for (const { Key = '', Value = '' } of input.Attributes) {
    const why = objection('Target group', targetGroupAttributes, Key, Value);
    if (why !== undefined) throw invalid(why);
  }
  const changes = Object.fromEntries(input.Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
  const attributes = { ...group.attributes, ...changes };
  if (attributes['stickiness.type'] === 'app_cookie' && attributes['stickiness.app_cookie.cookie_name'] === '')
    throw misconfigured("The attribute 'stickiness.app_cookie.cookie_name' must be set for application cookies");
  const rule = changes['stickiness.enabled'] === 'true' ? sharesWithoutStickiness(request, group.arn) : undefined;
  // https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2734
  if (rule !== undefined)
    throw misconfigured(
      `This target group appears behind a rule with group stickiness disabled (${rule}). You must enable group stickiness before enabling target stickiness`,
    );
  return attributesTold(request.in(targetGroups).change(group.arn, { attributes }).attributes);
}

function remove({ TargetGroupArn }: Named, request: Request): void {
  if (!request.in(targetGroups).get(TargetGroupArn)) return;
  if (loadBalancersOf(request, TargetGroupArn).length > 0)
    throw new AwsError('ResourceInUse', `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`);
  for (const target of request.in(targets).all())
    if (target.groupArn === TargetGroupArn) request.in(targets).remove(target.id);
  request.in(targetGroups).remove(TargetGroupArn);
}

export const targetGroupOperations: Operations = {
  CreateTargetGroup: create,
  DescribeTargetGroups: describe,
  ModifyTargetGroup: (input: Named & Check, request) => {
    const group = groupOf(request, input);
    const changed = request.in(targetGroups).change(group.arn, { check: checkFrom(input, group.check) });
    checkAgain(request, [group.arn]);
    return { TargetGroups: [told(changed, request)] };
  },
  DescribeTargetGroupAttributes: (input: Named, request) => attributesTold(groupOf(request, input).attributes),
  ModifyTargetGroupAttributes: modifyAttributes,
  DeleteTargetGroup: remove,
};
