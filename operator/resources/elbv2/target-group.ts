import type { TargetGroup, TargetGroupAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { withOwners } from './tags.ts';
import { healthInWords, healthOf } from './target-health.ts';

/** Where the load balancer sends requests: the store's instances, how their health is told, and the sticky cookie. */
export interface TargetGroupProps {
  readonly vpcId: string;
  /** The port the application listens on. */
  readonly port: number;
  readonly protocol: 'HTTP';
  readonly targetType: 'instance';
  readonly healthPath: string;
  /** Successes in a row that make a target healthy. */
  readonly healthyThreshold: number;
  /** Failures in a row that make it unhealthy. */
  readonly unhealthyThreshold: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** The HTTP codes of a healthy answer, as `200` or `200-399`. */
  readonly matcher: string;
  /** A cookie of the load balancer's own (`lb_cookie`) keeps a client at its instance. */
  readonly stickinessEnabled: boolean;
  readonly stickinessSeconds: number;
  /** How long a leaving instance may finish its requests. */
  readonly deregistrationDelaySeconds: number;
}

export interface TargetGroupOutputs {
  readonly targetGroupArn: string;
  /** `targetgroup/<name>/<hash>`, as CloudWatch's dimension TargetGroup wants it. */
  readonly fullName: string;
}

export const targetGroup: ResourceType<TargetGroupProps, TargetGroupOutputs> = {
  name: 'elbv2/target-group',
  fields: {
    vpcId: 'fixed',
    port: 'fixed',
    protocol: 'fixed',
    targetType: 'fixed',
    healthPath: 'live',
    healthyThreshold: 'live',
    unhealthyThreshold: 'live',
    intervalSeconds: 'live',
    timeoutSeconds: 'live',
    matcher: 'live',
    stickinessEnabled: 'live',
    stickinessSeconds: 'live',
    deregistrationDelaySeconds: 'live',
  },
  needs: ['ec2/vpc'],
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteTargetGroup',
  beat: 'existence',
  // With its instances: a group that is deleted waits for nobody's request.
  drains: ({ deregistrationDelaySeconds = 0 }) => deregistrationDelaySeconds * 1_000,
  scope: 'regional',
  key: (_props, name) => name,

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.elbv2('DescribeTargetGroups', { Marker });
    for await (const { TargetGroups = [] } of pages(read, (answer) => answer.NextMarker))
      yield await withOwners({ aws, scope, arnOf }, TargetGroups, told);
  },

  detailed: ['stickinessEnabled', 'stickinessSeconds', 'deregistrationDelaySeconds'],

  async detail(aws, found) {
    const answer = await orAbsent(aws.elbv2('DescribeTargetGroupAttributes', { TargetGroupArn: found.id }));
    return answer && { props: fromAttributes(answer.Attributes) };
  },

  async create(aws, props, birth) {
    const { TargetGroups: [made = {}] = [] } = await aws.elbv2('CreateTargetGroup', {
      Name: birth.name,
      VpcId: props.vpcId,
      Port: props.port,
      Protocol: props.protocol,
      TargetType: props.targetType,
      HealthCheckPath: props.healthPath,
      HealthyThresholdCount: props.healthyThreshold,
      UnhealthyThresholdCount: props.unhealthyThreshold,
      HealthCheckIntervalSeconds: props.intervalSeconds,
      HealthCheckTimeoutSeconds: props.timeoutSeconds,
      Matcher: { HttpCode: props.matcher },
      Tags: tagPairs(birth.tags),
    });
    const found = told(made, birth.owner);
    return { ...found, props: { ...found.props, ...bornAttributes } };
  },

  async update(aws, found, props, fields) {
    const TargetGroupArn = found.id;
    const wants = <T>(field: keyof TargetGroupProps, value: T): T | undefined =>
      fields.has(field) ? value : undefined;
    if (checkFields.some((field) => fields.has(field)))
      await aws.elbv2('ModifyTargetGroup', {
        TargetGroupArn,
        HealthCheckPath: wants('healthPath', props.healthPath),
        HealthCheckProtocol: wants('healthPath', props.protocol),
        HealthCheckPort: wants('healthPath', 'traffic-port'),
        HealthyThresholdCount: wants('healthyThreshold', props.healthyThreshold),
        UnhealthyThresholdCount: wants('unhealthyThreshold', props.unhealthyThreshold),
        HealthCheckIntervalSeconds: wants('intervalSeconds', props.intervalSeconds),
        HealthCheckTimeoutSeconds: wants('timeoutSeconds', props.timeoutSeconds),
        Matcher: wants('matcher', { HttpCode: props.matcher }),
      });
    const Attributes = toAttributes(props).flatMap(([field, attributes]) => (fields.has(field) ? attributes : []));
    if (Attributes.length > 0) await aws.elbv2('ModifyTargetGroupAttributes', { TargetGroupArn, Attributes });
  },

  async whyNotServing(aws, found) {
    // Nothing names the group yet where none is checked, and then no other is healthy.
    const checked = (await healthOf(aws, found.id)).filter(({ state }) => state !== 'unused');
    const serves = checked.length > 0 && checked.every(({ state }) => state === 'healthy');
    return serves ? undefined : healthInWords(checked, checked.length);
  },

  async delete(aws, found) {
    await orAbsent(aws.elbv2('DeleteTargetGroup', { TargetGroupArn: found.id }));
  },
};

const isPlain = ({ HealthCheckProtocol, HealthCheckPort, HealthCheckEnabled, Protocol }: TargetGroup): boolean =>
  HealthCheckProtocol === Protocol && HealthCheckPort === 'traffic-port' && HealthCheckEnabled !== false;

const arnOf = (found: TargetGroup): string => found.TargetGroupArn ?? '';

const checkFields = [
  'healthPath',
  'healthyThreshold',
  'unhealthyThreshold',
  'intervalSeconds',
  'timeoutSeconds',
  'matcher',
] as const;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-attributes */
const bornAttributes: Partial<TargetGroupProps> = {
  stickinessEnabled: false,
  stickinessSeconds: 86_400,
  deregistrationDelaySeconds: 300,
};

const toAttributes = (props: TargetGroupProps): [keyof TargetGroupProps, TargetGroupAttribute[]][] => [
  [
    'stickinessEnabled',
    [
      { Key: 'stickiness.enabled', Value: String(props.stickinessEnabled) },
      { Key: 'stickiness.type', Value: 'lb_cookie' },
    ],
  ],
  ['stickinessSeconds', [{ Key: 'stickiness.lb_cookie.duration_seconds', Value: String(props.stickinessSeconds) }]],
  [
    'deregistrationDelaySeconds',
    [{ Key: 'deregistration_delay.timeout_seconds', Value: String(props.deregistrationDelaySeconds) }],
  ],
];

function fromAttributes(attributes: readonly TargetGroupAttribute[] = []): Partial<TargetGroupProps> {
  const values = new Map(attributes.map(({ Key, Value }) => [Key, Value]));
  const enabled = values.get('stickiness.enabled') === 'true';
  const ours = values.get('stickiness.type') === 'lb_cookie';
  return {
    // Sticky by another cookie is neither on nor off: it differs from both and heals.
    stickinessEnabled: enabled && !ours ? undefined : enabled,
    stickinessSeconds: Number(values.get('stickiness.lb_cookie.duration_seconds')),
    deregistrationDelaySeconds: Number(values.get('deregistration_delay.timeout_seconds')),
  };
}

function told(found: TargetGroup, owner: NodeOwner | undefined): Found<TargetGroupProps, TargetGroupOutputs> {
  const id = arnOf(found);
  return {
    id,
    key: found.TargetGroupName,
    owner,
    state: { is: 'ready' },
    props: {
      vpcId: found.VpcId,
      port: found.Port,
      protocol: found.Protocol as 'HTTP',
      targetType: found.TargetType as 'instance',
      // A path is asked for over HTTP, on the port of the application: anywhere else it is another check.
      healthPath: isPlain(found) ? found.HealthCheckPath : undefined,
      healthyThreshold: found.HealthyThresholdCount,
      unhealthyThreshold: found.UnhealthyThresholdCount,
      intervalSeconds: found.HealthCheckIntervalSeconds,
      timeoutSeconds: found.HealthCheckTimeoutSeconds,
      matcher: found.Matcher?.HttpCode,
    },
    outputs: { targetGroupArn: id, fullName: id.slice(id.lastIndexOf(':') + 1) },
  };
}
