import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** An object (as JSON, which is YAML) or text for `-f -`. */
  readonly input?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that is running. */
export interface Running {
  /** Resolves once its output so far fits. */
  until(fits: (stdout: string) => boolean): Promise<string>;
  readonly done: Promise<Outcome>;
  stop(): void;
}

/** The kubectl that is installed (`ECOM_KUBECTL` names another), with a cache of its own. */
export class Kubectl {
  readonly #kubeconfig: string;
  readonly #cache = mkdtempSync(join(tmpdir(), 'ecomstore-kubectl-'));
  readonly #running = new Set<Running>();

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  /** Runs a command to its end, whatever that is. */
  run(args: readonly string[], options: KubectlOptions = {}): Promise<Outcome> {
    return this.start(args, options).done;
  }

  /** Runs a command that must succeed, and answers what it printed. */
  async ok(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Runs a command that must fail, and answers why it did. */
  async refused(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code === 0) throw new Error(`kubectl ${args.join(' ')} was expected to fail: ${stdout}`);
    return stderr;
  }

  async json(args: readonly string[]): Promise<Record<string, unknown>> {
    return JSON.parse(await this.ok([...args, '-o', 'json'])) as Record<string, unknown>;
  }

  start(args: readonly string[], { input, env }: KubectlOptions = {}): Running {
    const all = ['--kubeconfig', this.#kubeconfig, '--cache-dir', this.#cache, ...args];
    const child = spawn(process.env['ECOM_KUBECTL'] ?? 'kubectl', all, { env: { ...process.env, ...env } });
    const told = { stdout: '', stderr: '' };
    const waiting = new Set<() => void>();
    const hear = (name: 'stdout' | 'stderr') => (part: Buffer) => {
      told[name] += part.toString();
      for (const look of waiting) look();
    };
    child.stdout.on('data', hear('stdout'));
    child.stderr.on('data', hear('stderr'));
    child.stdin.end(input === undefined ? '' : typeof input === 'string' ? input : JSON.stringify(input));
    const done = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? -1, ...told }));
    });
    const until = (fits: (stdout: string) => boolean): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => void (fits(told.stdout) && (waiting.delete(look), resolve(told.stdout)));
        waiting.add(look);
        look();
        void done.then(({ stdout, stderr }) => reject(new Error(`it ended before it told so: ${stdout}${stderr}`)));
      });
    const running: Running = { until, done, stop: () => void child.kill() };
    this.#running.add(running);
    void done.finally(() => this.#running.delete(running)).catch(() => undefined);
    return running;
  }

  async close(): Promise<void> {
    const running = [...this.#running];
    for (const one of running) one.stop();
    await Promise.allSettled(running.map((one) => one.done));
    rmSync(this.#cache, { recursive: true, force: true });
  }
}
