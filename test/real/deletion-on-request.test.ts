import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply, at, mergePatch, store } from './checks/check.ts';
import { startCluster, type RealCluster } from './cluster.ts';
import { findCluster } from './find-cluster.ts';
import { installCrd } from './install.ts';
import { Kubectl } from './kubectl.ts';

const crd = readFileSync('crds/ecomstores.ecom.io.yaml', 'utf8');
const policy = 'manifests/components/deletion-on-request/policy.yaml';
const source = findCluster();
const why = source.kind === 'none' ? ` (skipped: ${source.reason})` : '';
if (source.kind === 'none') console.warn(`No real Kubernetes control plane, its tests are skipped: ${source.reason}`);

const patience = 120_000;
const annotation = 'ecom.io/may-be-deleted';
const asEditor = ['--as=gardener', '--as-group=system:authenticated'];

describe.skipIf(source.kind === 'none')(`a store of which nobody has said that it may go${why}`, () => {
  let cluster: RealCluster;
  let kubectl: Kubectl;

  const one = async (namespace: string): Promise<{ uid: string; goes: boolean }> => {
    const object = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
    return { uid: String(at(object, 'metadata.uid')), goes: at(object, 'metadata.deletionTimestamp') !== undefined };
  };
  const make = async (namespace: string, more: Parameters<typeof store>[1] = {}): Promise<string> => {
    await kubectl.ok(['create', 'namespace', namespace]);
    await kubectl.ok(apply, { input: store(namespace, more) });
    return (await one(namespace)).uid;
  };
  const remove = (namespace: string): string[] => ['delete', 'store', 'acme', '-n', namespace, '--wait=false'];
  const permit = (what: readonly string[], uid: string, as: readonly string[] = []) =>
    kubectl.ok(['annotate', '--overwrite', ...what, `${annotation}=${uid}`, ...as]);

  async function eventually(look: () => Promise<boolean>, what: string): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      if (await look()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what}: not in half a minute`);
  }

  beforeAll(async () => {
    cluster = await startCluster({ source });
    await installCrd(cluster.kubeconfig, crd, 'ecomstores.ecom.io');
    kubectl = new Kubectl(cluster.kubeconfig);
    await kubectl.ok(['apply', '-f', policy, '-f', 'manifests/base/rbac-for-people.yaml']);
    await make('first');
    // The API server hears of policies a moment later.
    const asked = [...remove('first'), '--dry-run=server'];
    await eventually(async () => (await kubectl.run(asked)).code !== 0, 'the policy is in force');
  }, 1_800_000);

  afterAll(async () => {
    await kubectl?.close();
    await cluster?.stop();
  });

  test(
    'stays, is told how it may go, and goes when its editor has said so of this very object',
    async () => {
      const uid = await make('garden');
      await kubectl.ok([
        'create',
        'rolebinding',
        'editors',
        '-n',
        'garden',
        '--clusterrole=ecomstore-editor',
        '--user=gardener',
      ]);
      const refusal = await kubectl.refused([...remove('garden'), ...asEditor]);
      expect(refusal).toContain(`kubectl annotate --overwrite store -n garden acme ${annotation}=${uid}`);
      expect(await kubectl.refused(['delete', 'stores', '--all', '-n', 'garden'])).toContain('may be deleted');
      await permit(['store', '-n', 'garden', 'acme'], 'the-uid-of-an-earlier-one');
      expect(await kubectl.refused(remove('garden'))).toContain('may be deleted');
      expect(await one('garden')).toEqual({ uid, goes: false });
      await permit(['store', '-n', 'garden', 'acme'], uid, asEditor);
      await kubectl.ok([...remove('garden'), ...asEditor]);
      expect(await kubectl.ok(['get', 'stores', '-n', 'garden'])).toBe('');
    },
    patience,
  );

  test(
    'is neither deleted nor made anew by an edit that is forced',
    async () => {
      const uid = await make('bakery');
      const other = store('bakery', { spec: { region: 'eu-west-1' } });
      await kubectl.refused([...apply, '--force'], { input: other });
      await kubectl.refused(['replace', '--force', '-f', '-'], { input: other });
      expect(await one('bakery')).toEqual({ uid, goes: false });
    },
    patience,
  );

  test(
    'stays in a namespace that is deleted, can be changed there, and lets it go later',
    async () => {
      const uid = await make('kiosk');
      await kubectl.ok(['create', 'configmap', 'else', '-n', 'kiosk']);
      await kubectl.ok(['delete', 'namespace', 'kiosk', '--wait=false']);
      const left = async () => at(await kubectl.json(['get', 'configmaps', '-n', 'kiosk']), 'items') as unknown[];
      await eventually(async () => (await left()).length === 0, 'all else goes');
      const told = async () => JSON.stringify(at(await kubectl.json(['get', 'namespace', 'kiosk']), 'status'));
      await eventually(async () => (await told()).includes(`${annotation}=${uid}`), 'the namespace tells why it stays');
      expect(await one('kiosk')).toEqual({ uid, goes: false });
      await kubectl.ok(apply, { input: store('kiosk', { spec: { policy: { mode: 'Paused' } } }) });
      await permit(['store', '-n', 'kiosk', 'acme'], uid);
      await kubectl.ok(['wait', '--for=delete', 'namespace/kiosk', '--timeout=100s']);
    },
    patience,
  );

  test(
    'that goes already may be told to go again, and does not ask for its finalizer',
    async () => {
      const uid = await make('cafe', { metadata: { finalizers: ['ecom.io/teardown'] } });
      await permit(['store', '-n', 'cafe', 'acme'], uid);
      await kubectl.ok(remove('cafe'));
      await kubectl.ok(['annotate', 'store', '-n', 'cafe', 'acme', `${annotation}-`]);
      await kubectl.ok(remove('cafe'));
      await kubectl.ok(mergePatch('cafe', { metadata: { finalizers: [] } }));
      expect(await kubectl.ok(['get', 'stores', '-n', 'cafe'])).toBe('');
    },
    patience,
  );

  test(
    'is not taken along by the CRD, until that may go',
    async () => {
      const uid = await make('library');
      const gone = ['delete', 'crd', 'ecomstores.ecom.io', '--wait=false'];
      const refusal = await kubectl.refused(gone);
      const [, ofCrd = ''] = /kubectl annotate --overwrite crd ecomstores\.ecom\.io \S+=(\S+)/.exec(refusal) ?? [];
      expect(await one('library')).toEqual({ uid, goes: false });
      await permit(['crd', 'ecomstores.ecom.io'], ofCrd);
      await kubectl.ok([...gone, '--dry-run=server']);
    },
    patience,
  );
});
