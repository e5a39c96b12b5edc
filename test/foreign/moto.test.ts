import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EcomStore } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { startOnLeash, type Leashed } from '../real/process.ts';
import { furnish, makeZone, type Furnished } from './moto/account.ts';
import { census, recordsOf } from './moto/census.ts';
import { clientsAt, credentials, type Clients } from './moto/clients.ts';
import { document } from './moto/document.ts';
import { gaps, lacking, lackingAnswer, mend } from './moto/gaps.ts';
import { lackingOperations } from './moto/lacking.ts';
import { startRecorder, type Recorder } from './moto/recorder.ts';
import { bareEnvironment, motoIsHere, motoServer, motoVersion, startMoto, type Moto } from './moto/server.ts';
import { Stage } from './moto/stage.ts';

const title = 'the operator as it ships, on moto';
const present = motoIsHere();
if (!present) console.warn(`${title} is not tried: there is no ${motoServer} (ECOM_MOTO_SERVER names another)`);

/** The one node that moto cannot bring to an end: see `DefaultInstanceWarmup` in docs/moto.md. */
const unfinished = 'compute/group';
/** What the operator tries on it from time to time. */
const again = 'autoscaling UpdateAutoScalingGroup';

/** moto mixes up the scaling policies of two stores in one region: see docs/moto.md. */
const otherRegion = 'us-east-1';

/** What AWS too would answer so: what is asked of something that went a moment before. */
const asInAws = [
  'elasticloadbalancing DescribeListeners: ListenerNotFound',
  'elasticloadbalancing DescribeListeners: LoadBalancerNotFound',
  'elasticloadbalancing DescribeLoadBalancerAttributes: LoadBalancerNotFound',
  'elasticloadbalancing DescribeRules: ListenerNotFound',
  'elasticloadbalancing DescribeRules: RuleNotFound',
  'elasticloadbalancing DescribeTargetGroupAttributes: TargetGroupNotFound',
  'acm DescribeCertificate: ResourceNotFoundException',
];

interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly domain: { readonly host: string }; readonly compute: object };
}

const example = (name: string): Manifest => load(readFileSync(`examples/${name}.yaml`, 'utf8')) as Manifest;

/** The nodes of an example that are made, with their types, from its golden graph. */
const madeBy = (golden: string): [node: string, type: string][] =>
  Object.entries(JSON.parse(readFileSync(`test/golden/${golden}.json`, 'utf8')) as Record<string, { type: string }>)
    .filter(([, { type }]) => !type.endsWith('-lookup'))
    .map(([node, { type }]): [string, string] => [node, type])
    .sort();

/** Records have no tags; everything else has. */
const tagged = (golden: string) => madeBy(golden).filter(([, type]) => type !== 'route53/record-set');

const standings = ({ status }: EcomStore): string[] =>
  (status.resources ?? []).flatMap(({ node, standing, reason }) =>
    standing === 'ready' ? [] : `${node} ${standing} ${reason}`,
  );

const group = ({ status }: EcomStore) => status.resources?.find(({ node }) => node === unfinished);

describe.skipIf(!present && process.env['CI'] !== 'true')(title, () => {
  let folder: string;
  let moto: Moto;
  let recorder: Recorder;
  let stage: Stage;
  let operator: Leashed;
  let aws: Readonly<Record<string, Clients>>;
  let furnished: Furnished;
  let zoneId: string;

  const existingVpc = (): Manifest => {
    const { spec, ...rest } = example('existing-vpc');
    const { certificateArn, imageId: id, ...existing } = furnished;
    // Ids of hosted zones begin with Z, as the CRD demands; moto's begin with anything: the zone is given by its name.
    const domain = { host: spec.domain.host, zone: 'example.com', certificateArn };
    const compute = { ...spec.compute, image: { id } };
    return { ...rest, spec: { ...spec, region: otherRegion, domain, compute, network: { existing } } } as Manifest;
  };

  /** Every node is ready that moto can bring there, and the one that it cannot says so. */
  const settled = (golden: string) => (store: EcomStore | 'gone') =>
    store !== 'gone' &&
    store.status.observedGeneration === store.metadata.generation &&
    store.status.resources?.length === madeBy(golden).length &&
    standings(store).join() === `${unfinished} stalled NotKept`;

  const writesSince = (index: number): string[] =>
    recorder.calls
      .slice(index)
      .filter(({ isWrite }) => isWrite)
      .map(({ service, operation }) => `${service} ${operation}`);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ecomstore-moto-'));
    execFileSync(process.execPath, ['scripts/build.mjs', '--outdir', folder, 'operator']);
    moto = await startMoto(folder);
    aws = { acme: clientsAt(moto.endpoint, homeRegion), outlet: clientsAt(moto.endpoint, otherRegion) };
    zoneId = await makeZone(aws['acme'] as Clients);
    await furnish(aws['acme'] as Clients);
    furnished = await furnish(aws['outlet'] as Clients);
    recorder = await startRecorder(moto.endpoint, mend);
    stage = await Stage.open(folder);
    operator = startOnLeash(process.execPath, [join(folder, 'operator.mjs')], join(folder, 'operator.log'), {
      ...bareEnvironment(),
      ...{ KUBECONFIG: stage.kubeconfig, ECOM_LEASE_NAMESPACE: 'default', ECOM_METRICS_PORT: '0' },
      ...{ AWS_ENDPOINT_URL: recorder.endpoint, AWS_REGION: homeRegion, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
      ECOM_TIME_SCALE: '60',
    });
  }, 60_000);

  afterAll(async () => {
    // What did not start need not be stopped.
    await operator?.stop();
    await Promise.all([stage?.close(), recorder?.close(), moto?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['acme', 'minimal'],
    ['outlet', 'existing-vpc'],
  ])('store %s (%s) is built, each of its resources once and tagged', async (name, golden) => {
    await stage.apply(name === 'outlet' ? existingVpc() : example(golden));
    const store = (await stage.until(name, settled(golden))) as EcomStore;
    const found = await census(aws[name] as Clients, `shops/${name}`);
    const built = found.filter(({ type }) => type !== 'ec2/instance');
    expect(built.map(({ tags, type }) => [tags['ecom.io/node'], type]).sort()).toEqual(tagged(golden));
    for (const { tags } of found)
      expect(tags).toMatchObject({ 'ecom.io/installation': 'default', 'ecom.io/uid': store.metadata.uid });
    expect(found.filter(({ type }) => type === 'ec2/instance')).toHaveLength(2);
  });

  test('the records of both stores are in the user’s zone', async () => {
    const records = await recordsOf(aws['acme'] as Clients, zoneId);
    for (const host of ['shop.example.com.', 'outlet.example.com.'])
      expect(records.filter((record) => record.startsWith(host))).toEqual([`${host} A`, `${host} AAAA`]);
    expect(records.filter((record) => /^_[0-9a-f]+\.shop\.example\.com\. CNAME$/.test(record))).toHaveLength(1);
  });

  test('the node that moto cannot finish says what is wrong and what to do', async () => {
    const store = (await stage.until('acme', settled('minimal'))) as EcomStore;
    expect(group(store)?.message).toMatch(
      /^warmupSeconds of autoscaling\/group .* AWS accepted it and does not keep it .*CloudTrail/,
    );
    expect(store.status.conditions?.find(({ type }) => type === 'Stalled')).toMatchObject({
      status: 'True',
      reason: 'NotKept',
    });
  });

  test('a second pass reads everything and writes nothing but what that node asks for again', async () => {
    const before = recorder.calls.length;
    for (const name of ['acme', 'outlet'])
      await stage.patch(name, { metadata: { annotations: { 'ecom.io/reconcile-at': 'again' } } });
    for (const name of ['acme', 'outlet'])
      await stage.until(name, (store) => store !== 'gone' && store.status.acknowledgedReconcile === 'again');
    const read = new Set(recorder.calls.slice(before).map(({ operation }) => operation));
    expect([...read]).toEqual(expect.arrayContaining(['DescribeVpcs', 'DescribeLoadBalancers', 'ListRoles']));
    expect(writesSince(before).filter((write) => write !== again)).toEqual([]);
  });

  test('an operation that moto lacks holds up its node, says so, and disturbs nothing else', async () => {
    const before = recorder.calls.length;
    await stage.patch('acme', { spec: { compute: { environment: { BANNER: 'Winter sale' } } } });
    const store = (await stage.until(
      'acme',
      (seen) =>
        seen !== 'gone' &&
        seen.status.observedGeneration === 2 &&
        /^autoscaling:DescribeInstanceRefreshes failed with HTTP 500/.test(group(seen)?.message ?? ''),
    )) as EcomStore;
    expect(group(store)).toMatchObject({ standing: 'progressing', reason: 'Unreachable' });
    // What moto does not keep of the group is tried on: that it does not tell how instances are changed is no obstacle.
    await stage.until('acme', settled('minimal'));
    expect(writesSince(before).filter((write) => write !== again)).toEqual([
      'ec2 CreateLaunchTemplateVersion',
      'ec2 ModifyLaunchTemplate',
    ]);
    await stage.until('outlet', settled('existing-vpc'));
  });

  test('both stores are removed, and nothing is left but the user’s own things', async () => {
    for (const name of ['acme', 'outlet']) await stage.remove(name);
    // A census of one meets what is going of the other: it begins when both are gone.
    for (const name of ['acme', 'outlet']) await stage.until(name, (store) => store === 'gone');
    for (const name of ['acme', 'outlet']) expect(await census(aws[name] as Clients, `shops/${name}`)).toEqual([]);
    expect(await recordsOf(aws['acme'] as Clients, zoneId)).toEqual(['example.com. NS', 'example.com. SOA']);
  });

  test('moto refused nothing that is not in the table', () => {
    const failed = recorder.calls.flatMap(({ service, operation, error }) =>
      error === undefined ? [] : `${service} ${operation}: ${error}`,
    );
    const known = Object.keys(lacking).map((name) => `${name.replace(':', ' ')}: ${lackingAnswer}`);
    expect([...new Set(failed)].filter((one) => !known.includes(one) && !asInAws.includes(one))).toEqual([]);
  });

  test.each(gaps.map((gap) => [gap.what, gap] as const))('moto still differs: %s', async (_what, { probe, seen }) => {
    expect(await probe(clientsAt(moto.endpoint, 'eu-west-1'))).toBe(seen);
  });

  test('of the operations we call, moto lacks those in the table and no others', async () => {
    const found = await lackingOperations(clientsAt(moto.endpoint, 'eu-west-2'), moto);
    expect(found).toEqual(Object.keys(lacking).sort());
  });

  test('docs/moto.md is this table', async () => {
    await expect(await format(document(motoVersion()), { parser: 'markdown' })).toMatchFileSnapshot(
      '../../docs/moto.md',
    );
  });
});
