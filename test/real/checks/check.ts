import { minimal } from '../../store/bad-manifests.ts';
import type { Kubectl } from '../kubectl.ts';

/** Where a check takes place: a cluster with the CRD installed, and a namespace that is the check's own. */
export interface Site {
  readonly kubectl: Kubectl;
  readonly namespace: string;
  /** Whether the cluster is ours alone, and does server-side apply. */
  readonly isReal: boolean;
}

/** One thing that kubectl does with stores, on the real API server and on the stand-in alike. */
export interface Check {
  readonly name: string;
  readonly run: (site: Site) => Promise<void>;
}

/** The store of the README, somewhere else, with something else. */
export const store = (namespace: string, more: { name?: string; spec?: object; metadata?: object } = {}): object => ({
  ...minimal,
  metadata: { name: more.name ?? 'acme', namespace, ...more.metadata },
  spec: { ...minimal.spec, ...more.spec },
});

export const scaling = (max: number): object => ({
  compute: { ...minimal.spec.compute, scaling: { min: 2, max } },
});

export const apply = ['apply', '-f', '-'];

/** A field of what kubectl printed as JSON. */
export const at = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], object);

export const ready = (status: 'True' | 'False', reason: string): object => ({
  // kubectl wait believes no condition of a status that has not caught up with its generation.
  observedGeneration: 1,
  url: 'https://shop.example.com',
  conditions: [
    { type: 'Ready', status, reason, message: 'as the check says', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ],
});

/** Arguments of kubectl that change the store of a namespace. */
export const mergePatch = (namespace: string, change: object): string[] => [
  'patch',
  'store',
  'acme',
  '-n',
  namespace,
  '--type=merge',
  '-p',
  JSON.stringify(change),
];

/** Writes the status as the operator does: through its subresource. */
export const writeStatus = ({ kubectl, namespace }: Site, status: object): Promise<string> =>
  kubectl.ok([
    ...['patch', 'store', 'acme', '-n', namespace, '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify({ status })],
  ]);
