import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCluster } from './find-cluster.ts';

describe('a real control plane is looked for', () => {
  let folder: string;
  const put = (...names: string[]): void =>
    names.forEach((name) => writeFileSync(join(folder, name), '', { mode: 0o755 }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ecomstore-find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('in the context that was named, before all else', () => {
    expect(findCluster({ ECOM_TEST_CONTEXT: 'kind-test', KUBEBUILDER_ASSETS: folder })).toEqual({
      kind: 'context',
      context: 'kind-test',
    });
  });

  test('among the programs of envtest', () => {
    put('etcd', 'kube-apiserver', 'kube-controller-manager');
    expect(findCluster({ KUBEBUILDER_ASSETS: folder })).toMatchObject({ kind: 'binaries', folder });
  });

  test('and what envtest lacks is named', () => {
    put('etcd', 'kube-apiserver');
    expect(findCluster({ KUBEBUILDER_ASSETS: folder })).toEqual({
      kind: 'none',
      reason: 'KUBEBUILDER_ASSETS has no kube-controller-manager',
    });
  });

  test('and built with Go where there is none, or not found', () => {
    put('go');
    const empty = { XDG_CACHE_HOME: join(folder, 'cache') };
    expect(findCluster({ ...empty, PATH: folder })).toMatchObject({ kind: 'build' });
    expect(findCluster({ ...empty, PATH: '' })).toMatchObject({ kind: 'none' });
  });

  test('and must be there in CI', () => {
    const empty = { XDG_CACHE_HOME: join(folder, 'cache'), PATH: '', CI: 'true' };
    expect(() => findCluster(empty)).toThrow('CI=true, and no real Kubernetes control plane');
  });
});
