import { randomUUID } from 'node:crypto';
import { build, version } from './build.ts';
import type { Config } from './config.ts';
import { openAccess } from './kube/access.ts';
import { kubeClient, type KubeClient } from './kube/client.ts';
import { findCluster } from './kube/kubeconfig.ts';
import type { BeginLead } from './lead.ts';
import type { Log } from './model/log.ts';
import type { Random, Timers } from './model/timers.ts';
import { Process, watchedNamespaces } from './process.ts';
import { serveHealth } from './runtime/health.ts';
import type { Metrics } from './runtime/metrics.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly begin: (metrics: Metrics) => BeginLead;
}

/** The operator from start to stop, with its sockets: the cluster that the environment names, and the health server. */
export async function serve(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const { config, env, timers, log } = options;
  const connect = (connections: number): KubeClient => {
    const access = openAccess(findCluster(env), connections, () => timers.now());
    return kubeClient({ access, userAgent: `ecomstore-operator/${version}`, clock: timers });
  };
  // Every watch holds a connection for as long as it lasts; each worker needs one at a time, and so do the events.
  const client = connect(watchedNamespaces(config).length + config.workers + 1);
  const process = new Process({
    ...options,
    client,
    leaseClient: connect(1),
    identity: `${config.identity}_${randomUUID()}`,
  });
  process.metrics.watchRuntime(build);
  const health = await serveHealth({
    ...config.metrics,
    ...process.checks,
    metrics: () => process.metrics.text(),
    log,
  });
  log.info({ port: health.port, version, installation: config.installation }, 'started');
  try {
    await process.run(signal);
  } finally {
    await health.close();
  }
  log.info({}, 'stopped');
}
