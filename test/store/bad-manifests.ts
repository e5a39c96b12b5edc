/** A manifest that must be refused, and where the refusal must point. */
export interface BadManifest {
  readonly name: string;
  readonly manifest: unknown;
  readonly path: string;
  /** What the API server does with it: refuses it as we do, or drops the field (a warning, or strict validation, tells). */
  readonly server: 'refuses' | 'drops' | 'accepts';
}

export const minimal = {
  apiVersion: 'ecom.io/v1alpha1',
  kind: 'EcomStore',
  metadata: { name: 'acme', namespace: 'shops' },
  spec: {
    region: 'eu-central-1',
    domain: { host: 'shop.example.com', zone: 'example.com' },
    compute: { image: { ssmParameter: '/ecom/images/storefront' }, scaling: { min: 2, max: 10 } },
  },
} as const;

export const existing = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  publicSubnetIds: ['subnet-0a1b2c3d4e5f60701', 'subnet-0a1b2c3d4e5f60702'],
  appSubnetIds: ['subnet-0a1b2c3d4e5f60711', 'subnet-0a1b2c3d4e5f60712'],
  dataSubnetIds: ['subnet-0a1b2c3d4e5f60721', 'subnet-0a1b2c3d4e5f60722'],
} as const;

/** A copy with one field set (or, for undefined, taken away), the way to it made where it is missing. */
export function changed(path: string, value: unknown, manifest: unknown = minimal): unknown {
  const copy = structuredClone(manifest) as Record<string, unknown>;
  const steps = path.split('.');
  let at = copy;
  for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>;
  const last = steps.at(-1) as string;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

const [host, zone, image] = ['spec.domain.host', 'spec.domain.zone', 'spec.compute.image'];
const certificate = 'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

/** What is set, to what, and where the refusal points when that is not the field itself. */
type Case = readonly [name: string, set: string, to: unknown, path?: string, server?: BadManifest['server']];

const names: Case[] = [
  ['a name longer than 40 characters', 'metadata.name', 'a'.repeat(41)],
  ['a name with a dot', 'metadata.name', 'shop.acme'],
  ['a name in capitals', 'metadata.name', 'Acme'],
  ['no name', 'metadata.name', undefined],
  ['a namespace in capitals', 'metadata.namespace', 'Shops'],
  ['another version of the API', 'apiVersion', 'ecom.io/v2'],
  ['another kind', 'kind', 'EcomShop'],
  ['no spec', 'spec', undefined],
  ['an empty spec', 'spec', {}, 'spec.region'],
  ['a spec that is a list', 'spec', []],
  ['a field beside spec', 'specs', {}, 'specs', 'drops'],
  ['a misspelt field of metadata', 'metadata.annotation', { a: 'b' }, 'metadata.annotation', 'drops'],
];

/** The API server takes these from all but `kubectl apply --server-side`, and drops them. */
const empties: Case[] = [
  ['an empty section', 'spec.cache', null, undefined, 'accepts'],
  ['an empty value', 'spec.domain.certificateArn', null, undefined, 'accepts'],
  [
    'an empty value in a list',
    'spec.content.cors',
    [{ origins: ['*'], methods: null }],
    'spec.content.cors[0].methods',
    'accepts',
  ],
  ['an empty variable', 'spec.compute.environment', { A: null }, 'spec.compute.environment.A', 'accepts'],
];

const regions: Case[] = [
  ['no region', 'spec.region', undefined],
  ['a region of China', 'spec.region', 'cn-north-1'],
  ['a GovCloud region', 'spec.region', 'us-gov-west-1'],
  ['a misspelt region', 'spec.region', 'eu-centrall-1'],
  ['a region that AWS does not have', 'spec.region', 'eu-central-9', undefined, 'accepts'],
  ['a zone for a region', 'spec.region', 'eu-central-1a'],
  ['a number for a region', 'spec.region', 1],
  ['null for a region', 'spec.region', null],
  ['a section that does not exist', 'spec.databases', {}, 'spec.databases', 'drops'],
  ['a section in snake case', 'spec.load_balancer', {}, 'spec.load_balancer', 'drops'],
];

const domains: Case[] = [
  ['no domain', 'spec.domain', undefined],
  ['no host', host, undefined],
  ['a host outside the zone', host, 'shop.example.org'],
  ['a host that only ends like the zone', host, 'shop.myexample.com'],
  ['a host in capitals', host, 'Shop.example.com'],
  ['a host with a trailing dot', host, 'shop.example.com.'],
  ['a URL for a host', host, 'https://shop.example.com'],
  ['a host with an underscore', host, 'my_shop.example.com'],
  ['a host with an umlaut', host, 'bäckerei.example.com'],
  ['a host of one label', host, 'shop'],
  ['an address for a host', host, '10.0.0.1'],
  ['a wildcard for a host', host, '*.example.com'],
  ['an empty host', host, ''],
  ['a label of 64 characters', host, `${'a'.repeat(64)}.example.com`],
  ['a host too long for a certificate', host, `${'a'.repeat(40)}.${'b'.repeat(40)}.example.com`],
  ['neither zone nor zoneId', zone, undefined],
  ['both zone and zoneId', 'spec.domain.zoneId', 'Z0123456789ABCDEFGHIJ', zone],
  [
    'a zoneId with a path',
    'spec.domain',
    { host: 'shop.example.com', zoneId: '/hostedzone/Z01' },
    'spec.domain.zoneId',
  ],
  ['a zone to be created by id', 'spec.domain', { host: 'a.example.com', zoneId: 'Z01', createZone: true }, zone],
  ['a word for createZone', 'spec.domain.createZone', 'yes'],
  ['an alias outside the zone', 'spec.domain.aliases', ['www.example.org'], 'spec.domain.aliases'],
  ['an alias twice', 'spec.domain.aliases', ['a.example.com', 'a.example.com'], 'spec.domain.aliases[1]'],
  ['the host among its aliases', 'spec.domain.aliases', ['shop.example.com'], 'spec.domain.aliases'],
  ['an alias that is a number', 'spec.domain.aliases', [1], 'spec.domain.aliases[0]'],
  ['an alias that is null', 'spec.domain.aliases', [null], 'spec.domain.aliases[0]'],
  ['one alias without a list', 'spec.domain.aliases', 'www.example.com'],
  ['too many aliases', 'spec.domain.aliases', Array.from({ length: 21 }, (_, n) => `a${n}.example.com`)],
  ['alias for aliases', 'spec.domain.alias', ['www.example.com'], 'spec.domain.alias', 'drops'],
  ['a certificate of another region', 'spec.domain.certificateArn', certificate.replace('central-1', 'west-1')],
  ['a certificate of IAM', 'spec.domain.certificateArn', 'arn:aws:iam::111122223333:server-certificate/shop'],
];

const networks: Case[] = [
  ['a public network', 'spec.network.cidr', '52.10.0.0/16'],
  ['a network just outside the private ones', 'spec.network.cidr', '172.32.0.0/16'],
  ['a network with host bits', 'spec.network.cidr', '10.0.0.1/16'],
  ['a /20 that begins between two', 'spec.network.cidr', '10.0.8.0/20'],
  ['a /16 that begins between two', 'spec.network.cidr', '10.0.128.0/16'],
  ['a network larger than a VPC', 'spec.network.cidr', '10.0.0.0/8'],
  ['a network too small for three tiers', 'spec.network.cidr', '10.0.0.0/24'],
  ['a prefix that does not exist', 'spec.network.cidr', '10.0.0.0/33'],
  ['an octet that does not exist', 'spec.network.cidr', '10.256.0.0/16'],
  ['an octet with a leading zero', 'spec.network.cidr', '10.01.0.0/16'],
  ['a network without prefix', 'spec.network.cidr', '10.0.0.0'],
  ['an IPv6 network', 'spec.network.cidr', 'fd00::/16'],
  ['one zone', 'spec.network.zones', 1],
  ['five zones', 'spec.network.zones', 5],
  ['two and a half zones', 'spec.network.zones', 2.5],
  ['zones as text', 'spec.network.zones', '2'],
  ['zones of another region', 'spec.network.zoneNames', ['us-east-1a', 'us-east-1b']],
  ['zone letters alone', 'spec.network.zoneNames', ['a', 'b'], 'spec.network.zoneNames[0]'],
  ['one zone by name', 'spec.network.zoneNames', ['eu-central-1a']],
  ['a zone twice', 'spec.network.zoneNames', ['eu-central-1a', 'eu-central-1a']],
  [
    'more zones than names',
    'spec.network',
    { zones: 3, zoneNames: ['eu-central-1a', 'eu-central-1b'] },
    'spec.network.zones',
  ],
  ['a NAT nobody knows', 'spec.network.nat', 'instance'],
  ['a NAT in the wrong case', 'spec.network.nat', 'perzone'],
  ['a NAT that YAML reads as a boolean', 'spec.network.nat', false],
  ['days CloudWatch does not know', 'spec.network.flowLogs.retentionDays', 31],
  ['an existing VPC and a NAT', 'spec.network', { existing, nat: 'perZone' }, 'spec.network.existing'],
  ['an existing VPC and a network', 'spec.network', { existing, cidr: '10.1.0.0/16' }, 'spec.network.existing'],
  [
    'a VPC id with a letter beyond f',
    'spec.network.existing',
    { ...existing, vpcId: 'vpc-0g1b2c3d4e5f60718' },
    'spec.network.existing.vpcId',
  ],
  [
    'one public subnet',
    'spec.network.existing',
    { ...existing, publicSubnetIds: ['subnet-0a1b2c3d4e5f60701'] },
    'spec.network.existing.publicSubnetIds',
  ],
  [
    'no subnets for data',
    'spec.network.existing',
    { ...existing, dataSubnetIds: undefined },
    'spec.network.existing.dataSubnetIds',
  ],
  [
    'instances in public subnets',
    'spec.network.existing',
    { ...existing, appSubnetIds: existing.publicSubnetIds },
    'spec.network.existing.appSubnetIds',
  ],
  [
    'data in public subnets',
    'spec.network.existing',
    { ...existing, dataSubnetIds: existing.publicSubnetIds },
    'spec.network.existing.dataSubnetIds',
  ],
];

const databases: Case[] = [
  ['a database named by a word that engines reserve', 'spec.database.databaseName', 'select'],
  ['another such word', 'spec.database', { engine: 'mysql', databaseName: 'order' }, 'spec.database.databaseName'],
];

const [backups, maintained] = ['spec.database.backups.window', 'spec.database.maintenanceWindow'];
const windowsOf = (window: string, maintenanceWindow: string) => ({ backups: { window }, maintenanceWindow });
const cacheWindows = (window: string, maintenanceWindow: string) => ({ snapshots: { window }, maintenanceWindow });

const windows: Case[] = [
  ['a backup window of ten minutes', 'spec.database', { backups: { window: '02:00-02:10' } }, backups],
  ['a backup window of no minutes', 'spec.database', { backups: { window: '02:00-02:00' } }, backups],
  ['a maintenance window of ten minutes', 'spec.database.maintenanceWindow', 'sun:02:30-sun:02:40'],
  ['windows that overlap', 'spec.database', windowsOf('02:00-03:00', 'sun:02:30-sun:03:30'), maintained],
  ['windows that overlap at midnight', 'spec.database', windowsOf('23:30-00:30', 'sat:23:45-sun:00:15'), maintained],
  ['a window within the other', 'spec.database', windowsOf('02:20-02:50', 'sun:02:00-sun:04:00'), maintained],
  ['windows over a week', 'spec.database', windowsOf('02:00-03:00', 'sat:12:00-sun:12:00'), maintained],
  ['a snapshot window of half an hour', 'spec.cache.snapshots.window', '02:00-02:30'],
  ['a maintenance window of a cache of half an hour', 'spec.cache.maintenanceWindow', 'sun:02:00-sun:02:30'],
  [
    'windows of a cache that overlap',
    'spec.cache',
    cacheWindows('02:00-03:00', 'mon:02:59-mon:03:59'),
    'spec.cache.maintenanceWindow',
  ],
];

const caches: Case[] = [
  ['a cache engine nobody knows', 'spec.cache.engine', 'keydb'],
  ['a version without its minor part', 'spec.cache.version', '8'],
  ['a version as a number', 'spec.cache.version', 8.0],
  ['a version of valkey before users', 'spec.cache', { version: '7.0' }, 'spec.cache.version'],
  ['a version of redis before IAM', 'spec.cache', { engine: 'redis', version: '6.2' }, 'spec.cache.version'],
  ['a version of another engine', 'spec.cache', { engine: 'redis', version: '8.0' }, 'spec.cache.version'],
  ['memcached that cannot encrypt', 'spec.cache', { engine: 'memcached', version: '1.6.6' }, 'spec.cache.version'],
  ['a node type of databases', 'spec.cache.nodeType', 'db.m6g.large'],
  ['six replicas', 'spec.cache.replicas', 6],
  ['fewer replicas than none', 'spec.cache.replicas', -1],
  ['replicas of memcached', 'spec.cache', { engine: 'memcached', replicas: 1 }, 'spec.cache.replicas'],
  ['snapshots of memcached', 'spec.cache', { engine: 'memcached', snapshots: {} }, 'spec.cache.snapshots'],
  ['nodes of valkey', 'spec.cache', { nodes: 2 }, 'spec.cache.nodes'],
  ['a cluster without nodes', 'spec.cache', { engine: 'memcached', nodes: 0 }, 'spec.cache.nodes'],
  ['more nodes than a cluster has', 'spec.cache', { engine: 'memcached', nodes: 41 }, 'spec.cache.nodes'],
  ['snapshots kept for months', 'spec.cache.snapshots.retentionDays', 36],
  ['a snapshot window without an end', 'spec.cache.snapshots.window', '02:00'],
  ['a maintenance window without days', 'spec.cache.maintenanceWindow', '03:00-04:00'],
  ['a parameter that is a number', 'spec.cache.parameters', { timeout: 5 }, 'spec.cache.parameters.timeout'],
  ['a password for the cache', 'spec.cache.password', 'secret', 'spec.cache.password', 'drops'],
];

const named = (aliases: number) => ({
  ...minimal.spec.domain,
  aliases: Array.from({ length: aliases }, (_, n) => `www${n}.example.com`),
});
const paths = (length: number): string[] => Array.from({ length }, (_, n) => `/p${n}`);

const signIns: Case[] = [
  ['a group with a space', 'spec.identity.groups', ['shop owner'], 'spec.identity.groups[0]'],
  ['a group twice', 'spec.identity.groups', ['admin', 'admin'], 'spec.identity.groups[1]'],
  ['a sign-up that is neither open nor by invitation', 'spec.identity.signUp', 'closed'],
  ['a second factor that YAML reads as a boolean', 'spec.identity.mfa', true],
  ['a second factor nobody knows', 'spec.identity.mfa', 'sms'],
  ['passwords of seven characters', 'spec.identity.passwordPolicy.minLength', 7],
  ['passwords of a hundred characters', 'spec.identity.passwordPolicy.minLength', 100],
  ['temporary passwords that never end', 'spec.identity.passwordPolicy.temporaryDays', 0],
  ['passwords without a word on symbols', 'spec.identity.passwordPolicy.requireSymbols', 'no'],
  ['advanced security in the words of the API', 'spec.identity.advancedSecurity', 'ENFORCED'],
  ['a protected path without slash', 'spec.identity.protectedPaths', ['account/*'], 'spec.identity.protectedPaths[0]'],
  ['a star within a path', 'spec.identity.protectedPaths', ['/shops/*/admin'], 'spec.identity.protectedPaths[0]'],
  ['more paths than bounds allow', 'spec.identity.protectedPaths', Array.from({ length: 21 }, (_, n) => `/p${n}`)],
  [
    'ways back for a client that there is not',
    'spec.identity.callbackPaths',
    ['/in'],
    'spec.identity.callbackPaths',
    'drops',
  ],
  ['a path after signing out with a query', 'spec.identity.signOutPaths', ['/?a=b'], 'spec.identity.signOutPaths[0]'],
  ['a session longer than load balancers keep', 'spec.identity.sessionHours', 169],
  ['a domain in capitals', 'spec.identity.domainPrefix', 'Acme'],
  ['a domain that ends in a hyphen', 'spec.identity.domainPrefix', 'acme-'],
  ['a domain with a name of AWS', 'spec.identity.domainPrefix', 'acme-amazon'],
  ['a pool of another region to adopt', 'spec.identity.adopt', 'us-east-1_a1B2c3D4e'],
  ['a price class in the words of a price list', 'spec.cdn.priceClass', '100'],
  ['a static path without slash', 'spec.cdn.staticPaths', ['static/*'], 'spec.cdn.staticPaths[0]'],
  ['a static path twice', 'spec.cdn.staticPaths', ['/static/*', '/static/*']],
  ['more static paths than bounds allow', 'spec.cdn.staticPaths', Array.from({ length: 21 }, (_, n) => `/p${n}`)],
  [
    'a page for what is no error',
    'spec.cdn.errorPages',
    [{ errorCode: 200, path: '/a' }],
    'spec.cdn.errorPages[0].errorCode',
  ],
  [
    'a page that is served as what CloudFront answers with none',
    'spec.cdn.errorPages',
    [{ errorCode: 503, path: '/a', responseCode: 418 }],
    'spec.cdn.errorPages[0].responseCode',
  ],
  [
    'an error page elsewhere',
    'spec.cdn.errorPages',
    [{ errorCode: 503, path: 'a.html' }],
    'spec.cdn.errorPages[0].path',
  ],
  ['a CDN that gives the application no time', 'spec.cdn.originTimeoutSeconds', 0],
  ['a CDN that waits longer than CloudFront does', 'spec.cdn.originTimeoutSeconds', 121],
  [
    'an error with neither a page nor a time',
    'spec.cdn.errorPages',
    [{ errorCode: 503 }],
    'spec.cdn.errorPages[0].path',
  ],
  [
    'a status for an error without a page',
    'spec.cdn.errorPages',
    [{ errorCode: 503, responseCode: 200, cachingSeconds: 0 }],
    'spec.cdn.errorPages[0].responseCode',
  ],
  [
    'errors kept for more than a year',
    'spec.cdn.errorPages',
    [{ errorCode: 503, path: '/a', cachingSeconds: 31536001 }],
    'spec.cdn.errorPages[0].cachingSeconds',
  ],
  [
    'an edge certificate of the store’s own region',
    'spec.cdn.certificateArn',
    'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
  ],
  ['edge logs without a bucket', 'spec.cdn.logs', { prefix: 'a/' }, 'spec.cdn.logs.bucket'],
  ['edge logs in a bucket by its URL', 'spec.cdn.logs', { bucket: 's3://logs' }, 'spec.cdn.logs.bucket'],
  [
    'a CDN and sign-in without a way out',
    'spec',
    { ...minimal.spec, cdn: {}, identity: {}, network: { nat: 'none' } },
    'spec.network.nat',
  ],
  [
    'a page behind sign-in that CloudFront keeps',
    'spec',
    { ...minimal.spec, cdn: { staticPaths: ['/account/orders/*'] }, identity: {} },
    'spec.cdn.staticPaths',
  ],
  [
    'a static path that would show the list of a bucket',
    'spec',
    { ...minimal.spec, cdn: { staticPaths: ['/**'] }, content: {} },
    'spec.cdn.staticPaths',
  ],
  [
    'static files of any place, and pages behind sign-in',
    'spec',
    { ...minimal.spec, cdn: { staticPaths: ['/*.css'] }, identity: {} },
    'spec.cdn.staticPaths',
  ],
  ...['/o*', '/oauth2/*', '/oauth2/idpresponse', '/?auth2/*'].map((path): Case => [
    `the load balancer’s own way back from sign-in, as a static path: ${path}`,
    'spec',
    { ...minimal.spec, cdn: { staticPaths: [path] }, identity: { protectedPaths: ['/account'] } },
    'spec.cdn.staticPaths',
  ]),
  ...['/account', '/account/bye'].map((path): Case => [
    `a page after signing out that asks people to sign in: ${path}`,
    'spec',
    { ...minimal.spec, identity: { signOutPaths: ['/', path] } },
    'spec.identity.signOutPaths',
  ]),
  [
    'more ways out than Cognito takes',
    'spec',
    { ...minimal.spec, domain: named(10), identity: { signOutPaths: paths(10) } },
    'spec.identity.signOutPaths',
  ],
  ['old versions that go at once', 'spec.content.lifecycle.noncurrentVersionDays', 0],
  ['uploads that wait for more than a year', 'spec.content.lifecycle.abortUploadDays', 366],
  [
    'objects that expire whatever they are called',
    'spec.content.lifecycle.expire',
    [{ prefix: '', days: 1 }],
    'spec.content.lifecycle.expire[0].prefix',
  ],
  [
    'a site that is no origin',
    'spec.content.cors',
    [{ origins: ['shop.example.com'] }],
    'spec.content.cors[0].origins[0]',
  ],
  [
    'a site with two stars',
    'spec.content.cors',
    [{ origins: ['https://*.shop.*.com'] }],
    'spec.content.cors[0].origins[0]',
  ],
  [
    'a site with two stars in a row',
    'spec.content.cors',
    [{ origins: ['https://**.shop.example.com'] }],
    'spec.content.cors[0].origins[0]',
  ],
  [
    'a header with two stars',
    'spec.content.cors',
    [{ origins: ['*'], headers: ['x-*-*'] }],
    'spec.content.cors[0].headers[0]',
  ],
  ['a CORS rule for nobody', 'spec.content.cors', [{ origins: [] }], 'spec.content.cors[0].origins'],
  [
    'a CORS rule that allows nothing',
    'spec.content.cors',
    [{ origins: ['*'], methods: [] }],
    'spec.content.cors[0].methods',
  ],
  [
    'a method that S3 has no rule for',
    'spec.content.cors',
    [{ origins: ['*'], methods: ['PATCH'] }],
    'spec.content.cors[0].methods[0]',
  ],
  ['a bucket to adopt by its ARN', 'spec.content.adopt', 'arn:aws:s3:::ecom-acme'],
  ['a pool to adopt by its ARN', 'spec.identity.adopt', 'arn:aws:cognito-idp:eu-central-1:1:userpool/a'],
];

const orders = 'spec.notifications.topics.orders';
const subscribed = (protocol: string, endpoint: string, ...more: object[]) => ({
  subscriptions: [{ protocol, endpoint }, ...more],
});
const first = `${orders}.subscriptions[0].endpoint`;

const handled = `${orders}.function`;
const archived = { s3: { bucket: 'code', key: 'on-order.zip' }, handler: 'index.handler', runtime: 'nodejs22.x' };
const pushed = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/on-order:1';

const messages: Case[] = [
  ['a topic in capitals', 'spec.notifications.topics', { Orders: {} }],
  ['a topic whose name is too long', 'spec.notifications.topics', { ['o'.repeat(21)]: {} }],
  [
    'more topics than bounds allow',
    'spec.notifications.topics',
    Object.fromEntries([...'abcdefghijk'].map((n) => [n, {}])),
  ],
  ['a topic without a word', `${orders}.displayName`, ''],
  ['a display name longer than AWS takes', `${orders}.displayName`, 'x'.repeat(101)],
  ['a protocol nobody knows', orders, subscribed('fax', '+4915112345678'), `${orders}.subscriptions[0].protocol`],
  [
    'a password in a URL',
    orders,
    subscribed('https', 'https://shop:made-up@erp.example.com/orders'),
    `${orders}.subscriptions[0].endpoint`,
  ],
  ['plain HTTP', orders, subscribed('http', 'http://erp.example.com'), `${orders}.subscriptions[0].protocol`],
  ['an address without a domain', orders, subscribed('email', 'orders'), first],
  ['a number without its country', orders, subscribed('sms', '015112345678'), first],
  ['a URL without TLS', orders, subscribed('https', 'http://erp.example.com'), first],
  ['a queue by its URL', orders, subscribed('sqs', 'https://sqs.eu-central-1.amazonaws.com/1/orders'), first],
  ['a function by its name', orders, subscribed('lambda', 'on-order'), first],
  [
    'an addressee twice',
    orders,
    subscribed('email', 'a@example.com', { protocol: 'email', endpoint: 'a@example.com' }),
    `${orders}.subscriptions`,
  ],
  ['a function by nothing', handled, {}],
  ['a function by two', handled, { ...archived, image: pushed }],
  ['an archive without a handler', handled, { ...archived, handler: undefined }],
  ['an image with a handler', handled, { image: pushed, handler: 'index.handler' }],
  ['an image without a tag', handled, { image: pushed.replace(':1', '') }, `${handled}.image`],
  ['an image from elsewhere', handled, { image: 'docker.io/library/node:22' }, `${handled}.image`],
  ['a function by its name alone', handled, { arn: 'on-order' }, `${handled}.arn`],
  ['a bucket by its URL', handled, { ...archived, s3: { bucket: 's3://code', key: 'a' } }, `${handled}.s3.bucket`],
  ['a call longer than Lambda allows', handled, { ...archived, timeoutSeconds: 901 }, `${handled}.timeoutSeconds`],
  ['less memory than Lambda has', handled, { ...archived, memoryMiB: 127 }, `${handled}.memoryMiB`],
  ['logs for two weeks and a day', handled, { ...archived, logRetentionDays: 15 }, `${handled}.logRetentionDays`],
  ['a key of another region', 'spec.notifications.kmsKeyArn', 'arn:aws:kms:us-east-1:111122223333:key/0a1b'],
  ['a key by its alias', 'spec.notifications.kmsKeyArn', 'alias/mine'],
];

const alarm = 'spec.monitoring.alarms';
const notify = 'spec.monitoring.notify';
const check = 'spec.monitoring.healthCheck';
const topicIn = (region: string) => `arn:aws:sns:${region}:111122223333:alerts`;
const watched: Case[] = [
  ['an alarm nobody knows', `${alarm}.weather`, {}, `${alarm}.weather`, 'drops'],
  ['an alarm as a boolean', `${alarm}.latencyMillis`, false],
  ['an alarm at no errors at all', `${alarm}.serverErrorPercent.threshold`, 0],
  ['an alarm above all requests', `${alarm}.serverErrorPercent.threshold`, 101],
  ['an alarm that is patient for hours', `${alarm}.unhealthyHosts.minutes`, 61],
  ['a latency of nothing', `${alarm}.latencyMillis.threshold`, 0],
  ['an address without a host', `${notify}.emails`, ['ops@'], `${notify}.emails[0]`],
  ['an address twice', `${notify}.emails`, ['ops@x.test', 'ops@x.test'], `${notify}.emails[1]`],
  ['eleven addresses', `${notify}.emails`, Array.from({ length: 11 }, (_, n) => `ops${n}@x.test`)],
  ['a topic by its name', `${notify}.topicArn`, 'alerts'],
  ['a topic elsewhere', notify, { topicArn: topicIn('eu-west-1'), emails: ['a@x.test'] }, `${notify}.topicArn`],
  ['no topic where the health check is', `${notify}.topicArn`, topicIn('eu-central-1'), `${notify}.usEast1TopicArn`],
  ['a topic of Europe for us-east-1', `${notify}.usEast1TopicArn`, topicIn('eu-central-1')],
  ['a health check switched off by false', check, false],
  [
    'a CDN before what offers nothing below TLS 1.3',
    'spec',
    { ...minimal.spec, loadBalancer: { tlsPolicy: 'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04' }, cdn: {} },
    'spec.loadBalancer.tlsPolicy',
  ],
  [
    'a health check of a host that offers nothing below TLS 1.3',
    'spec',
    { ...minimal.spec, loadBalancer: { tlsPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }, monitoring: {} },
    'spec.loadBalancer.tlsPolicy',
  ],
  ['a page without a slash', `${check}.path`, 'healthz'],
  ['a page that is asked for every minute', `${check}.intervalSeconds`, 60],
  ['a health check that no answer fails', `${check}.failureThreshold`, 0],
  ['a retention CloudWatch does not know, for all', 'spec.monitoring.logRetentionDays', 10],
];

const machines: Case[] = [
  ['no compute', 'spec.compute', undefined],
  ['no image', image, undefined],
  ['an image by neither', image, {}],
  ['an image by both', image, { id: 'ami-0a1b2c3d4e5f60718', ssmParameter: '/ecom/images/storefront' }],
  ['an image id of the wrong length', image, { id: 'ami-123' }, `${image}.id`],
  ['an image by its name', image, { id: 'storefront' }, `${image}.id`],
  ['an image without its object', image, 'ami-0a1b2c3d4e5f60718'],
  ['a parameter without a leading slash', image, { ssmParameter: 'ecom/images' }, `${image}.ssmParameter`],
  ['a parameter that ends in a slash', image, { ssmParameter: '/ecom/images/' }, `${image}.ssmParameter`],
  ['a minimum above the maximum', 'spec.compute.scaling', { min: 5, max: 4 }, 'spec.compute.scaling.max'],
  ['a minimum above the default maximum', 'spec.compute.scaling', { min: 5 }, 'spec.compute.scaling.max'],
  ['no instance at all', 'spec.compute.scaling.min', 0],
  ['a minimum below zero', 'spec.compute.scaling.min', -1],
  ['more instances than bounds allow', 'spec.compute.scaling.max', 100_000],
  ['a CPU target of 100 percent', 'spec.compute.scaling.targetCpuPercent', 100],
  ['no instance type', 'spec.compute.instanceTypes', []],
  ['an instance type without size', 'spec.compute.instanceTypes', ['m4'], 'spec.compute.instanceTypes[0]'],
  ['an instance type twice', 'spec.compute.instanceTypes', ['m4.large', 'm4.large']],
  ['an instance type without a list', 'spec.compute.instanceTypes', 'm4.large'],
  ['eleven instance types', 'spec.compute.instanceTypes', Array.from({ length: 11 }, (_, n) => `m${n + 1}.large`)],
  ['instanceType for instanceTypes', 'spec.compute.instanceType', 'm4.large', 'spec.compute.instanceType', 'drops'],
  ['port 0', 'spec.compute.port', 0],
  ['port 65536', 'spec.compute.port', 65536],
  ['a port as text', 'spec.compute.port', '8080'],
  ['a health path without slash', 'spec.compute.healthPath', 'healthz'],
  ['a health path with a space', 'spec.compute.healthPath', '/health z'],
  ['a health path that Route 53 could not ask for', 'spec.compute.healthPath', `/${'h'.repeat(255)}`],
  ['a variable with a hyphen', 'spec.compute.environment', { 'LOG-LEVEL': 'info' }],
  ['a variable that begins with a digit', 'spec.compute.environment', { '1ST': 'x' }],
  ['a variable that is a number', 'spec.compute.environment', { LIMIT: 5 }, 'spec.compute.environment.LIMIT'],
  ['a variable of two lines', 'spec.compute.environment', { TEXT: 'a\nb' }, 'spec.compute.environment.TEXT'],
  ['the port as a variable', 'spec.compute.environment', { PORT: '80' }],
  ['a variable that we set', 'spec.compute.environment', { ECOM_STORE: 'x' }],
  [
    '51 variables',
    'spec.compute.environment',
    Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`A${n}`, 'x'])),
  ],
  ['variables as a list', 'spec.compute.environment', [{ name: 'A', value: 'b' }]],
  ['a script longer than EC2 takes', 'spec.compute.userData', 'x'.repeat(16_385)],
  ['a script longer than EC2 takes, in bytes', 'spec.compute.userData', 'ä'.repeat(9_000), undefined, 'accepts'],
  ['a script in another language', 'spec.compute.userData', '#!/usr/bin/env python3\nprint(1)\n'],
  ['a script for a shell that reads other words', 'spec.compute.userData', '#!/usr/bin/fish\ntrue\n'],
  ['a script with an option that is lost', 'spec.compute.userData', '#!/bin/bash --login\ntrue\n'],
  ['a file of cloud-init', 'spec.compute.userData', '#cloud-config\npackages: [nginx]\n'],
  ['an archive of cloud-init', 'spec.compute.userData', 'Content-Type: multipart/mixed; boundary="//"\n'],
  ['a script with a NUL', 'spec.compute.userData', 'a\u0000b'],
  ['a volume smaller than an image', 'spec.compute.volume.sizeGiB', 1],
  ['a volume type of spinning disks', 'spec.compute.volume.type', 'st1'],
  ['a rollout that takes all down', 'spec.compute.rollout.minHealthyPercent', 0],
  ['a retention CloudWatch does not know', 'spec.compute.logRetentionDays', 10],
];

const balancers: Case[] = [
  ['a cookie that lives longer than a week', 'spec.loadBalancer.stickiness.durationSeconds', 604_801],
  ['a cookie that does not live', 'spec.loadBalancer.stickiness.durationSeconds', 0],
  ['stickiness as a boolean', 'spec.loadBalancer.stickiness', true],
  ['an idle timeout beyond the limit', 'spec.loadBalancer.idleTimeoutSeconds', 4001],
  ['a deregistration delay beyond the limit', 'spec.loadBalancer.deregistrationDelaySeconds', 3601],
  ['a policy with TLS 1.0', 'spec.loadBalancer.tlsPolicy', 'ELBSecurityPolicy-2016-08'],
  ['a bucket in capitals', 'spec.loadBalancer.accessLogs', { bucket: 'Logs' }, 'spec.loadBalancer.accessLogs.bucket'],
  ['access logs without a bucket', 'spec.loadBalancer.accessLogs', {}, 'spec.loadBalancer.accessLogs.bucket'],
  [
    'a prefix with a leading slash',
    'spec.loadBalancer.accessLogs',
    { bucket: 'logs', prefix: '/a' },
    'spec.loadBalancer.accessLogs.prefix',
  ],
  ['idleTimeout without its unit', 'spec.loadBalancer.idleTimeout', 60, 'spec.loadBalancer.idleTimeout', 'drops'],
];

const policies: Case[] = [
  ['a mode nobody knows', 'spec.policy.mode', 'Dry'],
  ['a mode in lower case', 'spec.policy.mode', 'enforce'],
  ['a replacement without section', 'spec.policy.replace', ['vpc'], 'spec.policy.replace[0]'],
  ['a replacement twice', 'spec.policy.replace', ['network/vpc', 'network/vpc'], 'spec.policy.replace[1]'],
  ['a boundary that is a role', 'spec.policy.permissionsBoundaryArn', 'arn:aws:iam::111122223333:role/x'],
  ['a boundary of China', 'spec.policy.permissionsBoundaryArn', 'arn:aws-cn:iam::111122223333:policy/x'],
];

/** Wrong manifests of many kinds: each differs from the minimal store in one field. */
export const badManifests: readonly BadManifest[] = [
  ...[
    ...names,
    ...empties,
    ...regions,
    ...domains,
    ...networks,
    ...databases,
    ...windows,
    ...caches,
    ...signIns,
    ...messages,
    ...watched,
    ...machines,
    ...balancers,
    ...policies,
  ].map(([name, set, to, path = set, server = 'refuses']) => ({ name, manifest: changed(set, to), path, server })),
];
