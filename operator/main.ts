import { connect } from './aws/cloud.ts';
import { version } from './build.ts';
import { BadConfig, configHelp, readConfig, unknownVariables } from './config.ts';
import { beginLead } from './lead.ts';
import { Fault } from './model/faults.ts';
import { realTimers } from './runtime/clock.ts';
import { openLog } from './runtime/log.ts';
import { serve } from './serve.ts';

const help = `ecomstore-operator ${version}: keeps e-commerce stores on AWS as their EcomStore objects say.

Usage: operator [--help | --version]

It is configured by its environment:
${configHelp()}

The Kubernetes API is found by KUBECONFIG, in a pod by its service account, else by ~/.kube/config.
AWS is found by the AWS SDK's own variables: AWS_REGION, AWS_PROFILE, AWS_ROLE_ARN, AWS_ENDPOINT_URL, and others.
`;

/** Runs the operator, and answers its exit code. */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  if (args.includes('--version')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (args.length > 0) {
    process.stderr.write(`unknown argument ${args.join(' ')}; there are --help and --version\n`);
    return 2;
  }
  const config = readConfig(env);
  const log = openLog(config.logLevel);
  for (const name of unknownVariables(env)) log.warn({ name }, 'an unknown variable: see --help for those there are');
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) => {
      log.error({ err: error }, `${event}: nothing is known any more, so the process ends`);
      process.exit(1);
    });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      // Whoever asks twice does not want to wait.
      if (stop.signal.aborted) process.exit(130);
      log.info({ signal }, 'stopping');
      stop.abort();
    });
  const shared = { config, timers: realTimers, random: Math.random, log };
  try {
    const begin = (metrics: Parameters<typeof beginLead>[0]['metrics']) => beginLead({ ...shared, connect, metrics });
    await serve({ ...shared, env, begin }, stop.signal);
    return 0;
  } catch (error) {
    log.error({ err: error }, 'the operator cannot go on');
    return 1;
  }
}

try {
  process.exit(await main(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof BadConfig || error instanceof Fault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
