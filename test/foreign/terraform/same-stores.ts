import type { Module } from '../../support/terraform.ts';

/** A store of `examples/`, and the configuration that says the same: a test imports the one into the other. */
export interface SameStore {
  readonly example: string;
  readonly module: Module;
  /** What the configuration has to be given to say the same, beside name, host and zone. */
  readonly given: Readonly<Record<string, unknown>>;
}

export const sameStores = {
  'web-tier': { example: 'examples/minimal.yaml', module: 'web-tier', given: {} },
  whole: { example: 'examples/complete.yaml', module: 'whole-store', given: { max_size: 4 } },
} as const satisfies Record<string, SameStore>;
