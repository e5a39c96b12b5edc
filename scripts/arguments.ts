import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Ends the process with what is wrong with how it was called, and the help. */
export function refuse(why: string, help: string): never {
  process.stderr.write(`${why}\n\n${help}`);
  process.exit(2);
}

/** What a program was called with; refused where that is none of its options. */
export function parsedOr<T extends ParseArgsConfig>(help: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), help);
  }
}
