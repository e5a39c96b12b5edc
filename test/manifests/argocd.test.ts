import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { healthOf } from '../support/lua.ts';

const read = (name: string) => readFileSync(new URL(`../../manifests/argocd/${name}`, import.meta.url), 'utf8');
const script = read('health.lua');

type Truth = 'True' | 'False' | 'Unknown';

interface StoreState {
  readonly mode?: string;
  readonly generation?: number;
  readonly observed?: number;
  readonly deleting?: boolean;
  readonly ready?: Truth;
  readonly stalled?: Truth;
  /** The generation that the stall was seen in. */
  readonly stalledIn?: number;
  readonly reconciling?: Truth;
}

function store(state: StoreState): object {
  const { mode = 'Enforce', generation = 2, observed = 2, deleting, ready, stalled, stalledIn, reconciling } = state;
  const condition = (type: string, status: Truth | undefined, observedGeneration = observed) =>
    status === undefined ? [] : [{ type, status, observedGeneration, reason: type, message: `${type} says why` }];
  return {
    metadata: { name: 'acme', generation, ...(deleting && { deletionTimestamp: '2026-11-24T12:00:00Z' }) },
    spec: { policy: { mode } },
    status: {
      observedGeneration: observed,
      conditions: [
        ...condition('Reconciling', reconciling),
        ...condition('Ready', ready),
        ...condition('Stalled', stalled, stalledIn),
      ],
    },
  };
}

const ready: StoreState = { ready: 'True', stalled: 'False', reconciling: 'False' };

describe("Argo CD's health of a store", () => {
  const states: [name: string, state: StoreState, health: string, message: string][] = [
    ['ready', ready, 'Healthy', 'Ready says why'],
    ['at work', { ready: 'False', reconciling: 'True' }, 'Progressing', 'Reconciling says why'],
    ['usable, and being changed', { ...ready, reconciling: 'True' }, 'Progressing', 'Reconciling says why'],
    ['neither ready nor at work', { ready: 'Unknown' }, 'Progressing', 'Ready says why'],
    ['stalled', { ready: 'False', stalled: 'True' }, 'Degraded', 'Stalled says why'],
    ['stalled while something else goes on', { stalled: 'True', reconciling: 'True' }, 'Degraded', 'Stalled says why'],
    ['changed, not seen yet', { ...ready, generation: 3 }, 'Progressing', 'The operator has not seen this generation yet'],
    ['new', { observed: -1 }, 'Progressing', 'The operator has not seen this generation yet'],
    ['corrected after a stall', { stalled: 'True', generation: 3 }, 'Progressing', 'The operator has not seen this generation yet'],
    ['seen again, with a stall from before', { stalled: 'True', stalledIn: 1, reconciling: 'True' }, 'Progressing', 'Reconciling says why'],
    ['being deleted', { ...ready, deleting: true, generation: 3 }, 'Progressing', 'Ready says why'],
    ['being deleted, in vain', { stalled: 'True', deleting: true }, 'Degraded', 'Stalled says why'],
    ['paused', { ...ready, mode: 'Paused' }, 'Suspended', 'The store is paused: policy.mode is Paused'],
    ['paused by a change', { mode: 'Paused', generation: 3 }, 'Suspended', 'The store is paused: policy.mode is Paused'],
    ['paused and deleted', { mode: 'Paused', deleting: true }, 'Progressing', 'The store is being deleted'],
    ['observed, as it should be', { ...ready, mode: 'Observe' }, 'Healthy', 'Ready says why'],
    ['observed, with drift', { mode: 'Observe', ready: 'False' }, 'Suspended', 'Ready says why'],
    ['observed, and stalled', { mode: 'Observe', ready: 'False', stalled: 'True' }, 'Degraded', 'Stalled says why'],
  ];
  test.each(states)('%s', (_name, state, status, message) => {
    expect(healthOf(script, store(state))).toEqual({ status, message });
  });

  test.each([
    ['no status', { metadata: { generation: 1 }, spec: {} }],
    ['the default status', { metadata: { generation: 1 }, spec: {}, status: { observedGeneration: -1 } }],
    ['no spec', { metadata: { generation: 1 } }],
    ['conditions missing', { metadata: { generation: 1 }, spec: {}, status: { observedGeneration: 1 } }],
  ])('a store with %s is waited for', (_name, object) => {
    expect(healthOf(script, object).status).toBe('Progressing');
    expect(healthOf(script, object).message).not.toBe('');
  });
});

test('the settings for Argo CD carry the health check', () => {
  const { data } = parse(read('argocd-cm.yaml')) as { data: Record<string, string> };
  expect(data['resource.customizations.health.ecom.io_EcomStore']).toBe(script);
});

test('the Application syncs a folder of stores and waits for their end', () => {
  expect(parse(read('application.yaml'))).toMatchObject({
    kind: 'Application',
    metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] },
    spec: { source: { directory: { recurse: true } }, syncPolicy: { automated: { prune: true, selfHeal: true } } },
  });
});
