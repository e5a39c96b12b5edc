import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { minimal } from '../../store/bad-manifests.ts';
import { apply, at, scaling, store, type Check, type Site } from './check.ts';

const inEditor = async (site: Site, script: string): Promise<{ code: number; stdout: string; stderr: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-editor-'));
  const editor = join(folder, 'editor.mjs');
  writeFileSync(
    editor,
    `import { readFileSync, writeFileSync } from 'node:fs';\nconst file = process.argv[2];\n` +
      `const text = readFileSync(file, 'utf8');\nwriteFileSync(file, ${script});\n`,
  );
  try {
    const env = { KUBE_EDITOR: `${process.execPath} ${editor}` };
    return await site.kubectl.run(['edit', 'store', 'acme', '-n', site.namespace], { env });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const applying: readonly Check[] = [
  {
    name: 'a store is created, left as it is, and changed by apply',
    run: async ({ kubectl, namespace }) => {
      expect(await kubectl.ok(apply, { input: store(namespace) })).toBe('ecomstore.ecom.io/acme created\n');
      expect(await kubectl.ok(apply, { input: store(namespace) })).toBe('ecomstore.ecom.io/acme unchanged\n');
      const changed = store(namespace, { spec: scaling(12) });
      expect(await kubectl.ok(apply, { input: changed })).toBe('ecomstore.ecom.io/acme configured\n');
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect([at(found, 'spec.compute.scaling.max'), at(found, 'metadata.generation')]).toEqual([12, 2]);
    },
  },
  {
    name: 'what a manifest no longer says goes back to its default',
    run: async ({ kubectl, namespace }) => {
      const paused = store(namespace, { spec: { policy: { mode: 'Paused' } } });
      await kubectl.ok(apply, { input: paused });
      await kubectl.ok(apply, { input: store(namespace) });
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect(at(found, 'spec.policy.mode')).toBe('Enforce');
    },
  },
  {
    name: 'server-side apply works, and tells who else manages a field; the stand-in refuses it clearly',
    run: async ({ kubectl, namespace, isReal }) => {
      const serverSide = [...apply, '--server-side', '--field-manager=one'];
      if (!isReal) {
        expect(await kubectl.refused(serverSide, { input: store(namespace) })).toContain(
          'this simulated API server does not do server-side apply',
        );
        return;
      }
      const applied = 'ecomstore.ecom.io/acme serverside-applied\n';
      expect(await kubectl.ok(serverSide, { input: store(namespace) })).toBe(applied);
      const other = [...apply, '--server-side', '--field-manager=two'];
      const changed = store(namespace, { spec: scaling(12) });
      expect(await kubectl.refused(other, { input: changed })).toContain('.spec.compute.scaling.max');
      expect(await kubectl.ok([...other, '--force-conflicts'], { input: changed })).toBe(applied);
    },
  },
  {
    name: 'a dry run on the server stores nothing',
    run: async ({ kubectl, namespace }) => {
      const told = await kubectl.ok([...apply, '--dry-run=server'], { input: store(namespace) });
      expect(told).toBe('ecomstore.ecom.io/acme created (server dry run)\n');
      expect(await kubectl.refused(['get', 'store', 'acme', '-n', namespace])).toContain('(NotFound)');
    },
  },
  {
    name: 'a misspelt field is refused, and dropped with a warning where that is wanted',
    run: async ({ kubectl, namespace }) => {
      const input = store(namespace, { spec: { databases: {} } });
      expect(await kubectl.refused(apply, { input })).toContain('unknown field "spec.databases"');
      const { code, stderr } = await kubectl.run([...apply, '--validate=warn'], { input });
      expect([code, stderr]).toEqual([0, expect.stringContaining('Warning: unknown field "spec.databases"')]);
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect(at(found, 'spec.databases')).toBeUndefined();
    },
  },
  {
    name: 'what is not said has its default, in the status too',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect(at(found, 'spec.compute.instanceTypes')).toEqual(['m4.large']);
      expect(at(found, 'spec.network')).toMatchObject({ cidr: '10.0.0.0/16', zones: 2, nat: 'single' });
      expect(at(found, 'status')).toEqual({ observedGeneration: -1 });
    },
  },
  {
    name: 'what cannot change is refused with its path and the way out',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      const moved = store(namespace, { spec: { region: 'eu-west-1' } });
      const why = await kubectl.refused(apply, { input: moved });
      expect(why).toMatch(/spec\.region: Forbidden: region cannot change while the store lives; make another store/);
      const renamed = store(namespace, { spec: { domain: { ...minimal.spec.domain, zone: 'shop.example.com' } } });
      expect(await kubectl.refused(apply, { input: renamed })).toContain(
        'spec.domain.zone: Forbidden: zone cannot change',
      );
    },
  },
  {
    name: 'edit changes what the editor changed, and shows what is refused',
    run: async (site) => {
      const { kubectl, namespace } = site;
      await kubectl.ok(apply, { input: store(namespace) });
      const edited = await inEditor(site, `text.replace(/max: 10/, 'max: 7')`);
      expect(edited).toMatchObject({ code: 0, stdout: 'ecomstore.ecom.io/acme edited\n' });
      const found = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      expect(at(found, 'spec.compute.scaling.max')).toBe(7);
      const wrong = await inEditor(site, `text.replace(/max: 7/, 'max: 1')`);
      expect(wrong.code).toBe(1);
      // The reasons are in the file that the editor would open again.
      expect(wrong.stderr).toContain('"acme" is invalid');
    },
  },
  {
    name: 'a change from an outdated copy is refused',
    run: async ({ kubectl, namespace }) => {
      await kubectl.ok(apply, { input: store(namespace) });
      const copy = await kubectl.json(['get', 'store', 'acme', '-n', namespace]);
      await kubectl.ok(['label', 'store', 'acme', 'season=summer', '-n', namespace]);
      expect(await kubectl.refused(['replace', '-f', '-'], { input: copy })).toContain('the object has been modified');
    },
  },
];
