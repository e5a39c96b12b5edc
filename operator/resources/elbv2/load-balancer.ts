import type { LoadBalancer, LoadBalancerAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { withOwners } from './tags.ts';

/** The application load balancer in front of a store's instances: the one thing the internet may reach. */
export interface LoadBalancerProps {
  /** Public subnets of two or more zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly scheme: 'internet-facing' | 'internal';
  readonly deletionProtection: boolean;
  readonly idleTimeoutSeconds: number;
  /** Header fields that are not valid HTTP never reach the application (ELB.4). */
  readonly dropInvalidHeaders: boolean;
  /** What to do with requests that smell of smuggling (ELB.12). */
  readonly desyncMode: 'monitor' | 'defensive' | 'strictest';
  readonly accessLogs: AccessLogs | null;
}

export interface AccessLogs {
  readonly bucket: string;
  readonly prefix: string;
}

export interface LoadBalancerOutputs {
  readonly loadBalancerArn: string;
  readonly dnsName: string;
  /** The zone that alias records to this load balancer name. */
  readonly canonicalHostedZoneId: string;
  /** `app/<name>/<hash>`, as CloudWatch's dimension LoadBalancer wants it. */
  readonly fullName: string;
}

export const loadBalancer: ResourceType<LoadBalancerProps, LoadBalancerOutputs> = {
  name: 'elbv2/load-balancer',
  fields: {
    subnetIds: { mode: 'live', equal: sameMembers },
    securityGroupIds: { mode: 'live', equal: sameMembers },
    scheme: 'fixed',
    deletionProtection: 'live',
    idleTimeoutSeconds: 'live',
    dropInvalidHeaders: 'live',
    desyncMode: 'live',
    accessLogs: 'live',
  },
  // The addresses of an internet-facing load balancer hold the internet gateway: it cannot be detached while they exist.
  needs: ['ec2/subnet', 'ec2/security-group', 'ec2/internet-gateway'],
  replace: 'refuse', // The host name of the store points to it.
  once: 'name',
  endedBy: 'DeleteLoadBalancer',
  beat: 'exposure', // Because of its security groups.
  takes: { making: 90_000 },
  drains: 180_000,
  scope: 'regional',
  key: (_props, name) => name,

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.elbv2('DescribeLoadBalancers', { Marker });
    for await (const { LoadBalancers = [] } of pages(read, (answer) => answer.NextMarker))
      yield await withOwners({ aws, scope, arnOf }, LoadBalancers, told);
  },

  detailed: ['deletionProtection', 'idleTimeoutSeconds', 'dropInvalidHeaders', 'desyncMode', 'accessLogs'],

  async detail(aws, found) {
    const answer = await orAbsent(aws.elbv2('DescribeLoadBalancerAttributes', { LoadBalancerArn: found.id }));
    return answer && { props: fromAttributes(answer.Attributes) };
  },

  async create(aws, props, birth) {
    const { LoadBalancers: [made = {}] = [] } = await aws.elbv2('CreateLoadBalancer', {
      Name: birth.name,
      Type: 'application',
      Scheme: props.scheme,
      IpAddressType: 'ipv4',
      Subnets: [...props.subnetIds],
      SecurityGroups: [...props.securityGroupIds],
      Tags: tagPairs(birth.tags),
    });
    const found = told(made, birth.owner);
    return { ...found, props: { ...found.props, ...bornAttributes } };
  },

  async update(aws, found, props, fields) {
    const LoadBalancerArn = found.id;
    if (fields.has('securityGroupIds'))
      await aws.elbv2('SetSecurityGroups', { LoadBalancerArn, SecurityGroups: [...props.securityGroupIds] });
    if (fields.has('subnetIds')) await aws.elbv2('SetSubnets', { LoadBalancerArn, Subnets: [...props.subnetIds] });
    const Attributes = toAttributes(props).flatMap(([field, attributes]) => (fields.has(field) ? attributes : []));
    if (Attributes.length > 0) await aws.elbv2('ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes });
  },

  async delete(aws, found) {
    const LoadBalancerArn = found.id;
    // A protected load balancer refuses to go, and what we last read of its protection may be old.
    const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'false' }];
    const lifted = await orAbsent(aws.elbv2('ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes }));
    if (lifted) await orAbsent(aws.elbv2('DeleteLoadBalancer', { LoadBalancerArn }));
  },
};

const arnOf = (found: LoadBalancer): string => found.LoadBalancerArn ?? '';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-attributes */
const bornAttributes: Partial<LoadBalancerProps> = {
  deletionProtection: false,
  idleTimeoutSeconds: 60,
  dropInvalidHeaders: false,
  desyncMode: 'defensive',
  accessLogs: null,
};

const toAttributes = (props: LoadBalancerProps): [keyof LoadBalancerProps, LoadBalancerAttribute[]][] => [
  ['deletionProtection', [{ Key: 'deletion_protection.enabled', Value: String(props.deletionProtection) }]],
  ['idleTimeoutSeconds', [{ Key: 'idle_timeout.timeout_seconds', Value: String(props.idleTimeoutSeconds) }]],
  [
    'dropInvalidHeaders',
    [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: String(props.dropInvalidHeaders) }],
  ],
  ['desyncMode', [{ Key: 'routing.http.desync_mitigation_mode', Value: props.desyncMode }]],
  [
    'accessLogs',
    props.accessLogs
      ? [
          { Key: 'access_logs.s3.enabled', Value: 'true' },
          { Key: 'access_logs.s3.bucket', Value: props.accessLogs.bucket },
          { Key: 'access_logs.s3.prefix', Value: props.accessLogs.prefix },
        ]
      : [{ Key: 'access_logs.s3.enabled', Value: 'false' }],
  ],
];

function fromAttributes(attributes: readonly LoadBalancerAttribute[] = []): Partial<LoadBalancerProps> {
  const values = new Map(attributes.map(({ Key, Value }) => [Key, Value]));
  const bucket = values.get('access_logs.s3.bucket') ?? '';
  return {
    deletionProtection: values.get('deletion_protection.enabled') === 'true',
    idleTimeoutSeconds: Number(values.get('idle_timeout.timeout_seconds')),
    dropInvalidHeaders: values.get('routing.http.drop_invalid_header_fields.enabled') === 'true',
    desyncMode: values.get('routing.http.desync_mitigation_mode') as LoadBalancerProps['desyncMode'],
    accessLogs:
      values.get('access_logs.s3.enabled') === 'true'
        ? { bucket, prefix: values.get('access_logs.s3.prefix') ?? '' }
        : null,
  };
}

function stateOf({ State: state }: LoadBalancer): State {
  const why = state?.Reason ? `: ${state.Reason}` : '';
  switch (state?.Code) {
    case 'active':
      return { is: 'ready' };
    case 'failed':
      // It never served: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html
      return { is: 'failed', reason: `AWS could not set up the load balancer${why}` };
    case 'active_impaired':
      return { is: 'changing', reason: `the load balancer routes, but cannot grow${why}` };
    default:
      return { is: 'pending', reason: `load balancer is ${state?.Code ?? 'being made'}${why}` };
  }
}

function told(found: LoadBalancer, owner: NodeOwner | undefined): Found<LoadBalancerProps, LoadBalancerOutputs> {
  const id = arnOf(found);
  return {
    id,
    key: found.LoadBalancerName,
    owner,
    state: stateOf(found),
    props: {
      subnetIds: (found.AvailabilityZones ?? []).map((zone) => zone.SubnetId ?? '').sort(),
      securityGroupIds: [...(found.SecurityGroups ?? [])].sort(),
      scheme: found.Scheme,
    },
    outputs: {
      loadBalancerArn: id,
      dnsName: found.DNSName,
      canonicalHostedZoneId: found.CanonicalHostedZoneId,
      fullName: id.split(':loadbalancer/')[1],
    },
    bornAt: found.CreatedTime?.getTime(),
  };
}
