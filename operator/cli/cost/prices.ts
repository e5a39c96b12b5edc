/** What AWS asks for in one region, in USD, on demand and before any discount. */
export interface Prices {
  /**
   * An hour of a Linux instance, by family for its size `large`: the other sizes cost in proportion. A type that is listed
   * by its whole name does not.
   */
  readonly instance: Readonly<Record<string, number>>;
  /** The same of a database in one zone. A standby in another zone costs as much again. */
  readonly database: Readonly<Record<string, Readonly<Record<'postgres' | 'mysql' | 'mariadb', number>>>>;
  /** An hour of a cache node of Redis or memcached. Valkey costs a fifth less. */
  readonly cache: Readonly<Record<string, number>>;
  /** A GiB of a volume for a month, by its type. */
  readonly volumeGib: Readonly<Record<string, number>>;
  /** A GiB of a database's storage for a month, in one zone, by its type. */
  readonly databaseGib: Readonly<Record<string, number>>;
  readonly natGatewayHour: number;
  readonly loadBalancerHour: number;
  /** An hour of a public IPv4 address, whatever it is attached to. */
  readonly publicAddressHour: number;
  readonly hostedZoneMonth: number;
  readonly secretMonth: number;
  /** An alarm, for each metric that it looks at. */
  readonly alarmMetricMonth: number;
  /** Three of an account's are free. */
  readonly dashboardMonth: number;
  /** A health check of something in AWS. */
  readonly healthCheckMonth: number;
  /** More of it for each of HTTPS, asking every ten seconds, and measured latency. */
  readonly healthCheckFeatureMonth: number;
}

/** What a database costs with the engine that AWS charges more for, and with the other two. */
const engines = (postgres: number, mysql = postgres) => ({ postgres, mysql, mariadb: mysql });

/** What has one price in all regions of the list. */
const anywhere = {
  ...{ publicAddressHour: 0.005, hostedZoneMonth: 0.5, secretMonth: 0.4 },
  ...{ alarmMetricMonth: 0.1, dashboardMonth: 3, healthCheckMonth: 0.5, healthCheckFeatureMonth: 1 },
};

const unitedStates: Prices = {
  ...anywhere,
  instance: {
    ...{ m4: 0.1, m5: 0.096, m5a: 0.086, m6i: 0.096, m6a: 0.0864, m6g: 0.077, m7i: 0.1008, m7g: 0.0816 },
    ...{ t3: 0.0832, t3a: 0.0752, t4g: 0.0672, c5: 0.085, c6i: 0.085, c6g: 0.068, c7g: 0.0725 },
    ...{ r5: 0.126, r6i: 0.126, r6g: 0.1008 },
  },
  database: {
    ...{ t3: engines(0.145, 0.136), 't3.medium': engines(0.072, 0.068) },
    ...{ t4g: engines(0.129), 't4g.medium': engines(0.065) },
    ...{ m5: engines(0.178, 0.171), m6i: engines(0.178, 0.171), m6g: engines(0.159, 0.152) },
    ...{ r5: engines(0.25, 0.24), r6i: engines(0.25, 0.24), r6g: engines(0.225, 0.215) },
  },
  cache: {
    t4g: 0.129,
    't4g.micro': 0.016,
    't4g.small': 0.032,
    't4g.medium': 0.065,
    m6g: 0.149,
    m7g: 0.158,
    r6g: 0.206,
    r7g: 0.219,
  },
  volumeGib: { gp3: 0.08, gp2: 0.1 },
  databaseGib: { gp3: 0.115, gp2: 0.115 },
  natGatewayHour: 0.045,
  loadBalancerHour: 0.0225,
};

const ireland: Prices = {
  ...anywhere,
  instance: {
    ...{ m4: 0.111, m5: 0.107, m5a: 0.096, m6i: 0.107, m6a: 0.0963, m6g: 0.086, m7g: 0.091 },
    ...{ t3: 0.0912, t3a: 0.0816, t4g: 0.0736, c5: 0.096, c6g: 0.073 },
    ...{ r5: 0.141, r6i: 0.141, r6g: 0.1128 },
  },
  database: { t3: engines(0.157, 0.145), t4g: engines(0.138) },
  cache: {},
  volumeGib: { gp3: 0.088, gp2: 0.11 },
  databaseGib: { gp3: 0.127, gp2: 0.127 },
  natGatewayHour: 0.048,
  loadBalancerHour: 0.0252,
};

const frankfurt: Prices = {
  ...anywhere,
  instance: {
    ...{ m4: 0.12, m5: 0.115, m5a: 0.104, m6i: 0.115, m6a: 0.1035, m6g: 0.092, m7g: 0.0978 },
    ...{ t3: 0.096, t3a: 0.0864, t4g: 0.0768, c5: 0.097, c6i: 0.097, c6g: 0.0776 },
    ...{ r5: 0.152, r6i: 0.152, r6g: 0.1216 },
  },
  database: { t3: engines(0.169, 0.158), t4g: engines(0.151) },
  cache: { 't4g.micro': 0.018, 't4g.small': 0.037, 't4g.medium': 0.073 },
  volumeGib: { gp3: 0.0952, gp2: 0.119 },
  databaseGib: { gp3: 0.137, gp2: 0.137 },
  natGatewayHour: 0.052,
  loadBalancerHour: 0.027,
};

/** A price list, with where it is from and when it was so. */
export interface PriceList {
  /** The month in which the prices were known to be these. */
  readonly date: string;
  readonly origin: string;
  readonly sources: readonly string[];
  readonly regions: Readonly<Record<string, Prices>>;
}

/**
 * List prices written down from public knowledge; AWS is never asked. Those of instances in us-east-1 agree with the list
 * that Karpenter generated on 2026-01-19; nobody has compared the others. What is not listed here is told as having no
 * known price, not guessed.
 */
export const priceList: PriceList = {
  date: '2026-01',
  origin: 'list prices as they were known to us, not fetched from AWS: expect a few percent of error',
  sources: [
    'https://aws.amazon.com/ec2/pricing/on-demand/',
    'https://aws.amazon.com/ebs/pricing/',
    'https://aws.amazon.com/vpc/pricing/',
    'https://aws.amazon.com/elasticloadbalancing/pricing/',
    'https://aws.amazon.com/rds/pricing/',
    'https://aws.amazon.com/elasticache/pricing/',
    'https://aws.amazon.com/route53/pricing/',
    'https://aws.amazon.com/secrets-manager/pricing/',
    'https://aws.amazon.com/cloudwatch/pricing/',
  ],
  regions: {
    'us-east-1': unitedStates,
    'us-east-2': unitedStates,
    'us-west-2': unitedStates,
    'eu-west-1': ireland,
    'eu-central-1': frankfurt,
  },
};

/** How many times the price of a `large` a size costs; undefined where that does not follow from its name. */
function larges(size: string): number | undefined {
  const small = { nano: 1 / 16, micro: 1 / 8, small: 1 / 4, medium: 1 / 2, large: 1 }[size];
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? small : 2 * Number(times || 1);
}

const sized = <T>(table: Readonly<Record<string, T>>, type: string, scale: (price: T, times: number) => number) => {
  const [family = '', size = ''] = type.split('.');
  const [whole, price, times] = [table[type], table[family], larges(size)];
  if (whole !== undefined) return scale(whole, 1);
  return price === undefined || times === undefined ? undefined : scale(price, times);
};

/** An hour of an instance of this type; undefined where the list does not tell. */
export const instanceHour = ({ instance }: Prices, type: string): number | undefined =>
  sized(instance, type, (price, times) => price * times);

/** An hour of a database of this class (`db.t4g.medium`) in one zone; undefined where the list does not tell. */
export const databaseHour = ({ database }: Prices, instanceClass: string, engine: string): number | undefined =>
  sized(
    database,
    instanceClass.replace(/^db\./, ''),
    (price, times) => ((price as Record<string, number>)[engine] as number) * times,
  );

/** An hour of a cache node of this type (`cache.t4g.small`); undefined where the list does not tell. */
export function cacheHour({ cache }: Prices, nodeType: string, engine: string): number | undefined {
  const price = sized(cache, nodeType.replace(/^cache\./, ''), (one, times) => one * times);
  return price === undefined || engine !== 'valkey' ? price : price * 0.8;
}
