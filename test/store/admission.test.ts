import { describe, expect, test } from 'vitest';
import { isEcomStore, problemsOf } from '../../operator/store/admission.ts';
import { pathText } from '../../operator/store/admission/problem.ts';
import { badManifests, changed, existing, minimal } from './bad-manifests.ts';

const pathsOf = (manifest: unknown, old?: unknown) => problemsOf(manifest, old).map(({ path }) => pathText(path));

describe('a wrong manifest is refused where it is wrong, with a remedy', () => {
  test.each(badManifests)('$name', ({ manifest, path }) => {
    const problems = problemsOf(manifest);
    expect(problems.map((problem) => pathText(problem.path))).toContain(path);
    for (const { message, remedy, rule } of problems) {
      expect(message).not.toBe('');
      expect(remedy).not.toBe('');
      expect(rule).not.toBe('');
    }
  });

  test('the corpus is large', () => expect(badManifests.length).toBeGreaterThanOrEqual(140));

  test.each([null, undefined, 'store', 1, [minimal]])('what is no object is refused: %j', (value) => {
    expect(problemsOf(value)).toMatchObject([{ path: [], rule: 'type' }]);
  });
});

test('read replicas go while the store keeps the password, or not at all', () => {
  const path = 'spec.database.masterSecret';
  const database = (spec: object) => changed('spec.database', spec);
  expect(pathsOf(database({ readReplicas: 1, masterSecret: 'rds' }))).toEqual([path]);
  expect(pathsOf(database({ readReplicas: 1 }), database({}))).toEqual([]);
  expect(pathsOf(database({}), database({ readReplicas: 1 }))).toEqual([path]);
  expect(pathsOf(database({ masterSecret: 'rds' }), database({ readReplicas: 1 }))).toEqual([path]);
  expect(pathsOf(database({ masterSecret: 'store' }), database({ readReplicas: 1 }))).toEqual([]);
  expect(pathsOf(database({}), database({ masterSecret: 'store' }))).toEqual([]);
});

describe('a good manifest passes', () => {
  const onlyTls13 = 'ELBSecurityPolicy-TLS13-1-3-2021-06';
  const good: [string, unknown][] = [
    ['the minimal one', minimal],
    ['a host that is the zone itself', changed('spec.domain.host', 'example.com')],
    ['a zone by id', changed('spec.domain', { host: 'shop.example.com', zoneId: 'Z0123456789ABCDEFGHIJ' })],
    ['a zone to be created', changed('spec.domain.createZone', true)],
    ['an existing VPC', changed('spec.network', { existing })],
    ['the smallest network', changed('spec.network.cidr', '192.168.4.0/22')],
    ['the last private network', changed('spec.network.cidr', '172.31.0.0/16')],
    ['zones by name', changed('spec.network.zoneNames', ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'])],
    ['null where there is a default', changed('spec.network', null)],
    ['null where Kubernetes itself looks', changed('metadata.labels', null)],
    ['TLS 1.3 alone, where nobody asks by less', changed('spec.loadBalancer.tlsPolicy', onlyTls13)],
    [
      'TLS 1.3 alone beside alarms without a health check',
      changed(
        'spec.loadBalancer.tlsPolicy',
        onlyTls13,
        changed('spec.monitoring', { healthCheck: { enabled: false } }),
      ),
    ],
    ['null where something may be missing', changed('spec.network', null)],
    ['a name of 40 characters', changed('metadata.name', 'a'.repeat(40))],
    ['what Kubernetes adds to an object', changed('metadata.managedFields', [{ manager: 'kubectl' }])],
    ['the status the operator wrote', changed('status', { observedGeneration: 3, anything: true })],
    ['a long host with a certificate of its own', longHost()],
    [
      'a store behind sign-in as a whole, by which people sign out',
      changed('spec.identity', { protectedPaths: ['/*'] }),
    ],
    ['as many ways out as Cognito takes', hundredUrls()],
    [
      'static files of any place, where the load balancer asks nobody to sign in',
      changed('spec.identity', { protectedPaths: [] }, changed('spec.cdn', { staticPaths: ['/*.css'] })),
    ],
  ];
  test.each(good)('%s', (_name, manifest) => expect(problemsOf(manifest)).toEqual([]));

  function hundredUrls(): unknown {
    const aliases = Array.from({ length: 9 }, (_, n) => `www${n}.example.com`);
    const paths = Array.from({ length: 10 }, (_, n) => `/p${n}`);
    const identity = { signOutPaths: paths };
    return changed('spec.identity', identity, changed('spec.domain.aliases', aliases));
  }

  function longHost(): unknown {
    const arn = 'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';
    const host = `${'a'.repeat(40)}.${'b'.repeat(40)}.example.com`;
    return changed('spec.domain.certificateArn', arn, changed('spec.domain.host', host));
  }
});

test.each([
  ['02:00-02:30', 'sun:02:30-sun:03:00'],
  ['02:30-03:00', 'sun:02:00-sun:02:30'],
  ['23:30-00:30', 'sat:00:30-sat:01:00'],
  ['01:00-02:00', 'sat:23:30-sun:00:30'],
])(
  'a backup window %s and a maintenance window %s are none too short, and do not meet',
  (window, maintenanceWindow) => {
    expect(problemsOf(changed('spec.database', { backups: { window }, maintenanceWindow }))).toEqual([]);
  },
);

describe('what cannot change', () => {
  const fixed: [path: string, from: unknown, to: unknown, reported?: string][] = [
    ['spec.region', 'eu-central-1', 'eu-west-1'],
    ['spec.domain', { host: 'a.b.com', zone: 'b.com' }, { host: 'a.b.com', zone: 'a.b.com' }, 'spec.domain.zone'],
    ['spec.domain', { host: 'a.b.com', zone: 'b.com' }, { host: 'a.b.com', zoneId: 'Z1A' }, 'spec.domain.zone'],
    ['spec.domain', { host: 'a.b.com', zoneId: 'Z1A' }, { host: 'a.b.com', zoneId: 'Z2A' }, 'spec.domain.zoneId'],
    ['spec.domain', { host: 'a.b.com', zoneId: 'Z1A' }, { host: 'a.b.com', zone: 'b.com' }, 'spec.domain.zoneId'],
    ['spec.domain.createZone', false, true],
    ['spec.domain.createZone', true, undefined],
    ['spec.network.cidr', '10.1.0.0/16', '10.2.0.0/16'],
    ['spec.network.cidr', '10.1.0.0/16', undefined],
    ['spec.network.cidr', undefined, '10.1.0.0/16'],
    ['spec.network.zones', 2, 3],
    ['spec.network.zones', 3, undefined],
    ['spec.network.zoneNames', undefined, ['eu-central-1a', 'eu-central-1b']],
    ['spec.network.zoneNames', ['eu-central-1a', 'eu-central-1b'], undefined],
    ['spec.network.zoneNames', ['eu-central-1a', 'eu-central-1b'], ['eu-central-1a', 'eu-central-1c']],
    ['spec.network.existing', undefined, existing],
    ['spec.network.existing', existing, undefined],
    ['spec.network', { existing }, undefined, 'spec.network.existing'],
    ['spec.network.existing.vpcId', existing.vpcId, 'vpc-0a1b2c3d4e5f60719'],
    ...(['publicSubnetIds', 'appSubnetIds', 'dataSubnetIds'] as const).map((field): [string, unknown, unknown] => [
      `spec.network.existing.${field}`,
      existing[field],
      ['subnet-0a1b2c3d4e5f60731', 'subnet-0a1b2c3d4e5f60732'],
    ]),
  ];
  const base = (path: string) =>
    path.startsWith('spec.network.existing.') ? changed('spec.network', { existing }) : minimal;

  test.each(fixed)('%s from %j to %j', (path, from, to, reported = path) => {
    const [before, after] = [changed(path, from, base(path)), changed(path, to, base(path))];
    expect(problemsOf(before)).toEqual([]);
    expect(problemsOf(after)).toEqual([]);
    expect(pathsOf(after, before)).toContain(reported);
  });

  test.each([
    [{ databaseName: 'shop' }, { databaseName: 'store' }],
    [{ engine: 'mysql' }, { engine: 'postgres' }],
  ])('of a database %j, and what to do where there is none yet', (before, after) => {
    const of = (database: object) => changed('spec.database', database);
    const [{ remedy } = { remedy: '' }] = problemsOf(of(after), of(before));
    expect(remedy).toContain('while there is no database yet, take database out of the spec, apply that, and put it');
    expect(problemsOf(minimal, of(before))).toEqual([]);
    expect(problemsOf(of(after), minimal)).toEqual([]);
  });

  const free: [path: string, from: unknown, to: unknown][] = [
    ['spec.domain.host', 'shop.example.com', 'new.example.com'],
    ['spec.domain.aliases', undefined, ['www.example.com']],
    ['spec.network.nat', 'single', 'perZone'],
    ['spec.network.cidr', undefined, '10.0.0.0/16'],
    ['spec.network.flowLogs.enabled', true, false],
    ['spec.compute.instanceTypes', ['m4.large'], ['m5.large']],
    ['spec.compute.image', { id: 'ami-0a1b2c3d' }, { ssmParameter: '/a' }],
    ['spec.loadBalancer', undefined, { idleTimeoutSeconds: 120 }],
    ['spec.policy.mode', 'Enforce', 'Paused'],
  ];
  test.each(free)('but %s may go from %j to %j', (path, from, to) => {
    expect(problemsOf(changed(path, to), changed(path, from))).toEqual([]);
  });
});

describe('a remedy says what to write', () => {
  const remedies: [name: string, manifest: unknown, remedy: RegExp][] = [
    ['the field that was meant', changed('spec.domain.alias', ['a.example.com']), /^write aliases$/],
    ['the value that was meant', changed('spec.network.nat', 'perzone'), /^write perZone, or one of/],
    ['the bounds', changed('spec.compute.port', 0), /from 1 to 65535/],
    ['the bounds, of what is no whole number', changed('spec.database', { readReplicas: 2.5 }), /from 0 to \d+$/],
    ['the values, of what is no whole number', changed('spec.network.zones', 2.5), /^choose one of 2, 3, 4$/],
    ['what a section may be', changed('spec.cache', null), /^write `cache: \{\}` or leave it out$/],
    ['what a section must say', changed('spec.cdn', { logs: null }), /^write bucket below it, or leave it out$/],
    ['quotes', changed('spec.compute.environment', { LIMIT: 5 }), /in quotes: "5"/],
    ['no quotes', changed('spec.compute.port', '8080'), /without quotes: 8080/],
    ['an example', changed('spec.region', 'frankfurt'), /"eu-central-1"/],
    ['a missing field with an example', changed('spec.domain.host', undefined), /host: shop\.example\.com/],
    ['the fields there are', changed('spec.network.foobar', 1), /the fields here are cidr, zones/],
  ];
  test.each(remedies)('%s', (_name, manifest, remedy) => {
    expect(problemsOf(manifest).map((problem) => problem.remedy)).toContainEqual(expect.stringMatching(remedy));
  });

  test.each([
    ['spec.network.cidr', '10.0.0.0/27', 'is not an IPv4 network with a prefix length from /16 to /22'],
    ['spec.domain.host', 'https://shop.example.com', 'is not a host name: '],
    ['metadata.name', 'Acme', 'is not made of lower-case letters, digits, and dashes between them'],
    ['spec.database.version', 'sixteen', 'is not a version of one to three numbers'],
    ['spec.cache.maintenanceWindow', 'Sun:03:00-Sun:04:00', 'is not two times of the week in UTC'],
  ])('and the message says what a pattern means: %s', (path, value, message) => {
    expect(problemsOf(changed(path, value))).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining(`"${value}" ${message}`) as string }),
    );
  });

  test('one mistake is told once', () => {
    expect(pathsOf(changed('spec.network.zones', '2'))).toEqual(['spec.network.zones']);
    expect(pathsOf(changed('spec.domain.host', undefined))).toEqual(['spec.domain.host']);
  });
});

describe('what counts as a store', () => {
  test.each([
    [minimal, true],
    [{ apiVersion: 'ecom.io/v1', kind: 'EcomStor' }, true],
    [{ kind: 'EcomStroe' }, true],
    [{ apiVersion: 'apps/v1', kind: 'Deployment' }, false],
    [{ kind: 'List' }, false],
    ['text', false],
    [null, false],
  ])('%j: %s', (document, expected) => expect(isEcomStore(document)).toBe(expected));
});
