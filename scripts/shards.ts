import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { refuse } from './arguments.ts';

/** The value of an option that takes a whole number from 1. Ends the process, with the help, where it is none. */
export function wholeOption(name: string, text: string, help: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 100_000_000) return number;
  return refuse(`--${name} ${text}: it must be a whole number from 1 to 100000000`, help);
}

/**
 * Runs this very command once more for each worker, with `--shard` and its number, and hears what each sends. Answers
 * whether all ended well. Ctrl-C reaches the shards by itself; whoever stops only this process has it passed on.
 */
export async function inShards(
  workers: number,
  { file, hear }: { file: string; hear: (told: unknown) => void },
): Promise<boolean> {
  const shards = Array.from({ length: workers }, (_, shard) =>
    spawn(
      process.execPath,
      // Every core has a shard of its own: threads that help one to collect garbage would only take from another.
      ['--import', 'tsx', '--single-threaded-gc', file, ...process.argv.slice(2), '--shard', String(shard)],
      { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
    ),
  );
  for (const shard of shards) shard.on('message', hear);
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => shards.forEach((shard) => shard.kill('SIGTERM')));
  const codes = await Promise.all(shards.map(async (shard) => (await once(shard, 'exit'))[0] as number | null));
  return codes.every((code) => code === 0);
}

/** A shard tells the process that began it, and waits until that has it; nothing where nobody did. */
export const tellWhole = (told: unknown): Promise<void> =>
  new Promise((sent) => (process.send ? process.send(told, () => sent()) : sent()));
