import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBinaries } from './control-plane.ts';
import { findCluster, type ClusterSource } from './find-cluster.ts';

/** A real Kubernetes control plane for tests. */
export interface RealCluster {
  readonly server: string;
  /** The path of a kubeconfig of an administrator. */
  readonly kubeconfig: string;
  /** Whether it was started here, and so may be broken. */
  readonly own: boolean;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly source?: ClusterSource;
  /** Further flags of the API server. */
  readonly apiServerFlags?: readonly string[];
}

/** Finds a control plane or starts one, and waits until it is ready. */
export async function startCluster(options: ClusterOptions = {}): Promise<RealCluster> {
  const source = options.source ?? findCluster();
  switch (source.kind) {
    case 'none':
      throw new Error(`no real Kubernetes control plane: ${source.reason}`);
    case 'context':
      return namedContext(source.context);
    case 'binaries':
      return startBinaries(source.folder, options.apiServerFlags ?? []);
    case 'build': {
      console.warn('building a Kubernetes control plane once; this takes more than ten minutes');
      const folder = execFileSync('bash', [source.script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
      return startBinaries(folder.trim(), options.apiServerFlags ?? []);
    }
  }
}

function namedContext(context: string): RealCluster {
  const kubectl = process.env['ECOM_KUBECTL'] ?? 'kubectl';
  const args = ['config', 'view', '--minify', '--flatten', '--raw', '--context', context];
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-context-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, execFileSync(kubectl, args), { mode: 0o600 });
  const jsonPath = '-o=jsonpath={.clusters[0].cluster.server}';
  const server = execFileSync(kubectl, ['config', 'view', '--kubeconfig', kubeconfig, jsonPath], { encoding: 'utf8' });
  return { server, kubeconfig, own: false, stop: async () => rmSync(folder, { recursive: true }) };
}
