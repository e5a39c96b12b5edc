import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { apply, mergePatch, store } from './checks/check.ts';
import { startCluster, type RealCluster } from './cluster.ts';
import { findCluster } from './find-cluster.ts';
import { installCrd } from './install.ts';
import { Kubectl } from './kubectl.ts';
import { changed, existing } from '../store/bad-manifests.ts';

const crd = readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8');
const policy = 'manifests/components/names-by-namespace/policy.yaml';
const source = findCluster();
const why = source.kind === 'none' ? ` (skipped: ${source.reason})` : '';
if (source.kind === 'none') console.warn(`No real Kubernetes control plane, its tests are skipped: ${source.reason}`);

const [account, region] = ['111122223333', 'eu-central-1'];
const certificate = (of: string) => `arn:aws:acm:${of}:${account}:certificate/12345678-1234-1234-1234-123456789012`;
const topic = (of: string) => `arn:aws:sns:${of}:${account}:alarms`;
const handler = { handler: 'index.handler', runtime: 'nodejs22.x' };

/** A field, what it names, and what a store needs beside it. */
const strangers: readonly (readonly [path: string, name: string, more?: Readonly<Record<string, unknown>>])[] = [
  ['spec.domain.host', 'other.example.com'],
  ['spec.domain.zone', 'example.com', { 'spec.domain.createZone': true }],
  ['spec.domain.certificateArn', certificate(region)],
  ['spec.cdn.certificateArn', certificate('us-east-1')],
  ['spec.compute.image.id', 'ami-0a1b2c3d4e5f60718', { 'spec.compute.image': {} }],
  ['spec.compute.image.ssmParameter', '/payroll/password'],
  ['spec.loadBalancer.accessLogs.bucket', 'their-logs'],
  ['spec.cdn.logs.bucket', 'their-logs'],
  ['spec.notifications.kmsKeyArn', `arn:aws:kms:${region}:${account}:key/12345678-1234-1234-1234-123456789012`],
  ['spec.notifications.topics.orders.function.arn', `arn:aws:lambda:${region}:${account}:function:theirs`],
  [
    'spec.notifications.topics.orders.function.s3.bucket',
    'their-code',
    functionWith({ s3: { key: 'a.zip' }, ...handler }),
  ],
  [
    'spec.notifications.topics.orders.function.image',
    `${account}.dkr.ecr.${region}.amazonaws.com/theirs:1`,
    functionWith({}),
  ],
  ['spec.monitoring.notify.topicArn', topic(region), { 'spec.monitoring.healthCheck': { enabled: false } }],
  ['spec.monitoring.notify.usEast1TopicArn', topic('us-east-1')],
  ['spec.policy.permissionsBoundaryArn', `arn:aws:iam::${account}:policy/theirs`],
];

/** What is kept apart by other means. */
const elsewhere = {
  restoreSnapshotId: 'only snapshots with the tag of the namespace are taken',
  zoneId: 'the host names say where in a zone',
};

function functionWith(handler: object): Readonly<Record<string, unknown>> {
  return { 'spec.notifications.topics.orders.function': handler };
}

/** The names of all fields below a part of a CRD. */
function* fieldsOf(part: object): Generator<string> {
  const { properties = {} } = part as { properties?: object };
  yield* Object.keys(properties);
  for (const value of Object.values(part) as unknown[])
    if (typeof value === 'object' && value !== null) yield* fieldsOf(value);
}

interface Store {
  readonly metadata: object;
  readonly spec: { readonly domain: { readonly host: string; readonly aliases: readonly string[] } };
}

describe.skipIf(source.kind === 'none')(`stores that name what their namespace may not${why}`, () => {
  let cluster: RealCluster;
  let kubectl: Kubectl;
  const dryRun = [...apply, '--dry-run=server'];
  const mayName = (namespace: string, names: string) =>
    kubectl.ok(['annotate', 'namespace', namespace, '--overwrite', `ecom.io/may-name=${names}`]);

  /** The API server hears of policies and annotations a moment later. */
  async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const seen = await look();
      if (seen !== undefined) return seen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the API server has not heard of it in ten seconds');
  }
  const refusal = (input: unknown): Promise<string> =>
    eventually(async () => {
      const { code, stderr } = await kubectl.run(dryRun, { input });
      return code === 0 ? undefined : stderr;
    });
  const taken = (input: unknown): Promise<true> =>
    eventually(async () => ((await kubectl.run(dryRun, { input })).code === 0 ? true : undefined));

  beforeAll(async () => {
    cluster = await startCluster({ source });
    await installCrd(cluster.kubeconfig, crd, 'ecomstores.ecom.io');
    kubectl = new Kubectl(cluster.kubeconfig);
    await kubectl.ok(['apply', '-f', policy]);
  }, 1_800_000);

  afterAll(async () => {
    await kubectl?.close();
    await cluster?.stop();
  });

  test('are refused, all that is strange told, until it is added to the annotation', async () => {
    await kubectl.ok(['create', 'namespace', 'garden']);
    const { metadata, spec } = parse(readFileSync('examples/everything.yaml', 'utf8')) as Store;
    const everything = { ...store('garden'), metadata: { ...metadata, namespace: 'garden' }, spec };
    const message = await refusal(everything);
    const [, listed = ''] =
      /stores of namespace garden may not name (.*); whoever keeps the cluster/.exec(message) ?? [];
    const names = listed.split(', ');
    expect(names).toEqual(expect.arrayContaining([spec.domain.host, ...spec.domain.aliases]));
    await mayName('garden', names.join(' '));
    await taken(everything);
    await mayName('garden', names.slice(1).join('\n'));
    expect(await refusal(everything)).toContain(`may not name ${names[0]};`);
  });

  test('are refused for each field that names something', async () => {
    await kubectl.ok(['create', 'namespace', 'kiosk']);
    await mayName('kiosk', 'shop.example.com /ecom/images/storefront');
    const allowed = store('kiosk');
    await taken(allowed);
    for (const [path, name, more = {}] of strangers) {
      const strange = Object.entries(more).reduce(
        (whole, [at, value]) => changed(at, value, whole),
        allowed as unknown,
      );
      const why = await kubectl.refused(dryRun, { input: changed(path, name, strange) });
      expect(why, path).toContain(`may not name ${String(name)};`);
    }
    const { vpcId } = existing;
    const inVpc = changed('spec.network', { existing }, allowed);
    expect(await kubectl.refused(dryRun, { input: inVpc })).toContain(`may not name ${vpcId};`);
  });

  test('are refused for all fields that hold a name, as far as their own names tell', () => {
    const text = readFileSync(policy, 'utf8');
    const fields = [...fieldsOf(parse(crd) as object)].filter((name) => /(arn|Id|bucket|image|Parameter)$/i.test(name));
    expect(fields.filter((name) => !text.includes(`.${name}`) && !text.includes(`.?${name}`)).sort()).toEqual(
      Object.keys(elsewhere).sort(),
    );
  });

  test('are taken where a name stands for all that begin with it, or lie below it', async () => {
    await kubectl.ok(['create', 'namespace', 'bakery']);
    const at = (host: string) => store('bakery', { spec: { domain: { host, zone: 'example.com' } } });
    await mayName('bakery', 'bread.example.com /ecom/images/*');
    await taken(at('www.bread.example.com'));
    expect(await refusal(at('cornbread.example.com'))).toContain('may not name cornbread.example.com;');
    await mayName('bakery', 'example.com *');
    await taken(at('cornbread.example.com'));
  });

  test('and exist are written to, and not changed', async () => {
    await kubectl.ok(['create', 'namespace', 'cafe']);
    await mayName('cafe', 'example.com *');
    const here = store('cafe');
    await taken(here);
    await kubectl.ok(apply, { input: here });
    await mayName('cafe', 'example.org');
    await refusal(store('cafe', { name: 'other' }));
    await kubectl.ok(mergePatch('cafe', { metadata: { finalizers: ['ecom.io/teardown'] } }));
    expect(await kubectl.refused(mergePatch('cafe', { spec: { compute: { port: 9090 } } }))).toContain(
      'may not name shop.example.com',
    );
    await kubectl.ok(mergePatch('cafe', { metadata: { finalizers: [] } }));
  });
});
