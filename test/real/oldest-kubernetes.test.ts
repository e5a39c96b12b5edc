import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOnPath } from './find-cluster.ts';

const checker = 'tools/kubernetes/oldest';
const crdFile = 'crds/ecomstores.ecom.io.yaml';
const examples = readdirSync('examples', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.includes('node_modules'))
  .map((file) => join('examples', file));

const hasGo = isOnPath('go', process.env['PATH']);
if (!hasGo && process.env['CI'] === 'true') throw new Error('CI=true, and no Go toolchain to build the check with');
const why = hasGo ? '' : ' (skipped: there is no Go toolchain)';
if (!hasGo) console.warn('There is no Go toolchain: nothing asks the oldest Kubernetes about the CRD');

/** The API server that the other tests run is the newest: rules that it lets through may cost the oldest too much. */
describe.runIf(hasGo)(`the code of the oldest Kubernetes that we support${why}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'oldest-'));
    await promisify(execFile)('go', ['build', '-o', join(folder, 'check'), '.'], { cwd: checker });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What it has against them, a line each. */
  const faultsOf = async (crd: string, ...stores: string[]): Promise<string[]> => {
    const asked = promisify(execFile)(join(folder, 'check'), [crd, ...stores]);
    const { stdout } = await asked.catch((error: { code: number; stdout: string }) => {
      if (error.code !== 1) throw error;
      return error;
    });
    return stdout.split('\n').filter((line) => line !== '');
  };

  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  test('has nothing against the CRD, and takes every example', async () => {
    expect(examples.length).toBeGreaterThan(10);
    expect(await faultsOf(crdFile, ...examples)).toEqual([]);
  });

  test('refuses a store by schema and by rule, as the newest does', async () => {
    const minimal = readFileSync('examples/minimal.yaml', 'utf8');
    const store = written('store.yaml', minimal.replace('min: 2', 'min: 12'));
    expect(await faultsOf(crdFile, store)).toEqual([expect.stringContaining('spec.compute.scaling')]);
    const nameless = written('nameless.yaml', minimal.replace('shop.example.com', 'shop_example'));
    expect(await faultsOf(crdFile, nameless)).toEqual([expect.stringContaining('spec.domain.host')]);
  });

  test('tells a rule that costs it too much', async () => {
    const unbounded = readFileSync(crdFile, 'utf8').replace(/^ *max(Items|Length|Properties): .*\n/gm, '');
    const [fault] = await faultsOf(written('crd.yaml', unbounded));
    expect(fault).toMatch('estimated rule cost');
  });
});
