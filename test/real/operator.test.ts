import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { furnish, homeRegion } from '../../simulator/account.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { createSimulatedAws, type SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { FastClock } from '../../simulator/clock.ts';
import { mergePatch } from './checks/check.ts';
import { startCluster, type RealCluster } from './cluster.ts';
import { findCluster } from './find-cluster.ts';
import { established } from './install.ts';
import { Kubectl } from './kubectl.ts';

const speed = 60;
const system = 'ecomstore-system';
const source = findCluster();
const title = 'the operator as it ships, on a real API server';
if (source.kind === 'none') console.warn(`${title} is not tried: ${source.reason}`);

/** One replica: the bundle in a process of its own, under exactly the rights of its service account. */
class Replica {
  readonly name: string;
  readonly #child: ChildProcess;
  log = '';

  constructor(name: string, env: Readonly<Record<string, string>>) {
    this.name = name;
    const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(AWS|ECOM)_/.test(key)));
    this.#child = spawn(process.execPath, ['dist/operator.mjs'], {
      env: { ...clean, ...env, ECOM_IDENTITY: name },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text) => (this.log += String(text)));
  }

  kill(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.kill(signal);
    });
  }
}

describe.skipIf(source.kind === 'none' && process.env['CI'] !== 'true')(title, () => {
  let cluster: RealCluster;
  let aws: SimulatedAws;
  let front: JudgedFront;
  let kubectl: Kubectl;
  let folder: string;
  const replicas: Replica[] = [];

  /** The administrator's kubeconfig, acting as the operator's service account. */
  function operatorKubeconfig(): string {
    const config = parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { user: object }[] };
    const as = `system:serviceaccount:${system}:ecomstore-operator`;
    const users = config.users.map(({ user, ...rest }) => ({ ...rest, user: { ...user, as } }));
    const file = join(folder, 'operator.kubeconfig');
    writeFileSync(file, stringify({ ...config, users }), { mode: 0o600 });
    return file;
  }

  const startReplica = (name: string, env: Readonly<Record<string, string>> = {}): Replica => {
    const replica = new Replica(name, {
      KUBECONFIG: operatorKubeconfig(),
      ...{ AWS_ENDPOINT_URL: front.endpoint, AWS_REGION: homeRegion, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' },
      ...{ ECOM_TIME_SCALE: String(speed), ECOM_LEASE_NAMESPACE: system, ECOM_METRICS_PORT: '0' },
      ...{ ECOM_LEASE_DURATION_SECONDS: '6', ECOM_LEASE_RENEW_SECONDS: '4', ECOM_LEASE_RETRY_SECONDS: '1' },
      ...env,
    });
    replicas.push(replica);
    return replica;
  };

  const holder = (): Promise<string> =>
    kubectl.ok(['get', 'lease', 'ecomstore-operator', '-n', system, '-o', 'jsonpath={.spec.holderIdentity}']);

  /** Asks again until the answer fits; the test's own time-out is the end of patience. */
  async function until(answer: () => Promise<string>, fits: (text: string) => boolean): Promise<string> {
    for (;;) {
      const text = await answer();
      if (fits(text)) return text;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  beforeAll(async () => {
    if (!existsSync('dist/operator.mjs')) execFileSync('npm', ['run', '--silent', 'build']);
    folder = mkdtempSync(join(tmpdir(), 'ecomstore-real-'));
    cluster = await startCluster();
    kubectl = new Kubectl(cluster.kubeconfig);
    aws = createSimulatedAws({ clock: new FastClock(speed) });
    furnish(aws.world);
    front = await judgedFront({ aws });
    await kubectl.ok(['apply', '--server-side', '-f', 'crds/']);
    await kubectl.ok(['apply', '-f', 'manifests/base/namespace.yaml']);
    for (const file of ['service-account', 'rbac', 'rbac-for-people'])
      await kubectl.ok(['apply', '-n', system, '-f', `manifests/base/${file}.yaml`]);
    await established(kubectl, 'ecomstores.ecom.io');
    await kubectl.ok(['create', 'namespace', 'shops']);
  }, 1_500_000);

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill('SIGKILL')));
    await front.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'a store applied by kubectl becomes Ready, with its columns, events and resources',
    { timeout: 120_000 },
    async () => {
      startReplica('one');
      startReplica('two');
      await kubectl.ok(['apply', '-f', 'examples/minimal.yaml']);
      await kubectl.ok(['wait', '--for=condition=Ready', 'store/acme', '-n', 'shops', '--timeout=90s']);
      expect(await kubectl.ok(['get', 'stores', '-n', 'shops'])).toMatch(
        /acme +True +AllResourcesMatch +https:\/\/shop\.example\.com/,
      );
      expect(await kubectl.ok(['get', 'events', '-n', 'shops'])).toContain('Created');
      expect(aws.world.ledger.existing({ type: 'autoscaling/group' })).toHaveLength(1);
    },
  );

  test(
    'of two replicas one leads, and when it is killed the other finishes the work',
    { timeout: 120_000 },
    async () => {
      const first = await until(holder, (name) => name !== '');
      await kubectl.ok(mergePatch('shops', { spec: { compute: { scaling: { max: 11 } } } }));
      await replicas.find(({ name }) => first.includes(name))?.kill('SIGKILL');
      await until(holder, (name) => name !== '' && name !== first);
      const observed = [
        'get',
        'store',
        'acme',
        '-n',
        'shops',
        '-o',
        'jsonpath={.metadata.generation}={.status.observedGeneration} {.status.conditions[?(@.type=="Ready")].status}',
      ];
      await until(
        () => kubectl.ok(observed),
        (text) => /^(\d+)=\1 True$/.test(text),
      );
      for (const type of ['ec2/vpc', 'ec2/nat-gateway', 'elbv2/load-balancer'])
        expect([type, aws.world.ledger.history().filter((entry) => entry.type === type).length]).toEqual([type, 1]);
    },
  );

  test('a reconcile that was asked for is acknowledged with its value', { timeout: 60_000 }, async () => {
    await kubectl.ok(['annotate', 'store', 'acme', '-n', 'shops', 'ecom.io/reconcile-at=now-please']);
    const acknowledged = ['get', 'store', 'acme', '-n', 'shops', '-o', 'jsonpath={.status.acknowledgedReconcile}'];
    await until(
      () => kubectl.ok(acknowledged),
      (text) => text === 'now-please',
    );
  });

  test(
    'deleting the namespace takes the store down first, and nothing is left in AWS',
    { timeout: 120_000 },
    async () => {
      await kubectl.ok(['delete', 'namespace', 'shops', '--timeout=100s']);
      expect(aws.world.ledger.existing()).toEqual([]);
    },
  );

  test('the operator was never refused anything by its own RBAC', () => {
    // Events cannot be written into a namespace that is going: nobody's RBAC allows that.
    const refused = (line: string) => /forbidden/i.test(line) && !line.includes('because it is being terminated');
    for (const { log } of replicas) expect(log.split('\n').filter(refused)).toEqual([]);
  });

  test('a replica that is told to stop ends by itself', { timeout: 60_000 }, async () => {
    await Promise.all(replicas.map((replica) => replica.kill('SIGTERM')));
  });

  test(
    'with rights in one namespace only, which are gone before its stores, the way out that is written there leads out',
    { timeout: 240_000 },
    async () => {
      const component = 'manifests/components/one-namespace';
      const wayOut = readFileSync(`${component}/kustomization.yaml`, 'utf8').matchAll(/^# {3}kubectl (.+)$/gm);
      const [lend, wait, takeBack] = [...wayOut].map(([, command = '']) => command.split(' '));
      await kubectl.ok(['create', 'namespace', 'shops']);
      await kubectl.ok(['delete', 'clusterrolebinding', 'ecomstore-operator']);
      await kubectl.ok(['apply', '-f', `${component}/role-binding.yaml`]);
      startReplica('alone', { ECOM_NAMESPACES: 'shops' });
      await kubectl.ok(['apply', '-f', 'examples/minimal.yaml']);
      await kubectl.ok(['wait', '--for=condition=Ready', 'store/acme', '-n', 'shops', '--timeout=90s']);
      await kubectl.ok(['delete', 'namespace', 'shops', '--wait=false']);
      const bindings = ['get', 'rolebindings', '-n', 'shops', '-o', 'name'];
      await until(
        () => kubectl.ok(bindings),
        (text) => text === '',
      );
      await kubectl.refused([...(wait ?? []).slice(0, 3), '--timeout=10s']);
      expect(aws.world.ledger.existing({ type: 'ec2/vpc' })).toHaveLength(1);
      await kubectl.ok(lend ?? []);
      await kubectl.ok(wait ?? []);
      await kubectl.ok(takeBack ?? []);
      expect(aws.world.ledger.existing()).toEqual([]);
    },
  );
});
