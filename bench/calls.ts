import type { Ledger } from '../simulator/ledger.ts';

/** The calls of some stretch of time. */
export interface Calls {
  readonly calls: number;
  readonly writes: number;
  /** By `service:Operation`. */
  readonly byOperation: Readonly<Record<string, number>>;
}

/** Answers what was called since it was last asked, by anybody but the bench. */
export function meter(ledger: Ledger): () => Calls {
  let seen = ledger.calls().length;
  return () => {
    const calls = ledger.calls().slice(seen);
    seen += calls.length;
    const fresh = calls.filter(({ principal }) => principal !== 'somebody');
    return countOf(fresh.map(({ service, operation, write }) => ({ what: `${service}:${operation}`, write })));
  };
}

export function countOf(calls: readonly { readonly what: string; readonly write: boolean }[]): Calls {
  const byOperation: Record<string, number> = {};
  for (const { what } of calls) byOperation[what] = (byOperation[what] ?? 0) + 1;
  return { calls: calls.length, writes: calls.filter(({ write }) => write).length, byOperation };
}
