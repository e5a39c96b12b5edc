import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOnLeash } from '../../real/process.ts';

/** moto's server: on the PATH, or where the variable says. */
export const motoServer = process.env['ECOM_MOTO_SERVER'] ?? 'moto_server';

export const motoIsHere = (): boolean => spawnSync(motoServer, ['--help']).status === 0;

/** The release that the table is true of: the one CI installs (`.ci/run`). */
export function motoVersion(): string {
  const [, pinned = 'unknown'] = /moto\[server\]==([\d.]+)/.exec(readFileSync('.ci/run', 'utf8')) ?? [];
  return pinned;
}

/** An AWS that nobody here wrote: https://docs.getmoto.org */
export interface Moto {
  readonly endpoint: string;
  /** Everything it has logged, tracebacks of its own failures among it. */
  log(): string;
  stop(): Promise<void>;
}

/** Our environment without what could lead to a real account, or change what the operator does. */
export const bareEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|ECOM|MOTO)_/.test(name)));

export async function startMoto(folder: string): Promise<Moto> {
  // A certificate that nobody validates is issued after a second; moto's own default is a minute.
  const env = { ...bareEnvironment(), MOTO_ACM_VALIDATION_WAIT: '1', PYTHONUNBUFFERED: '1' };
  const leashed = startOnLeash(motoServer, ['-H', '127.0.0.1', '-p', '0'], join(folder, 'moto.log'), env);
  const endpoint = await new Promise<string>((resolve, reject) => {
    let told = '';
    for (const stream of [leashed.child.stdout, leashed.child.stderr])
      stream?.on('data', (text) => {
        const [, url] = /Running on (http:\/\/[\d.:]+)/.exec((told += String(text))) ?? [];
        if (url !== undefined) resolve(url);
      });
    leashed.child.once('close', () => reject(new Error(`${motoServer} ended before it listened:\n${told}`)));
  });
  return { endpoint, log: () => readFileSync(leashed.logFile, 'utf8'), stop: () => leashed.stop() };
}
