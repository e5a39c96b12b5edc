import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the simulator says when it is ready. */
export interface Simulated {
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  readonly kubernetes: { readonly server: string; readonly kubeconfig: string };
}

/** What ends the demo from outside, with the exit codes that shells give such an end. */
const endings = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** The processes of the demo. They end with it, however it ends. */
export class Children {
  readonly #running: ChildProcess[] = [];
  stopping = false;
  #atLeisure = false;

  constructor() {
    process.once('exit', () => this.#signal('SIGKILL'));
    // A signal ends a process without an `exit` event, and would leave the children behind.
    for (const [signal, code] of endings)
      process.on(signal, () => {
        if (this.stopping) process.exit(code);
        void this.stop().finally(() => process.exit(signal === 'SIGINT' && this.#atLeisure ? 0 : code));
      });
  }

  /** From now on Ctrl-C is how the demo is meant to end. */
  async untilInterrupted(): Promise<never> {
    this.#atLeisure = true;
    return new Promise(() => undefined);
  }

  async simulator(speed: number, seed: number): Promise<Simulated> {
    const args = ['--import', 'tsx', 'simulator/main.ts', '--speed', String(speed), '--seed', String(seed)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#running.push(child);
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Simulated;
    throw new Error('the simulator ended before it was ready');
  }

  /** The operator as it ships; its log goes to a file. Calls back when it ends by itself. */
  operator(env: Readonly<Record<string, string>>, logFile: string, ended: (code: number | null) => void): void {
    mkdirSync('.cache', { recursive: true });
    const log = createWriteStream(logFile);
    const child = spawn(process.execPath, ['dist/operator.mjs'], {
      env: { ...bare(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.push(child);
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    child.on('exit', ended);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const living = this.#running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    for (const child of living) child.removeAllListeners('exit');
    const ends = living.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    this.#signal('SIGTERM');
    const patience = new Promise((resolve) => setTimeout(resolve, 5_000).unref());
    await Promise.race([Promise.all(ends), patience]);
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    for (const child of this.#running) if (child.exitCode === null) child.kill(signal);
  }
}

/** Our environment without what could lead the demo's operator to a real account. */
const bare = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('ECOM_')));
