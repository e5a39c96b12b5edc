import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parse } from 'yaml';
import { FastClock } from '../../simulator/clock.ts';
import { startKubernetes } from '../../simulator/kube/start.ts';
import { toldStore } from '../support/told-store.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the bundled CLI, in a folder of its own', () => {
  let folder = '';
  const call = (command: string, ...args: string[]) => run(join(folder, command), args, { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ecomstore-'));
    await run(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', folder, 'ecomstore']);
    await symlink('ecomstore.mjs', join(folder, 'kubectl-ecomstore'));
    await copyFile(join(root, 'examples/minimal.yaml'), join(folder, 'store.yaml'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('runs with nothing beside it but Node', async () => {
    const { stdout } = await call('ecomstore.mjs', 'validate', 'store.yaml');
    expect(stdout).toBe('store.yaml: EcomStore shops/acme: well formed\n');
  });

  test('says which commit it was built from', async () => {
    const build = join(root, 'scripts/build.mjs');
    const env = { ...process.env, REVISION: '0123456789ab' };
    await run(process.execPath, [build, '--outdir', join(folder, 'image'), 'ecomstore'], { env });
    const { stdout } = await run(join(folder, 'image/ecomstore.mjs'), ['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\+0123456789ab\n$/);
  });

  test('speaks of itself as kubectl does when kubectl calls it', async () => {
    const { stdout } = await call('kubectl-ecomstore', 'validate', '--help');
    expect(stdout).toMatch(/^Usage: kubectl ecomstore validate /);
  });

  test('watches a store in a cluster until Ctrl-C, which is a good end', async () => {
    const crds = [parse(await readFile(join(root, 'crds/ecomstores.ecom.io.yaml'), 'utf8')) as unknown];
    const kubernetes = await startKubernetes({ clock: new FastClock(), crds });
    await writeFile(join(folder, 'kubeconfig'), kubernetes.kubeconfig);
    const { apiVersion, kind, spec } = toldStore();
    const body = JSON.stringify({ apiVersion, kind, metadata: { name: 'acme', namespace: 'default' }, spec });
    const path = '/apis/ecom.io/v1alpha1/namespaces/default/ecomstores';
    const headers = { 'content-type': 'application/json' };
    expect(kubernetes.api.handle({ method: 'POST', path, headers, body })).toMatchObject({ code: 201 });
    const env = { ...process.env, KUBECONFIG: join(folder, 'kubeconfig') };
    const child = spawn(join(folder, 'ecomstore.mjs'), ['status', 'acme', '--watch'], { env });
    const ended = once(child, 'exit');
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(first)).toMatch(/^EcomStore default\/acme\n/);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    await kubernetes.close();
  });

  test('a reader that goes away early is no error', async () => {
    // More than a pipe holds: it is still writing when its reader is gone.
    const store = await readFile(join(folder, 'store.yaml'), 'utf8');
    const stores = Array.from({ length: 2_000 }, (_, n) => store.replace('name: acme', `name: store-${n}`));
    await writeFile(join(folder, 'stores.yaml'), stores.join('\n---\n'));
    const script = './ecomstore.mjs validate --output json stores.yaml | head -n 1; exit "${PIPESTATUS[0]}"';
    const { stdout, stderr } = await run('bash', ['-c', script], { cwd: folder });
    expect([stdout, stderr]).toEqual(['{\n', '']);
  });

  test('nobody to read what is said beside the answer is no error', async () => {
    const map = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: other } }';
    const store = await readFile(join(folder, 'store.yaml'), 'utf8');
    await writeFile(join(folder, 'beside.yaml'), `${store}\n---\n${map}\n`);
    // The reader has gone before the first word.
    const script = './ecomstore.mjs validate beside.yaml 2> >(exec true)';
    const { stdout } = await run('bash', ['-c', script], { cwd: folder });
    expect(stdout).toContain('well formed');
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is told in a line', async () => {
    const script = './ecomstore.mjs diagram store.yaml > /dev/full';
    const stderr = 'standard output: there is no space left to write it\n';
    await expect(run('bash', ['-c', script], { cwd: folder })).rejects.toMatchObject({ code: 1, stderr });
    const drawing = call('ecomstore.mjs', 'diagram', 'store.yaml', '--output-file', '/dev/full');
    await expect(drawing).rejects.toMatchObject({ code: 1, stderr: stderr.replace('standard output', '/dev/full') });
  });

  test.each([
    [['validate', 'nope.yaml'], 'nope.yaml: no such file\n'],
    [['validate', '.'], '.: this is a folder; name the files in it\n'],
    [['validate'], "error: missing required argument 'file'\n(see ecomstore validate --help)\n"],
    [['chek'], "error: unknown command 'chek'\n(see ecomstore --help)\n"],
  ])('%j ends with 1 and says why, without a stack trace', async (args, stderr) => {
    await expect(call('ecomstore.mjs', ...args)).rejects.toMatchObject({ code: 1, stderr });
  });
});
