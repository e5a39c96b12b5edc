import { failedAs } from '../../../operator/kube/errors.ts';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import type { Random } from '../../../simulator/random.ts';
import type { StoreHandle } from '../../support/virtual-operator.ts';

/** A store as its user keeps it in Git: applied again and again, whatever became of it. */
export interface Kept {
  readonly namespace: string;
  readonly name: string;
  readonly spec: EcomStoreManifestSpec;
  readonly isWhole: boolean;
  /** It has a database and users of its own: what becomes of them is said by its policy. */
  readonly holdsData: boolean;
  /** Whoever says Delete confirms it as soon as the store is made, or never does. */
  readonly confirms: boolean;
  /** As it lives now; undefined between a deletion and the next application. */
  handle: StoreHandle | undefined;
}

const example = (file: string): { metadata: { namespace: string; name: string }; spec: EcomStoreManifestSpec } =>
  parse(readFileSync(`examples/${file}.yaml`, 'utf8')) as never;

const examples = { outlet: example('existing-vpc'), minimal: example('minimal'), production: example('production') };

const kept = (from: keyof typeof examples, namespace = 'shops', host?: string): Kept => {
  const { metadata, spec } = examples[from];
  // The certificate of the example is for its own name: another one is asked for.
  const domain = host === undefined ? spec.domain : { host, zoneId: spec.domain.zoneId };
  return {
    namespace,
    name: metadata.name,
    spec: { ...spec, domain },
    isWhole: from !== 'outlet',
    holdsData: false,
    confirms: false,
    handle: undefined,
  };
};

/** With a database, a replica and sign-in. */
function withData(random: Random): Kept {
  const store = kept('minimal');
  const deletion = (['Retain', 'Snapshot', 'Delete'] as const)[random.below(3)];
  const confirms = deletion === 'Delete' && random.below(2) === 0;
  const database = { engine: 'postgres', version: '16', readReplicas: 1 } as const;
  return { ...store, holdsData: true, confirms, spec: { ...store.spec, database, identity: {}, policy: { deletion } } };
}

/** Small stores mostly, whole ones in some histories; one, or two of different namespaces. */
export function drawStores(random: Random): Kept[] {
  const lot = random.below(20);
  if (lot < 11) return [kept('outlet')];
  if (lot < 14) return [kept('outlet'), kept('outlet', 'tenants', 'other.example.com')];
  if (lot < 16) return [kept('minimal')];
  if (lot < 18) return [withData(random)];
  if (lot < 19) return [kept('minimal'), kept('outlet', 'tenants')];
  return [kept('production')];
}

/** Lets virtual time pass, at most so long, until something holds. */
type Pass = (millis: number, until?: () => boolean) => Promise<boolean>;

type Attempt = 'under way' | 'accepted' | Error;

/**
 * What a user does with kubectl, who tries again for as long as the API server gives no answer. The answer is whether
 * it was accepted: a refusal is final.
 */
export async function insist(pass: Pass, action: () => Promise<unknown>): Promise<boolean> {
  for (let tries = 0; tries < 60; tries++) {
    let attempt: Attempt = 'under way';
    const now = (): Attempt => attempt;
    action().then(
      () => (attempt = 'accepted'),
      (error: Error) => (attempt = error),
    );
    // An answer that never comes takes as long as a client waits for it.
    await pass(60_000, () => now() !== 'under way');
    const came = now();
    if (came === 'accepted') return true;
    if (failedAs(came, 'invalid', 'not-found', 'exists')) return false;
    await pass(15_000);
  }
  throw new Error('the API server gave no answer for a quarter of an hour');
}
