interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** What kstatus looks at of any object. */
export interface Judged {
  readonly metadata: { readonly generation?: number; readonly deletionTimestamp?: string };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

export type Kstatus = 'Terminating' | 'InProgress' | 'Failed' | 'Current';

/**
 * What Flux (and `kpt`, and `kubectl` plugins) makes of a custom resource: the rules of kstatus, in their order.
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md; `checkGenericProperties` in
 * status/generic.go, then `checkReadyCondition` in status/core.go.
 */
export function kstatusOf({ metadata, status = {} }: Judged): Kstatus {
  const { observedGeneration: observed, conditions = [] } = status;
  if (metadata.deletionTimestamp) return 'Terminating';
  if (metadata.generation !== undefined && observed !== undefined && observed !== metadata.generation)
    return 'InProgress';
  // The first of the two that is true decides: so their order in the object counts.
  const decided = conditions.find(({ type, status: is }) => is === 'True' && ['Reconciling', 'Stalled'].includes(type));
  if (decided) return decided.type === 'Stalled' ? 'Failed' : 'InProgress';
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
