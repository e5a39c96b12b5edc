// Manifests are read as whatever they are; each test looks at the part it knows.
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../operator/config.ts';
import { variables } from '../operator/variables.ts';
import { VirtualOperator } from './support/virtual-operator.ts';

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
  readonly resourceNames?: string[];
}
type Manifest = Record<string, any>;

const read = (...files: string[]): Manifest[] =>
  files.flatMap((file) =>
    parseAllDocuments(readFileSync(join('manifests', file), 'utf8')).map((document) => document.toJS() as Manifest),
  );
const base = read(...readdirSync('manifests/base').map((file) => join('base', file)));
const one = (kind: string, name = 'ecomstore-operator'): Manifest =>
  base.find((manifest) => manifest['kind'] === kind && manifest['metadata']?.name === name) as Manifest;
const pod = one('Deployment')['spec'].template.spec as Manifest;
const container = pod['containers'][0] as Manifest;
const config = readConfig({});

describe('the rights of the operator', () => {
  const rules = [...(one('ClusterRole')['rules'] as Rule[]), ...(one('Role')['rules'] as Rule[])];
  const granted = rules.flatMap(({ apiGroups, resources, verbs, resourceNames }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => [verb, `${group}/${resource}`, resourceNames?.join() ?? '*'].join(' ')),
      ),
    ),
  );

  test('are exactly its calls', () => {
    expect(granted.sort()).toEqual([
      'create /events *',
      'create coordination.k8s.io/leases *',
      `get coordination.k8s.io/leases ${config.lease.name}`,
      'get ecom.io/ecomstores *',
      'list ecom.io/ecomstores *',
      'patch /events *',
      'patch ecom.io/ecomstores *',
      'patch ecom.io/ecomstores/status *',
      `update coordination.k8s.io/leases ${config.lease.name}`,
      'watch ecom.io/ecomstores *',
    ]);
  });

  test('on leases end at its own namespace', () => {
    expect(JSON.stringify(one('ClusterRole'))).not.toContain('leases');
  });
});

test('nobody may have stores because he may edit a namespace', () => {
  const people = ['ecomstore-editor', 'ecomstore-viewer'];
  for (const name of people) expect(one('ClusterRole', name)['metadata'].labels).toBeUndefined();
  const bound = base
    .filter(({ kind }) => /RoleBinding$/.test(kind as string))
    .map(({ roleRef }) => roleRef.name as string);
  expect(bound.filter((name) => people.includes(name))).toEqual([]);
});

test('Prometheus is told of the service in the namespace that it lives in', () => {
  const [kustomization] = read('base/kustomization.yaml');
  const [monitor] = read('components/service-monitor/service-monitor.yaml');
  expect(monitor?.['metadata'].namespace).toBe(kustomization?.['namespace']);
  expect(kustomization?.['labels'][0].pairs).toMatchObject(monitor?.['spec'].selector.matchLabels);
});

describe('alerts', () => {
  const [rule] = read('components/service-monitor/prometheus-rule.yaml');
  const rules = (rule?.['spec'].groups as Manifest[]).flatMap(({ rules }) => rules as Manifest[]);
  const page = readFileSync('docs/operating.md', 'utf8');
  /** What Prometheus says of the pod that it asks. */
  const ofTarget = ['container', 'endpoint', 'instance', 'job', 'namespace', 'node', 'pod', 'service'];

  /** All that a leader with a stalled store tells once it knows all of AWS: names with the labels of each. */
  async function told(): Promise<Map<string, Set<string>>> {
    const world = new VirtualOperator({ env: { ECOM_NAMESPACES: 'shops' } });
    world.aws.world.faults.add({ service: 'ec2', operation: 'CreateVpc', error: 'deny' });
    const process = world.start();
    await world.apply('examples/minimal.yaml');
    await world.advance(25 * 60_000);
    const labels = new Map<string, Set<string>>();
    for (const [, name = '', pairs = ''] of (await process.metrics()).matchAll(/^(ecom_\w+)(?:\{(.*)\})? \S+$/gm))
      labels.set(name, new Set([...pairs.matchAll(/(\w+)="/g)].map(([, label = '']) => label)));
    return labels;
  }

  test('ask for metrics and labels that the operator tells, and none is called as one of the target', async () => {
    const labels = await told();
    for (const { alert, expr } of rules as { alert: string; expr: string }[]) {
      const names = [...expr.matchAll(/ecom_\w+/g)].map(([name]) => name);
      expect([alert, names]).toEqual([alert, [expect.any(String)]]);
      const asked = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
      const own = [...(labels.get(names[0] as string) ?? ['not told'])];
      expect([alert, asked.filter((label) => !ofTarget.includes(label))]).toEqual([alert, own]);
    }
    const all = [...labels].flatMap(([name, own]) => [...own].map((label) => [name, label]));
    expect(all.filter(([, label = '']) => ofTarget.includes(label))).toEqual([]);
    expect(all).toContainEqual(['ecom_aws_call_seconds_count', 'aws_service']);
  });

  test('lead to a section of docs/operating.md that says what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning']).toContain(labels.severity);
      const [, section] = /"([^"]+)" in docs/.exec(annotations.description as string) ?? [];
      expect(page).toContain(`\n## ${section}\n`);
      expect(page).toContain(`\n| \`${alert}\` `);
    }
    const named = [...page.matchAll(/^\| `(EcomStore\w+)` /gm)].map(([, name]) => name);
    expect(named).toEqual(rules.map(({ alert }) => alert as string));
  });

  test('are in the namespace of the operator', () => {
    const [kustomization] = read('base/kustomization.yaml');
    expect(rule?.['metadata'].namespace).toBe(kustomization?.['namespace']);
  });
});

describe('the pod', () => {
  test('is what the restricted pod security standard asks for, with a read-only root', () => {
    expect(pod['securityContext']).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const forbidden of ['hostNetwork', 'hostPID', 'hostIPC', 'volumes']) expect(pod).not.toHaveProperty(forbidden);
    expect(one('Namespace', 'ecomstore-system')['metadata'].labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('is given limits, and time to stop', () => {
    expect(container['resources'].limits).toMatchObject({
      cpu: expect.any(String) as string,
      memory: expect.any(String) as string,
    });
    expect(pod['terminationGracePeriodSeconds'] * 1000).toBeGreaterThanOrEqual(
      config.shutdownMillis + 10_000 + 3_000 + 5_000,
    );
  });

  test('is probed where the operator answers', () => {
    const port = (container['ports'] as Manifest[])[0];
    expect(port).toEqual({ name: 'http', containerPort: config.metrics.port });
    expect(container['livenessProbe'].httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container['readinessProbe'].httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(one('NetworkPolicy')['spec'].ingress[0].ports).toEqual([{ protocol: 'TCP', port: config.metrics.port }]);
  });

  test('is given only variables that there are', () => {
    const names = (container['env'] as { name: string }[]).map(({ name }) => name);
    const literals = readdirSync('manifests', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('kustomization.yaml'))
      .flatMap((file) => read(file))
      .flatMap((manifest) => (manifest['configMapGenerator'] ?? []) as { literals: string[] }[])
      .flatMap((generator) => generator.literals.map((literal) => literal.split('=')[0] as string));
    const ours = [...names, ...literals].filter((name) => name.startsWith('ECOM_'));
    expect(ours.length).toBeGreaterThan(2);
    for (const name of ours) expect(variables).toHaveProperty(name);
  });
});

test('every selector finds the pods', () => {
  const labels = one('Deployment')['spec'].template.metadata.labels as Record<string, string>;
  const selectors = [
    one('Deployment')['spec'].selector.matchLabels,
    one('PodDisruptionBudget')['spec'].selector.matchLabels,
    one('NetworkPolicy')['spec'].podSelector.matchLabels,
    one('Service')['spec'].selector,
  ] as Record<string, string>[];
  for (const selector of selectors) expect(labels).toMatchObject(selector);
});

test('taking the operator away takes no CRD away', () => {
  expect(JSON.stringify(base)).not.toContain('CustomResourceDefinition');
});

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!kubectl && process.env['CI'] !== 'true') console.warn('kubectl is not here: kustomizations are not built');

describe.runIf(kubectl || process.env['CI'] === 'true')('kubectl kustomize', () => {
  const build = (folder: string): Manifest[] =>
    parseAllDocuments(execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })).map(
      (document) => document.toJS() as Manifest,
    );

  test.each(['irsa', 'pod-identity'])('the overlay %s has a place for the image', (overlay) => {
    const deployment = build(`manifests/overlays/${overlay}`).find(({ kind }) => kind === 'Deployment');
    expect(JSON.stringify(deployment)).toMatch(/"image":"[^"/]+[.][^"/]+\/ecomstore-operator:[0-9.]+"/);
  });

  test.each(['irsa', 'pod-identity'])('builds the overlay %s, all of it in one namespace', (overlay) => {
    const manifests = build(`manifests/overlays/${overlay}`);
    const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];
    const namespaces = manifests
      .filter(({ kind }) => !clusterWide.includes(kind as string))
      .map(({ metadata }) => metadata.namespace as string);
    expect(new Set(namespaces)).toEqual(new Set(['ecomstore-system']));
    const map = manifests.find(({ kind }) => kind === 'ConfigMap') as Manifest;
    const from = (manifests.find(({ kind }) => kind === 'Deployment') as Manifest)['spec'].template.spec.containers[0]
      .envFrom;
    expect(JSON.stringify(manifests)).toContain('"resourceNames":["ecomstore-operator"]');
    expect(from).toEqual([{ configMapRef: { name: map['metadata'].name } }]);
    expect(map['data']).toMatchObject({ ECOM_INSTALLATION: 'default', AWS_REGION: 'eu-central-1' });
  });

  /** The base with these components, as an overlay of somebody's has them. */
  const withComponents = (components: readonly string[], more: object = {}): Manifest[] => {
    const folder = mkdtempSync(join(tmpdir(), 'ecomstore-components-'));
    const [resources, ...paths] = ['base', ...components].map((path) =>
      relative(realpathSync(folder), `manifests/${path}`),
    );
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      JSON.stringify({ resources: [resources], components: paths, ...more }),
    );
    try {
      return build(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('the component aggregate-to-people gives stores to all who edit a namespace, and to nobody without it', () => {
    const aggregated = (components: readonly string[]) =>
      withComponents(components).flatMap(({ metadata }) =>
        Object.keys((metadata.labels ?? {}) as object).flatMap((label) =>
          label.startsWith('rbac.') ? [`${metadata.name as string} ${label.split('/')[1]}`] : [],
        ),
      );
    expect(aggregated([])).toEqual([]);
    expect(aggregated(['components/aggregate-to-people']).sort()).toEqual([
      'ecomstore-editor aggregate-to-admin',
      'ecomstore-editor aggregate-to-edit',
      'ecomstore-viewer aggregate-to-view',
    ]);
  });

  test('the patch in the comment of service-monitor gives its objects, and no others, the label of a Helm release', () => {
    const comment = readFileSync('manifests/components/service-monitor/kustomization.yaml', 'utf8');
    const lines = [...comment.matchAll(/^#   (.*)$/gm)].map(([, line]) => line);
    const { components, patches } = parse(lines.join('\n')) as { components: string[]; patches: object[] };
    const built = withComponents(
      components.map((path) => path.replace('../../', '')),
      { patches },
    );
    const labelled = built.filter(({ metadata }) => metadata.labels?.release === 'kube-prometheus-stack');
    expect(labelled.map(({ kind }) => kind as string).sort()).toEqual(['PrometheusRule', 'ServiceMonitor']);
  });

  test.each(['names-by-namespace', 'deletion-on-request'])(
    'the component %s is a policy for the whole cluster, and bound',
    (component) => {
      const admission = withComponents([`components/${component}`]).filter(({ kind }) =>
        /^Validating/.test(kind as string),
      );
      expect(admission.map(({ metadata }) => [metadata.name as string, metadata.namespace as unknown])).toEqual([
        [`ecomstore-${component}`, undefined],
        [`ecomstore-${component}`, undefined],
      ]);
    },
  );

  test('ties the role to the service account for IRSA, and opens the agent’s address for Pod Identity', () => {
    const account = build('manifests/overlays/irsa').find(({ kind }) => kind === 'ServiceAccount') as Manifest;
    expect(account['metadata'].annotations['eks.amazonaws.com/role-arn']).toMatch(/^arn:aws:iam::/);
    const policy = build('manifests/overlays/pod-identity').find(({ kind }) => kind === 'NetworkPolicy') as Manifest;
    expect(JSON.stringify(policy['spec'].egress)).toContain('169.254.170.23/32');
  });
});
