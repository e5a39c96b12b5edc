import { cacheHour, databaseHour, instanceHour, type Prices } from './prices.ts';

/** A resource as far as its cost is concerned: wanted or found, its props are in the same words. */
export interface Costed {
  readonly node: string;
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Something that is paid for as long as a resource exists. */
export interface Charge {
  readonly what: string;
  readonly per: 'hour' | 'month';
  /** In USD; undefined where the list does not tell the price. */
  readonly least: number | undefined;
  /** The same when what AWS may let grow by itself has grown. */
  readonly most: number | undefined;
}

/** How a type costs: what its existence costs, and what is paid by use. A type that costs nothing has neither. */
export interface Rule {
  charges?(resource: Costed, prices: Prices, all: readonly Costed[]): readonly Charge[];
  /** What use is paid for: no figure is made up for it. */
  readonly byUse?: string;
}

const free: Rule = {};

const byUse = (what: string): Rule => ({ byUse: what });

/** How every type of the registry costs, one line a type. A test fails when one has none. */
export const rules: Readonly<Record<string, Rule>> = {
  'ec2/vpc': free,
  'ec2/subnet': free,
  'ec2/internet-gateway': free,
  'ec2/route-table': free,
  'ec2/security-group': free,
  'ec2/launch-template': free,
  // A gateway endpoint: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-pricing
  'ec2/vpc-endpoint': free,
  'ec2/flow-log': byUse('records delivered'),
  'ec2/elastic-ip': { charges: (_, prices) => addresses(1, prices) },
  'ec2/nat-gateway': {
    charges: (_, { natGatewayHour }) => [steady('NAT gateway', 'hour', natGatewayHour)],
    byUse: 'data processed',
  },
  'elbv2/load-balancer': { charges: loadBalancer, byUse: 'load balancer capacity units' },
  'elbv2/target-group': free,
  'elbv2/listener': free,
  'elbv2/listener-rule': free,
  'autoscaling/group': { charges: instances },
  'iam/role': free,
  'iam/instance-profile': free,
  'logs/group': byUse('logs taken in and kept'),
  'rds/instance': { charges: database, byUse: 'backups beyond the size of the database' },
  'rds/read-replica': { charges: replica },
  'secretsmanager/secret': { charges: (_, { secretMonth }) => [steady('secret', 'month', secretMonth)] },
  'rds/subnet-group': free,
  'rds/parameter-group': free,
  'elasticache/replication-group': {
    charges: ({ props }, prices) => cacheNodes((props['replicas'] as number) + 1, props, prices),
    byUse: 'snapshots beyond the first',
  },
  'elasticache/cluster': { charges: ({ props }, prices) => cacheNodes(props['nodes'] as number, props, prices) },
  'elasticache/subnet-group': free,
  'elasticache/parameter-group': free,
  'elasticache/user': free,
  'elasticache/user-group': free,
  'route53/hosted-zone': {
    charges: (_, { hostedZoneMonth }) => [steady('hosted zone', 'month', hostedZoneMonth)],
    byUse: 'DNS queries',
  },
  'route53/private-zone': {
    charges: (_, { hostedZoneMonth }) => [steady('private hosted zone', 'month', hostedZoneMonth)],
    byUse: 'DNS queries',
  },
  'route53/record-set': free,
  // Public certificates: https://aws.amazon.com/certificate-manager/pricing/
  'acm/certificate': free,
  // Standard parameters: https://aws.amazon.com/systems-manager/pricing/
  'ssm/parameter': free,
  'cloudwatch/alarm': {
    charges: ({ props: { metrics } }, { alarmMetricMonth }) => {
      const count = Object.keys(metrics as object).length;
      return [
        steady(count === 1 ? 'alarm on a metric' : `alarm on ${count} metrics`, 'month', count * alarmMetricMonth),
      ];
    },
  },
  'cloudwatch/dashboard': {
    charges: (_, { dashboardMonth }) => [steady('dashboard', 'month', dashboardMonth)],
  },
  'route53/health-check': { charges: healthCheck },
  's3/bucket': byUse('objects stored, and requests for them'),
  'cloudfront/distribution': byUse('requests of viewers, and data transferred to them'),
  'cloudfront/origin-access-control': free,
  // Nothing is charged for it beside the distribution: https://aws.amazon.com/cloudfront/pricing/
  'cloudfront/vpc-origin': free,
  'sns/topic': byUse('messages published'),
  'sns/subscription': byUse('messages delivered, text messages above all'),
  'sqs/queue': byUse('requests'),
  'lambda/function': byUse('calls, and the memory and time that they take'),
  'cognito/user-pool': byUse('monthly active users'),
  'cognito/user-pool-client': free,
};

const steady = (what: string, per: Charge['per'], price: number | undefined): Charge => ({
  ...{ what, per },
  ...{ least: price, most: price },
});

const times = (count: number, price: number | undefined): number | undefined =>
  price === undefined ? undefined : count * price;

const addresses = (count: number, { publicAddressHour }: Prices): Charge[] => [
  steady(counted(count, 'public IPv4 address'), 'hour', count * publicAddressHour),
];

const counted = (count: number, what: string): string => (count === 1 ? what : `${count} × ${what}`);

const from = (least: number, most: number): string => (least === most ? String(least) : `${least} to ${most}`);

const ofType = (all: readonly Costed[], type: string): Costed | undefined => all.find((one) => one.type === type);

/** Facing the internet it has an address in every one of its subnets, which is charged like any other. */
/** A load balancer of the account is in AWS. https://aws.amazon.com/route53/pricing/#Health_Checks */
function healthCheck({ props }: Costed, { healthCheckMonth, healthCheckFeatureMonth }: Prices): Charge[] {
  const features = [
    ...[props['type'] === 'HTTPS' && 'HTTPS', props['intervalSeconds'] === 10 && 'every ten seconds'],
    props['measureLatency'] === true && 'latency',
  ].filter((feature) => typeof feature === 'string');
  const most = healthCheckMonth + features.length * healthCheckFeatureMonth;
  return [steady(['health check', ...features].join(', '), 'month', most)];
}

function loadBalancer({ props }: Costed, prices: Prices): Charge[] {
  const { scheme, subnetIds } = props as { scheme: string; subnetIds: readonly unknown[] };
  return [
    steady('Application Load Balancer', 'hour', prices.loadBalancerHour),
    ...(scheme === 'internet-facing' ? addresses(subnetIds.length, prices) : []),
  ];
}

interface GroupProps {
  readonly instanceTypes: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
}

interface TemplateProps {
  readonly instanceType: string;
  readonly volumeSizeGib: number;
  readonly volumeType: string;
}

/** The autoscaler's least, and its most: with the dearest of the types that it may fall back on. */
function instances({ props }: Costed, prices: Prices, all: readonly Costed[]): Charge[] {
  const { instanceTypes, minSize, maxSize } = props as unknown as GroupProps;
  const template = ofType(all, 'ec2/launch-template')?.props as unknown as TemplateProps | undefined;
  // AWS tells no types of a group that takes the one of its template.
  const [first = template?.instanceType ?? '', ...others] = instanceTypes;
  const hours = [first, ...others].map((type) => instanceHour(prices, type));
  const dearest = hours.includes(undefined) ? undefined : Math.max(...(hours as number[]));
  const fallbacks = others.length > 0 ? ` (else ${others.join(', ')})` : '';
  const running = from(minSize, maxSize);
  const ofEach = { least: times(minSize, hours[0]), most: times(maxSize, dearest) };
  const charge: Charge = { what: `${running} × ${first}${fallbacks}`, per: 'hour', ...ofEach };
  if (!template) return [charge];
  const { volumeSizeGib, volumeType } = template;
  const volume = times(volumeSizeGib, prices.volumeGib[volumeType]);
  const ofVolumes = { least: times(minSize, volume), most: times(maxSize, volume) };
  return [charge, { what: `${running} × ${volumeSizeGib} GiB ${volumeType}`, per: 'month', ...ofVolumes }];
}

interface DatabaseProps {
  readonly engine: string;
  readonly instanceClass: string;
  readonly multiAz: boolean;
  readonly storageGib: number;
  readonly maxStorageGib: number | null;
  readonly storageType: string;
  readonly passwordSecretArn: unknown;
}

function cacheNodes(count: number, { nodeType, engine = 'memcached' }: Costed['props'], prices: Prices): Charge[] {
  const price = times(count, cacheHour(prices, nodeType as string, engine as string));
  return [steady(counted(count, `${nodeType as string} ${engine as string}`), 'hour', price)];
}

/** With a standby, hours and storage are paid twice: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_OnDemandDBInstances.html */
function database({ props }: Costed, prices: Prices): Charge[] {
  const { engine, instanceClass, multiAz, passwordSecretArn } = props as unknown as DatabaseProps;
  const zones = multiAz ? 2 : 1;
  const hour = times(zones, databaseHour(prices, instanceClass, engine));
  const secret = steady('secret of the master user', 'month', prices.secretMonth);
  return [
    steady(`${instanceClass} ${engine}${multiAz ? ', Multi-AZ' : ''}`, 'hour', hour),
    storage(props as unknown as DatabaseProps, zones, prices),
    ...(passwordSecretArn === null ? [secret] : []),
  ];
}

/** A replica has the engine of its source, and a copy of its storage. */
function replica({ props }: Costed, prices: Prices, all: readonly Costed[]): Charge[] {
  const { instanceClass } = props as unknown as DatabaseProps;
  const source = ofType(all, 'rds/instance')?.props as DatabaseProps | undefined;
  if (!source) return [steady(`${instanceClass}, of a source that is not known`, 'hour', undefined)];
  const hour = databaseHour(prices, instanceClass, source.engine);
  return [steady(`${instanceClass} ${source.engine}`, 'hour', hour), storage(source, 1, prices)];
}

function storage({ storageGib, maxStorageGib, storageType }: DatabaseProps, zones: number, prices: Prices): Charge {
  const most = Math.max(storageGib, maxStorageGib ?? 0);
  const gib = times(zones, prices.databaseGib[storageType]);
  const standby = zones > 1 ? ', Multi-AZ' : '';
  return {
    what: `${from(storageGib, most)} GiB ${storageType}${standby}`,
    per: 'month',
    least: times(storageGib, gib),
    most: times(most, gib),
  };
}
