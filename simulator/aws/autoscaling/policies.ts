import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { groupOf, invalid, paged, policies, type Paged, type Policy } from './kinds.ts';

interface Put {
  readonly AutoScalingGroupName: string;
  readonly PolicyName: string;
  readonly PolicyType?: string;
  readonly Enabled?: boolean;
  readonly TargetTrackingConfiguration?: {
    readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string };
    readonly CustomizedMetricSpecification?: object;
    readonly TargetValue: number;
    readonly DisableScaleIn?: boolean;
  };
  readonly [setting: string]: unknown;
}

/** A target tracking policy keeps two alarms of its own; their names carry the group's. */
const alarmsOf = (request: Request, group: string, { id, type }: Policy) =>
  type !== 'TargetTrackingScaling'
    ? []
    : ['AlarmHigh', 'AlarmLow'].map((which, i) => {
        const AlarmName = `TargetTracking-${group}-${which}-${id.slice(-36)}`;
        return { AlarmName: `${AlarmName}${i}`, AlarmARN: request.arn(`alarm:${AlarmName}${i}`, 'cloudwatch') };
      });

/** A policy of the same name is replaced. */
function put(input: Put, request: Request) {
  const { AutoScalingGroupName: group, PolicyName: name, PolicyType: type = 'SimpleScaling', ...settings } = input;
  groupOf(request, group);
  const tracking = input.TargetTrackingConfiguration;
  if (type === 'TargetTrackingScaling') {
    if (!tracking) throw invalid('TargetTrackingConfiguration is required for policy type TargetTrackingScaling');
    if (!tracking.PredefinedMetricSpecification && !tracking.CustomizedMetricSpecification)
      throw invalid('A metric specification is required for target tracking');
  } else if (type === 'PredictiveScaling')
    throw new AwsError('UnsupportedOperation', 'Predictive scaling is not simulated', 501);
  else if (tracking) throw invalid(`TargetTrackingConfiguration is not supported for policy type ${type}`);
  const known = request
    .in(policies)
    .all()
    .find((policy) => policy.group === group && policy.name === name);
  const uuid = [8, 4, 4, 4, 12].map((length) => request.world.random.hex(length)).join('-');
  const id = known?.id ?? `policy-${uuid}`;
  const arn = request.arn(`scalingPolicy:${id.slice(7)}:autoScalingGroupName/${group}:policyName/${name}`);
  const policy = request.in(policies).put(id, { id, arn, group, name, type, settings });
  return { PolicyARN: arn, Alarms: alarmsOf(request, group, policy) };
}

/** What AWS fills in when it tells of a target tracking policy. */
function told(request: Request, policy: Policy) {
  const tracking = policy.settings['TargetTrackingConfiguration'];
  return {
    AutoScalingGroupName: policy.group,
    PolicyName: policy.name,
    PolicyARN: policy.arn,
    PolicyType: policy.type,
    Enabled: true,
    StepAdjustments: [],
    ...policy.settings,
    ...(tracking ? { TargetTrackingConfiguration: { DisableScaleIn: false, ...(tracking as object) } } : {}),
    Alarms: alarmsOf(request, policy.group, policy),
  };
}

interface Describe extends Paged {
  readonly AutoScalingGroupName?: string;
  readonly PolicyNames?: readonly string[];
  readonly PolicyTypes?: readonly string[];
}

function describe(input: Describe, request: Request) {
  if (input.AutoScalingGroupName !== undefined) groupOf(request, input.AutoScalingGroupName);
  const found = request
    .listed(policies)
    .filter(({ group }) => input.AutoScalingGroupName === undefined || group === input.AutoScalingGroupName)
    .filter(
      ({ name, arn }) => !input.PolicyNames?.length || input.PolicyNames.some((one) => one === name || one === arn),
    )
    .filter(({ type }) => !input.PolicyTypes?.length || input.PolicyTypes.includes(type));
  const { items, next } = paged(request, found, input);
  return { ScalingPolicies: items.map((policy) => told(request, policy)), NextToken: next };
}

function remove(input: { AutoScalingGroupName?: string; PolicyName: string }, request: Request): void {
  const named = ({ group, name, arn }: Policy): boolean =>
    arn === input.PolicyName || (group === input.AutoScalingGroupName && name === input.PolicyName);
  const found = request.in(policies).all().find(named);
  if (!found) throw invalid(`No scaling policy found for the name ${input.PolicyName}`);
  request.in(policies).remove(found.id);
}

export const policyOperations: Operations = { PutScalingPolicy: put, DescribePolicies: describe, DeletePolicy: remove };
