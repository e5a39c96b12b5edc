import { expect } from 'vitest';
import { badManifests, changed, minimal, type BadManifest } from '../../store/bad-manifests.ts';
import { apply, type Check } from './check.ts';

/** A few of the corpus, one of each way to be wrong; the whole corpus is compared without kubectl, which is slow. */
const chosen = [
  'a name longer than 40 characters',
  'no region',
  'a misspelt region',
  'a number for a region',
  'an alias outside the zone',
  'an alias twice',
  'a public network',
  'a network with host bits',
  'a minimum above the maximum',
  'an instance type without size',
  'a mode in lower case',
  'too many aliases',
];

const refusal = ({ name, manifest, path }: BadManifest): Check => ({
  name: `a dry run on the server refuses ${name}, and names ${path}`,
  run: async ({ kubectl, namespace }) => {
    const input = changed('metadata.namespace', namespace, manifest);
    const why = await kubectl.refused([...apply, '--dry-run=server'], { input });
    expect(why).toContain(`${path}: `);
    expect(await kubectl.ok(['get', 'stores', '-n', namespace, '-o', 'name'])).toBe('');
  },
});

export const refusing: readonly Check[] = [
  ...chosen.map((name) => {
    const found = badManifests.find((bad) => bad.name === name);
    if (!found) throw new Error(`the corpus of bad manifests no longer has: ${name}`);
    return refusal(found);
  }),
  {
    name: 'a dry run on the server refuses a change of what cannot change',
    run: async ({ kubectl, namespace }) => {
      const here = changed('metadata.namespace', namespace, minimal);
      await kubectl.ok(apply, { input: here });
      const input = changed('spec.network', { cidr: '10.1.0.0/16' }, here);
      const why = await kubectl.refused([...apply, '--dry-run=server'], { input });
      expect(why).toContain('spec.network.cidr: Forbidden: cidr cannot change while the store lives');
    },
  },
];
