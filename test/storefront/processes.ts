import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { storefront } from './needs.ts';

/** A line of the log. */
export type Line = Readonly<Record<string, unknown>> & { readonly message: string };

/** The storefront as it runs on an instance. */
export interface Process {
  readonly url: string;
  readonly port: number;
  readonly log: readonly Line[];
  /** All that it has written, whatever it is. */
  written(): string;
  /** Waits for a line of the log. */
  tells(message: string): Promise<Line>;
  stop(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
}

/** Starts one and waits until it serves. Throws what it has written when it ends before. */
export async function startProcess(env: NodeJS.ProcessEnv): Promise<Process> {
  const reroute = new URL('reroute.mjs', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, ['--import', reroute, 'main.js'], {
    ...{ cwd: storefront, env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const [log, written, news]: [Line[], string[], EventEmitter] = [[], [], new EventEmitter()];
  const ended = once(child, 'close').then(([code]) => code as number | null);
  child.stderr?.on('data', (bytes: Buffer) => written.push(bytes.toString()));
  createInterface(child.stdout as NonNullable<ChildProcess['stdout']>).on('line', (text) => {
    written.push(text);
    log.push(JSON.parse(text) as Line);
    news.emit('line');
  });
  const over = ended.then((code): never => {
    throw new Error(`it has ended (${String(code)}):\n${written.join('\n')}`);
  });
  over.catch(() => undefined);
  const tells = async (message: string): Promise<Line> => {
    for (;;) {
      const line = log.find((one) => one.message === message);
      if (line) return line;
      await Promise.race([once(news, 'line'), over]);
    }
  };
  const port = (await tells('serving'))['port'] as number;
  return {
    ...{ url: `http://127.0.0.1:${port}`, port, log, ended, tells },
    written: () => written.join('\n'),
    stop: (signal) => void child.kill(signal),
  };
}
