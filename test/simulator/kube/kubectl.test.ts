import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { FastClock } from '../../../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../../../simulator/kube/start.ts';
import { kubectlChecks, runCheck } from '../../real/kubectl-checks.ts';
import { Kubectl } from '../../real/kubectl.ts';

const crd = load(readFileSync(new URL('../../../crds/ecomstores.ecom.io.yaml', import.meta.url), 'utf8'));

describe('kubectl and the stand-in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-stand-in-'));
  let kubernetes: SimulatedKubernetes;
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubernetes = await startKubernetes({ clock: new FastClock(), crds: [crd] });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubernetes.kubeconfig);
    kubectl = new Kubectl(kubeconfig);
  });

  afterAll(async () => {
    await kubectl.close();
    await kubernetes.close();
    rmSync(folder, { recursive: true });
  });

  for (const check of kubectlChecks) test(check.name, () => runCheck(check, kubectl, false));
});
