import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a real control plane comes from. */
export type ClusterSource =
  | { readonly kind: 'context'; readonly context: string }
  | { readonly kind: 'binaries'; readonly folder: string; readonly why: string }
  | { readonly kind: 'build'; readonly script: string }
  | { readonly kind: 'none'; readonly reason: string };

const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
const tools = fileURLToPath(new URL('../../tools/kubernetes/', import.meta.url));

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
};

export const isOnPath = (name: string, path = ''): boolean =>
  path.split(delimiter).some((folder) => isProgram(join(folder, name)));

/**
 * The first of: a kubeconfig context named in `ECOM_TEST_CONTEXT`; the programs in `KUBEBUILDER_ASSETS`; those that
 * `tools/kubernetes/build.sh` has built or, with a Go toolchain, builds. Throws instead of answering `none` when CI=true.
 */
export function findCluster(environment: NodeJS.ProcessEnv = process.env): ClusterSource {
  const context = environment['ECOM_TEST_CONTEXT'];
  if (context) return { kind: 'context', context };
  const assets = environment['KUBEBUILDER_ASSETS'];
  if (assets) {
    // envtest's bundle has no controller manager: without it namespaces never finish their deletion.
    const missing = programs.filter((name) => !isProgram(join(assets, name)));
    if (missing.length === 0) return { kind: 'binaries', folder: assets, why: 'KUBEBUILDER_ASSETS' };
    return none(`KUBEBUILDER_ASSETS has no ${missing.join(', ')}`, environment);
  }
  const cached = cacheFolder(environment);
  if (programs.every((name) => isProgram(join(cached, name))))
    return { kind: 'binaries', folder: cached, why: 'tools/kubernetes/build.sh' };
  if (isOnPath('go', environment['PATH'])) return { kind: 'build', script: join(tools, 'build.sh') };
  return none('there is neither ECOM_TEST_CONTEXT nor KUBEBUILDER_ASSETS nor a Go toolchain', environment);
}

function none(reason: string, environment: NodeJS.ProcessEnv): ClusterSource {
  if (environment['CI'] === 'true') throw new Error(`CI=true, and no real Kubernetes control plane: ${reason}`);
  return { kind: 'none', reason };
}

/** Where build.sh puts what it builds; the same key, so that a machine without Go can be given the folder. */
function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const key = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'build.sh']) key.update(readFileSync(join(tools, file)));
  const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(caches, 'ecomstore', `kubernetes-${key.digest('hex').slice(0, 16)}`);
}
