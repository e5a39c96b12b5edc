import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { Simulated } from '../../demo/children.ts';

const cwd = fileURLToPath(new URL('../../', import.meta.url));
const script = `
import { Children } from './demo/children.ts';
const simulated = await new Children().simulator(60, 1);
process.stdout.write(JSON.stringify(simulated) + '\\n');
setInterval(() => undefined, 1000);
`;
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const answers = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/_simulator/health`).then(
    ({ ok }) => ok,
    () => false,
  );

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s ends the demo with all its processes, and leaves no file behind', async (signal, code) => {
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const demo = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(demo);
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  const simulated = await firstLine(demo);
  expect(Object.keys(simulated)).toEqual(['aws', 'kubernetes']);
  expect(Object.keys(simulated.aws)).toEqual(['endpoint', 'region', 'accessKeyId', 'secretAccessKey']);
  expect(Object.keys(simulated.kubernetes)).toEqual(['server', 'kubeconfig']);
  const { aws, kubernetes } = simulated;
  expect([await answers(aws.endpoint), existsSync(kubernetes.kubeconfig)]).toEqual([true, true]);
  demo.kill(signal);
  expect(await ended).toBe(code);
  expect([await answers(aws.endpoint), existsSync(kubernetes.kubeconfig)]).toEqual([false, false]);
});

async function firstLine({ stdout }: ChildProcess): Promise<Simulated> {
  if (stdout) for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as Simulated;
  throw new Error('the simulator ended before it was ready');
}
