import { Kubectl } from './kubectl.ts';

/**
 * Installs a CRD, and waits until kubectl knows it: some time after it is Established its resource is in the discovery,
 * and its schema in the OpenAPI document, of which kubectl keeps copies.
 */
export async function installCrd(kubeconfig: string, crd: string, plural: string): Promise<void> {
  await withFreshCache(kubeconfig, async (kubectl) => {
    await kubectl.ok(['apply', '--server-side', '-f', '-'], { input: crd });
    await established(kubectl, plural);
  });
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { code, stderr } = await withFreshCache(kubeconfig, (kubectl) => kubectl.run(['explain', plural]));
    if (code === 0) return;
    if (Date.now() > deadline) throw new Error(`${plural} was installed, and is still unknown: ${stderr}`);
  }
}

/**
 * Waits until a CRD is served. Its conditions are null at first, on which `kubectl wait --for=condition` does not wait but
 * fails (https://github.com/kubernetes/kubernetes/issues/66439); they are there as soon as its names are accepted.
 */
export async function established(kubectl: Kubectl, name: string): Promise<void> {
  const [plural] = name.split('.');
  for (const state of [`jsonpath={.status.acceptedNames.plural}=${plural}`, 'condition=Established'])
    await kubectl.ok(['wait', `--for=${state}`, `crd/${name}`, '--timeout=30s']);
}

async function withFreshCache<T>(kubeconfig: string, act: (kubectl: Kubectl) => Promise<T>): Promise<T> {
  const kubectl = new Kubectl(kubeconfig);
  try {
    return await act(kubectl);
  } finally {
    await kubectl.close();
  }
}
