import { basename } from 'node:path';
import { CommanderError } from 'commander';
import { connect } from '../aws/cloud.ts';
import { Pacing } from '../aws/pacing.ts';
import { version } from '../build.ts';
import { Fault } from '../model/faults.ts';
import { realTimers } from '../runtime/clock.ts';
import { processIo, unwritable, UserError, type Io } from './io.ts';
import { program } from './program.ts';

const calledAs = basename(process.argv[1] ?? '').startsWith('kubectl-') ? 'kubectl ecomstore' : 'ecomstore';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read our output has seen enough: `ecomstore validate ... | head`.
  if (error.code === 'EPIPE') process.exit();
  processIo.note(unwritable(error).message);
  process.exit(1);
});

process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  // Nobody reads what else we say; what we were asked is answered all the same.
  if (error.code !== 'EPIPE') process.exit(1);
});

const stop = new AbortController();
let endsItself = false;
process.once('SIGINT', () => {
  stop.abort();
  if (!endsItself) process.exit(130);
});
const io: Io = {
  ...processIo,
  timers: realTimers,
  connect: (region: string) => connect(region, { pacing: new Pacing(realTimers), signal: stop.signal }),
  cluster: async ({ kubeconfig, context }) => {
    // Most commands have no use for it, and it takes longer to load than they take.
    const [{ findCluster }, { StoreReader }] = await Promise.all([
      import('../kube/kubeconfig.ts'),
      import('../kube/store-reader.ts'),
    ]);
    const env = kubeconfig === undefined ? process.env : { ...process.env, KUBECONFIG: kubeconfig };
    const userAgent = `ecomstore-cli/${version}`;
    return new StoreReader({ cluster: findCluster(env, context), userAgent, timers: realTimers, random: Math.random });
  },
  interrupted: () => {
    endsItself = true;
    return stop.signal;
  },
};

try {
  await program(io, calledAs, version).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) processIo.exit(error.exitCode);
  else if (error instanceof UserError) {
    processIo.note(error.message);
    processIo.exit(1);
  } else if (error instanceof Fault) {
    // AWS's own refusal, with what a person can do about it.
    processIo.note([error.message, error.facts.remedy].filter(Boolean).join('\n  '));
    processIo.exit(1);
  } else throw error;
}
