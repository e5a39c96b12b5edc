import type { EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import type { Module } from '../../support/terraform.ts';
import { withEverySection } from '../whole-store.ts';

/** A store of `examples/`, maybe changed, and the configuration that says the same: a test imports the one into the other. */
export interface SameStore {
  readonly example: string;
  readonly change?: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec;
  readonly module: Module;
  /** What the configuration has to be given to say the same, beside name, host and zone. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** Terraform's AWS provider 5.100 is older than the runtime of `examples/notifications.yaml`, and refuses its name. */
function withOlderRuntime(spec: EcomStoreManifestSpec): EcomStoreManifestSpec {
  const topics = Object.entries(spec.notifications?.topics ?? {}).map(([what, topic]) => {
    const { function: called } = topic;
    const older = called && 'runtime' in called ? { ...topic, function: { ...called, runtime: 'nodejs22.x' } } : topic;
    return [what, older] as const;
  });
  return { ...spec, notifications: { ...spec.notifications, topics: Object.fromEntries(topics) } };
}

export const sameStores = {
  'web-tier': { example: 'examples/minimal.yaml', module: 'web-tier', given: {} },
  whole: { example: 'examples/complete.yaml', module: 'whole-store', given: { max_size: 4 } },
  'every-section': {
    example: 'examples/complete.yaml',
    change: (spec) => withOlderRuntime(withEverySection(spec)),
    module: 'every-section',
    given: { max_size: 4 },
  },
} as const satisfies Record<string, SameStore>;
