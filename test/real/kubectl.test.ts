import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startCluster, type RealCluster } from './cluster.ts';
import { findCluster } from './find-cluster.ts';
import { installCrd } from './install.ts';
import { kubectlChecks, runCheck } from './kubectl-checks.ts';
import { Kubectl } from './kubectl.ts';

const crd = readFileSync(new URL('../../crds/ecomstores.ecom.io.yaml', import.meta.url), 'utf8');
const source = findCluster();
const why = source.kind === 'none' ? ` (skipped: ${source.reason})` : '';
if (source.kind === 'none') console.warn(`No real Kubernetes control plane, its tests are skipped: ${source.reason}`);

describe.skipIf(source.kind === 'none')(`kubectl and a real API server${why}`, () => {
  let cluster: RealCluster;
  let kubectl: Kubectl;

  // A first build of the control plane takes more than ten minutes.
  beforeAll(async () => {
    cluster = await startCluster({ source });
    await installCrd(cluster.kubeconfig, crd, 'ecomstores.ecom.io');
    kubectl = new Kubectl(cluster.kubeconfig);
  }, 1_800_000);

  afterAll(async () => {
    await kubectl?.close();
    await cluster?.stop();
  });

  for (const check of kubectlChecks) test(check.name, () => runCheck(check, kubectl, true), 60_000);
});
