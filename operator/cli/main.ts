import { basename } from 'node:path';
import { processIo, UserError } from './io.ts';
import { program } from './program.ts';

const calledAs = basename(process.argv[1] ?? '').startsWith('kubectl-') ? 'kubectl ecomstore' : 'ecomstore';

try {
  await program(processIo, calledAs).parseAsync();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  processIo.note(error.message);
  processIo.exit(1);
}
