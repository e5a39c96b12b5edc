import { basename } from 'node:path';
import { CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { processIo, UserError } from './io.ts';
import { program } from './program.ts';

const calledAs = basename(process.argv[1] ?? '').startsWith('kubectl-') ? 'kubectl ecomstore' : 'ecomstore';

try {
  await program(processIo, calledAs, manifest.version).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) processIo.exit(error.exitCode);
  else if (error instanceof UserError) {
    processIo.note(error.message);
    processIo.exit(1);
  } else throw error;
}
