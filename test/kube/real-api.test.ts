import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { openAccess } from '../../operator/kube/access.ts';
import { kubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { failedAs } from '../../operator/kube/errors.ts';
import { findCluster as findConfigured } from '../../operator/kube/kubeconfig.ts';
import { realTimers } from '../../operator/runtime/clock.ts';
import { startCluster } from '../real/cluster.ts';
import { findCluster } from '../real/find-cluster.ts';
import { kubeApiSuite, type ApiUnderTest } from '../support/kube-api-suite.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const leaseNamespace = 'ecomstore-system';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const collections: Readonly<Record<string, (namespace: string) => string>> = {
  CustomResourceDefinition: () => '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  Namespace: () => '/api/v1/namespaces',
  ClusterRole: () => `${rbac}/clusterroles`,
  ClusterRoleBinding: () => `${rbac}/clusterrolebindings`,
  Role: (namespace) => `${rbac}/namespaces/${namespace}/roles`,
  RoleBinding: (namespace) => `${rbac}/namespaces/${namespace}/rolebindings`,
};

const documents = (folder: string): Manifest[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')))
    .map((document) => document.toJS() as Manifest);

async function create(client: KubeClient, manifest: Manifest): Promise<void> {
  const path = collections[manifest.kind]?.(manifest.metadata.namespace ?? leaseNamespace);
  if (!path) return;
  try {
    await client.request({ method: 'POST', path, body: manifest });
  } catch (error) {
    if (!failedAs(error, 'exists')) throw error;
  }
}

/** The CRD and the operator's rights are those we ship; the operator's identity is its service account's. */
async function start(): Promise<ApiUnderTest> {
  const cluster = await startCluster();
  const admin = readFileSync(cluster.kubeconfig, 'utf8');
  const access = openAccess(findConfigured({ KUBECONFIG: cluster.kubeconfig }), 2, () => Date.now());
  const client = kubeClient({ access, userAgent: 'test', clock: realTimers });
  const ours = [...documents('crds'), ...documents('manifests/base')];
  const shops: Manifest = { kind: 'Namespace', metadata: { name: 'shops' } };
  const namespacesFirst = [shops, ...ours].sort(
    (a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'),
  );
  for (const manifest of namespacesFirst) await create(client, manifest);
  await served(client);
  await client.close();
  const config = parse(admin) as { users: { user: object }[] };
  const as = { as: `system:serviceaccount:${leaseNamespace}:ecomstore-operator` };
  const operator = {
    ...config,
    users: config.users.map(({ user, ...rest }) => ({ ...rest, user: { ...user, ...as } })),
  };
  return { admin, operator: stringify(operator), leaseNamespace, close: () => cluster.stop() };
}

/** A CRD is served a moment after it was accepted. */
async function served(client: KubeClient): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await client.request({ method: 'GET', path: '/apis/ecom.io/v1alpha1/ecomstores' });
      return;
    } catch (error) {
      // At first unknown, then 429: its storage is being made ready.
      if (!failedAs(error, 'not-found', 'throttled')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('the CRD is not served');
}

const source = findCluster();
if (source.kind === 'none') console.warn(`a real API server is not tried: ${source.reason}`);
kubeApiSuite('a real API server', start, { when: source.kind !== 'none' });
