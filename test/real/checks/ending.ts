import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { established } from '../install.ts';
import { apply, at, mergePatch, ready, scaling, store, writeStatus, type Check, type Site } from './check.ts';

const probes = readFileSync(new URL('../fixtures/probes.yaml', import.meta.url), 'utf8');
const finalizers = ['ecom.io/aws'];

const patch = ({ kubectl, namespace }: Site, change: object): Promise<string> =>
  kubectl.ok(mergePatch(namespace, change));

export const ending: readonly Check[] = [
  {
    name: 'the status is written through its subresource only, and changes nothing else',
    run: async (site) => {
      const { kubectl, namespace } = site;
      await kubectl.ok(apply, { input: store(namespace) });
      await patch(site, { status: { url: 'https://elsewhere.example.com' } });
      expect(at(await kubectl.json(['get', 'store', 'acme', '-n', namespace]), 'status.url')).toBeUndefined();
      await kubectl.ok([
        ...['patch', 'store', 'acme', '-n', namespace, '--subresource=status', '--type=merge'],
        ...['-p', JSON.stringify({ spec: scaling(3), status: ready('True', 'Settled') })],
      ]);
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect(at(found, 'status.url')).toBe('https://shop.example.com');
      expect([at(found, 'spec.compute.scaling.max'), at(found, 'metadata.generation')]).toEqual([10, 1]);
      const wrong = ['--subresource=status', '--type=merge', '-p', '{"status":{"conditions":[{"type":"Ready"}]}}'];
      expect(await kubectl.refused(['patch', 'store', 'acme', '-n', namespace, ...wrong])).toContain(
        'status.conditions[0].lastTransitionTime: Required value',
      );
      await writeStatus(site, { url: null });
    },
  },
  {
    name: 'delete waits until the store is gone',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      const gone = `ecomstore.ecom.io "acme" deleted`;
      expect(await kubectl.ok(['delete', 'store', 'acme', '-n', namespace])).toContain(gone);
      expect(await kubectl.refused(['delete', 'store', 'acme', '-n', namespace])).toContain('(NotFound)');
      await kubectl.ok(['delete', 'store', 'acme', '-n', namespace, '--ignore-not-found']);
    },
  },
  {
    name: 'a finalizer holds a store that is being deleted, and takes no company',
    run: async (site) => {
      const { kubectl, namespace } = site;
      await kubectl.ok(apply, { input: store(namespace, { metadata: { finalizers } }) });
      const deleting = kubectl.run(['delete', 'store', 'acme', '-n', namespace]);
      await kubectl.ok([
        'wait',
        '--for=jsonpath={.metadata.deletionTimestamp}',
        'store/acme',
        '-n',
        namespace,
        '--timeout=20s',
      ]);
      const held = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect([at(held, 'metadata.finalizers'), at(held, 'metadata.generation')]).toEqual([finalizers, 2]);
      const more = [
        '--type=merge',
        '-p',
        JSON.stringify({ metadata: { finalizers: [...finalizers, 'ecom.io/more'] } }),
      ];
      expect(await kubectl.refused(['patch', 'store', 'acme', '-n', namespace, ...more])).toContain(
        'no new finalizers can be added if the object is being deleted',
      );
      await patch(site, { metadata: { finalizers: null } });
      expect(await deleting).toMatchObject({ code: 0 });
      expect(await kubectl.refused(['get', 'store', 'acme', '-n', namespace])).toContain('(NotFound)');
    },
  },
  {
    name: 'a namespace takes its stores with it',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      await kubectl.ok(['delete', 'namespace', namespace]);
      expect(await kubectl.ok(['get', 'stores', '-n', namespace, '-o', 'name'])).toBe('');
      expect(await kubectl.refused(apply, { input: store(namespace) })).toContain(
        `namespaces "${namespace}" not found`,
      );
    },
  },
  {
    name: 'a namespace is held by the finalizer of a store, and takes nothing new meanwhile',
    run: async (site) => {
      const { kubectl, namespace } = site;
      await kubectl.ok(apply, { input: store(namespace, { metadata: { finalizers } }) });
      await kubectl.ok(['delete', 'namespace', namespace, '--wait=false']);
      await kubectl.ok([
        'wait',
        '--for=jsonpath={.metadata.deletionTimestamp}',
        'store/acme',
        '-n',
        namespace,
        '--timeout=20s',
      ]);
      const refused = await kubectl.refused(apply, { input: store(namespace, { name: 'late' }) });
      expect(refused).toContain(
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      );
      expect(at(await kubectl.json(['get', 'namespace', namespace]), 'status.phase')).toBe('Terminating');
      await patch(site, { metadata: { finalizers: null } });
      await kubectl.ok(['wait', '--for=delete', `namespace/${namespace}`, '--timeout=40s']);
    },
  },
  {
    name: 'a resource goes with its definition, and comes with it',
    run: async ({ kubectl, namespace }) => {
      const probe = {
        apiVersion: 'test.ecom.io/v1',
        kind: 'Probe',
        metadata: { name: 'one', namespace },
        spec: { size: 1 },
      };
      await kubectl.ok(apply, { input: probes });
      await established(kubectl, 'probes.test.ecom.io');
      await kubectl.ok(apply, { input: probe });
      await kubectl.ok(['delete', 'crd', 'probes.test.ecom.io']);
      expect(await kubectl.refused(['get', 'probes', '-n', namespace])).toMatch(
        /the server doesn't have a resource type|NotFound/,
      );
    },
  },
];
