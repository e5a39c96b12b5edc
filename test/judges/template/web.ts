import type { Configuration, Group } from '../../../simulator/aws/autoscaling/kinds.ts';
import { policies } from '../../../simulator/aws/autoscaling/kinds.ts';
import type { LaunchTemplate, TemplateNamed } from '../../../simulator/aws/ec2/launch-templates.ts';
import type { Action, Listener, LoadBalancer, Rule, TargetGroup } from '../../../simulator/aws/elbv2/kinds.ts';
import { keyValues, tagPairs, type Mapping, type Part } from './part.ts';

export const loadBalancer: Mapping<LoadBalancer> = (balancer) => [
  {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ids: { [balancer.arn]: 'Ref', [balancer.dnsName]: 'DNSName' },
    properties: {
      ...{ Name: balancer.name, Type: 'application', Scheme: balancer.scheme, SecurityGroups: balancer.groupIds },
      ...{ IpAddressType: balancer.ipAddressType, Subnets: balancer.places.map(({ subnetId }) => subnetId) },
      LoadBalancerAttributes: keyValues(balancer.attributes),
      Tags: tagPairs(balancer.tags),
    },
  },
];

export const targetGroup: Mapping<TargetGroup> = ({ check, ...group }) => [
  {
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    ids: { [group.arn]: 'Ref' },
    properties: {
      ...{ Name: group.name, VpcId: group.vpcId, Port: group.port, Protocol: group.protocol },
      ...{ ProtocolVersion: group.protocolVersion, TargetType: group.targetType, IpAddressType: group.ipAddressType },
      ...{ HealthCheckEnabled: true, HealthCheckProtocol: check.protocol, HealthCheckPort: check.port },
      ...{ HealthCheckPath: check.path, HealthCheckIntervalSeconds: check.intervalSeconds },
      ...{ HealthCheckTimeoutSeconds: check.timeoutSeconds, HealthyThresholdCount: check.healthyThreshold },
      ...{ UnhealthyThresholdCount: check.unhealthyThreshold, Matcher: { HttpCode: check.matcher } },
      TargetGroupAttributes: keyValues(group.attributes),
      Tags: tagPairs(group.tags),
    },
  },
];

const asText = ({ AuthenticateCognitoConfig: config, ...action }: Action) => ({
  ...action,
  // A number in a rule, a text in a listener.
  ...(config ? { AuthenticateCognitoConfig: { ...config, SessionTimeout: String(config.SessionTimeout) } } : {}),
});

export const listener: Mapping<Listener> = (one) => [
  {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    ids: { [one.arn]: 'Ref' },
    properties: {
      ...{ LoadBalancerArn: one.loadBalancerArn, Port: one.port, Protocol: one.protocol, SslPolicy: one.sslPolicy },
      Certificates: one.certificateArns.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
      DefaultActions: one.actions.map(asText),
      ListenerAttributes: keyValues(one.attributes),
      Tags: tagPairs(one.tags),
    },
  },
  ...one.certificateArns.slice(1).map((CertificateArn, at): Part => ({
    type: 'AWS::ElasticLoadBalancingV2::ListenerCertificate',
    suffix: `certificate-${at}`,
    properties: { ListenerArn: one.arn, Certificates: [{ CertificateArn }] },
  })),
];

/** A path is said twice over the API, and once in a template. */
const conditionOf = (condition: { readonly PathPatternConfig?: object; readonly Values?: unknown }) => {
  const { Values, ...rest } = condition;
  return Object.keys(rest).some((key) => key.endsWith('Config')) ? rest : { ...rest, Values };
};

export const rule: Mapping<Rule> = (one) => [
  {
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    ids: { [one.arn]: 'Ref' },
    properties: {
      ...{ ListenerArn: one.listenerArn, Priority: one.priority, Actions: one.actions },
      Conditions: one.conditions.map(conditionOf),
      Tags: tagPairs(one.tags),
    },
  },
];

export const launchTemplate: Mapping<LaunchTemplate> = ({ id, name, defaultVersion, versions, tags }) => [
  {
    type: 'AWS::EC2::LaunchTemplate',
    ids: { [id]: 'Ref' },
    properties: {
      LaunchTemplateName: name,
      LaunchTemplateData: versions.find(({ number }) => number === defaultVersion)?.data,
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: tagPairs(tags) }],
    },
  },
];

/** By name alone: a template may not say both, and cdk-nag finds by name only what a group starts its instances from. */
const byName = <T extends TemplateNamed>({ LaunchTemplateId, ...named }: T) =>
  named.LaunchTemplateName === undefined ? { LaunchTemplateId, ...named } : named;

const templateIds = ({ LaunchTemplate, MixedInstancesPolicy }: Configuration): string[] =>
  [LaunchTemplate, MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification].flatMap(
    (named) => named?.LaunchTemplateId ?? [],
  );

function configurationOf({ LaunchTemplate, MixedInstancesPolicy }: Configuration) {
  if (LaunchTemplate) return { LaunchTemplate: byName(LaunchTemplate) };
  const { LaunchTemplate: template, ...rest } = MixedInstancesPolicy ?? {};
  const specification = template?.LaunchTemplateSpecification;
  return {
    MixedInstancesPolicy: {
      ...rest,
      LaunchTemplate: { ...template, LaunchTemplateSpecification: specification && byName(specification) },
    },
  };
}

export const group: Mapping<Group> = (one, { world, region }) => [
  {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    ids: { [one.name]: 'Ref' },
    needs: templateIds(one.configuration),
    properties: {
      ...{ AutoScalingGroupName: one.name, MinSize: String(one.min), MaxSize: String(one.max) },
      ...{ DesiredCapacity: String(one.desired), Cooldown: String(one.cooldown) },
      ...configurationOf(one.configuration),
      ...{ AvailabilityZones: one.zones, VPCZoneIdentifier: one.subnetIds, TargetGroupARNs: one.targetGroupArns },
      ...{ HealthCheckType: one.healthCheckType, HealthCheckGracePeriod: one.graceSeconds },
      ...{ DefaultInstanceWarmup: one.warmupSeconds, NewInstancesProtectedFromScaleIn: one.protectsNew },
      TerminationPolicies: one.terminationPolicies,
      ...(one.metrics.length > 0
        ? { MetricsCollection: [{ Granularity: '1Minute', Metrics: [...one.metrics].sort() }] }
        : {}),
      ...one.others,
      Tags: one.tags,
    },
  },
  ...world
    .collection(region, policies)
    .all()
    .filter((policy) => policy.group === one.name)
    .map((policy, at): Part => ({
      type: 'AWS::AutoScaling::ScalingPolicy',
      suffix: `policy-${at}`,
      properties: { AutoScalingGroupName: one.name, PolicyType: policy.type, ...policy.settings },
    })),
];
