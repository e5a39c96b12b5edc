import { basename } from 'node:path';
import { CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { connect } from '../aws/cloud.ts';
import { Pacing } from '../aws/pacing.ts';
import { Fault } from '../model/faults.ts';
import { realTimers } from '../runtime/clock.ts';
import { processIo, UserError } from './io.ts';
import { program } from './program.ts';

const calledAs = basename(process.argv[1] ?? '').startsWith('kubectl-') ? 'kubectl ecomstore' : 'ecomstore';

// Whoever read our output has seen enough: `ecomstore validate ... | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
  process.exit(130);
});
const io = {
  ...processIo,
  connect: (region: string) => connect(region, { pacing: new Pacing(realTimers), signal: stop.signal }),
};

try {
  await program(io, calledAs, manifest.version).parseAsync();
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
