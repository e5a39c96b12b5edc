import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import type { VirtualStore, VirtualWorld } from '../support/virtual-world.ts';

const sectionOf = <K extends keyof EcomStoreManifestSpec>(example: string, section: K): EcomStoreManifestSpec[K] =>
  (parse(readFileSync(example, 'utf8')) as { spec: EcomStoreManifestSpec }).spec[section];

/** The sections of `examples/complete.yaml`, and those that only other examples have: all types there are but memcached's. */
export const withEverySection = (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
  ...spec,
  cache: {},
  monitoring: sectionOf('examples/production.yaml', 'monitoring'),
  notifications: sectionOf('examples/notifications.yaml', 'notifications'),
});

export const addWholeStore = (world: VirtualWorld): VirtualStore =>
  world.add('examples/complete.yaml', withEverySection);
