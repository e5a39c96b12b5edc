import { expect } from 'vitest';
import { apply, at, ready, scaling, store, writeStatus, type Check } from './check.ts';

const rows = (printed: string): string[][] =>
  printed
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));

export const reading: readonly Check[] = [
  {
    name: 'explain tells a field with its type and meaning',
    run: async ({ kubectl }) => {
      const cidr = await kubectl.ok(['explain', 'store.spec.network.cidr']);
      expect(cidr).toContain('KIND:       EcomStore\nVERSION:    v1alpha1\n');
      expect(cidr).toContain('FIELD: cidr <string>');
      expect(cidr.replace(/\s+/g, ' ')).toContain('a private network of prefix length 16 to 22. Cannot change.');
      expect(await kubectl.ok(['explain', 'store.metadata.name'])).toContain('FIELD: name <string>');
      const whole = await kubectl.ok(['explain', 'ecomstores', '--recursive']);
      expect(whole).toMatch(/spec\t<EcomStoreSpec|spec\s+<Object> -required-/);
      expect(whole).toMatch(/ssmParameter\s+<string>/);
    },
  },
  {
    name: 'get prints Ready, Reason, URL and Age',
    run: async (site) => {
      const { kubectl, namespace } = site;
      await kubectl.ok(apply, { input: store(namespace) });
      await writeStatus(site, ready('True', 'Settled'));
      const [head, row] = rows(await kubectl.ok(['get', 'stores', '-n', namespace]));
      expect(head).toEqual(['NAME', 'READY', 'REASON', 'URL', 'AGE']);
      expect(row).toEqual(['acme', 'True', 'Settled', 'https://shop.example.com', expect.stringMatching(/^\d+s$/)]);
    },
  },
  {
    name: 'stores are found by short name, category, label and name',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace, { metadata: { labels: { season: 'summer' } } }) });
      await kubectl.ok(apply, { input: store(namespace, { name: 'other' }) });
      const names = async (...args: string[]): Promise<string> =>
        kubectl.ok(['get', ...args, '-o', 'name', '-n', namespace]);
      const [acme, other] = ['ecomstore.ecom.io/acme\n', 'ecomstore.ecom.io/other\n'];
      expect(await names('store')).toBe(acme + other);
      expect(await names('ecom')).toBe(acme + other);
      expect(await names('stores', '-l', 'season=summer')).toBe(acme);
      expect(await names('stores', '-l', 'season!=summer')).toBe(other);
      expect(await names('stores', '--field-selector', 'metadata.name=other')).toBe(other);
      expect(await names('stores', '--chunk-size=1')).toBe(acme + other);
    },
  },
  {
    name: 'diff shows what apply would change, and changes nothing',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      const { code, stdout } = await kubectl.run(['diff', '-f', '-'], {
        input: store(namespace, { spec: scaling(12) }),
      });
      expect([code, stdout]).toEqual([1, expect.stringMatching(/-\s+max: 10\n\+\s+max: 12/)]);
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect(at(found, 'spec.compute.scaling.max')).toBe(10);
    },
  },
  {
    name: 'describe shows the events of a store',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      const uid = at(await kubectl.json(['get', 'store', 'acme', '-n', namespace]), 'metadata.uid');
      const now = `${new Date().toISOString().slice(0, 19)}Z`;
      const event = {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'acme.1', namespace },
        involvedObject: { apiVersion: 'ecom.io/v1alpha1', kind: 'EcomStore', name: 'acme', namespace, uid },
        type: 'Normal',
        reason: 'Created',
        message: 'network/vpc was created',
        source: { component: 'ecomstore-operator' },
        count: 1,
        firstTimestamp: now,
        lastTimestamp: now,
      };
      await kubectl.ok(['create', '-f', '-'], { input: event });
      const told = await kubectl.ok(['describe', 'store', 'acme', '-n', namespace]);
      expect(told).toMatch(/Normal\s+Created\s+\S+\s+ecomstore-operator\s+network\/vpc was created/);
      const events = await kubectl.ok(['get', 'events', '-n', namespace]);
      expect(rows(events)[0]).toEqual(['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
      expect(events).toMatch(/Normal\s+Created\s+ecomstore\/acme\s+network\/vpc was created/);
    },
  },
  {
    name: 'a watch tells of birth, change and end',
    run: async ({ kubectl, namespace }) => {
      const args = ['get', 'stores', '-n', namespace, '--watch', '--output-watch-events'];
      await kubectl.ok(apply, { input: store(namespace) });
      const watch = kubectl.start(args);
      await watch.until((told) => told.includes('ADDED'));
      await kubectl.ok(['label', 'store', 'acme', 'season=summer', '-n', namespace]);
      await watch.until((told) => told.includes('MODIFIED'));
      await kubectl.ok(['delete', 'store', 'acme', '-n', namespace]);
      const told = await watch.until((all) => all.includes('DELETED'));
      expect(told.match(/^[A-Z]+/gm)).toEqual(['EVENT', 'ADDED', 'MODIFIED', 'DELETED']);
      watch.stop();
    },
  },
  {
    name: 'wait returns once the store is Ready',
    run: async (site) => {
      const { kubectl, namespace } = site;
      await kubectl.ok(apply, { input: store(namespace) });
      const args = ['store/acme', '-n', namespace, '--timeout=20s'];
      expect(
        await kubectl.refused(['wait', '--for=condition=Ready', 'store/acme', '-n', namespace, '--timeout=1s']),
      ).toContain('timed out waiting for the condition');
      const waiting = kubectl.run(['wait', '--for=condition=Ready', ...args]);
      await writeStatus(site, ready('False', 'Building'));
      await writeStatus(site, ready('True', 'Settled'));
      expect(await waiting).toMatchObject({ code: 0, stdout: 'ecomstore.ecom.io/acme condition met\n' });
    },
  },
];
