import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';

/** A program on a leash: however the process that started it ends, it is killed. */
export interface Leashed {
  readonly child: ChildProcess;
  readonly logFile: string;
  /** The last lines it wrote, for a failure's message. */
  tail(): string;
  /** Lets go: resolves when it is gone. */
  stop(): Promise<void>;
}

// The pipe on stdin closes when we die, even by -9; then the reader at its other end kills the program.
const leash =
  'exec 3<&0; "$@" </dev/null 3<&- & child=$!; (cat <&3 >/dev/null; kill -9 $child) 2>/dev/null & exec 3<&-; wait $child';

export function startOnLeash(
  program: string,
  args: readonly string[],
  logFile: string,
  env: NodeJS.ProcessEnv = process.env,
): Leashed {
  const child = spawn('sh', ['-c', leash, 'sh', program, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once('close', () => log.end(resolve)));
  return {
    child,
    logFile,
    tail: () => readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n'),
    stop: async () => {
      child.stdin.destroy();
      await ended;
    },
  };
}

/** Ports of the loopback that nobody uses now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
