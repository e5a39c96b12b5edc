import { Fault, type FaultKind } from '../model/faults.ts';

/**
 * What can go wrong between us and the Kubernetes API:
 * conflict     somebody wrote the object since we read it
 * exists       an object of this name is there already
 * gone         the resourceVersion (or continue token) is too old: list again
 * ahead        the resourceVersion is newer than what this API server has seen
 * not-found    no such object, or the CRD is not installed
 * denied       our credentials or RBAC do not allow it
 * invalid      the API server calls the request wrong
 * throttled    too many calls
 * aborted      we stopped it ourselves
 * unavailable  no answer, or none from an API server that works: the outcome of a write is unknown
 */
export type KubeFailure =
  | 'conflict'
  | 'exists'
  | 'gone'
  | 'ahead'
  | 'not-found'
  | 'denied'
  | 'invalid'
  | 'throttled'
  | 'aborted'
  | 'unavailable';

const faultKinds: Readonly<Record<KubeFailure, FaultKind>> = {
  conflict: 'busy',
  exists: 'busy',
  gone: 'busy',
  ahead: 'transient',
  'not-found': 'absent',
  denied: 'denied',
  invalid: 'rejected',
  throttled: 'throttled',
  aborted: 'transient',
  unavailable: 'transient',
};

/** A call to the Kubernetes API that failed. It is a fault, so that a pass may let it through. */
export class KubeError extends Fault {
  readonly failure: KubeFailure;
  /** What the API server asked us to wait before the next call. */
  readonly retryAfterMillis: number | undefined;

  constructor(failure: KubeFailure, message: string, facts: { action?: string; cause?: unknown; retryAfter?: number }) {
    super(faultKinds[failure], message, { action: facts.action, code: failure, cause: facts.cause });
    this.name = 'KubeError';
    this.failure = failure;
    this.retryAfterMillis = facts.retryAfter;
  }
}

/** Whether an error is a Kubernetes failure of one of these sorts. */
export const failedAs = (error: unknown, ...failures: readonly KubeFailure[]): error is KubeError =>
  error instanceof KubeError && failures.includes(error.failure);

/** The `Status` object that the API server answers instead of what was asked for. */
export interface ApiStatus {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
  };
}

function failureOf(code: number, status: ApiStatus): KubeFailure {
  const { reason } = status;
  // A resourceVersion from the future is told as a 504 with this cause: k8s.io/apiserver/pkg/storage/errors.go.
  if (status.details?.causes?.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return 'ahead';
  if (code === 410 || reason === 'Expired' || reason === 'Gone') return 'gone';
  if (code === 409) return reason === 'AlreadyExists' ? 'exists' : 'conflict';
  if (code === 404) return 'not-found';
  if (code === 401 || code === 403) return 'denied';
  if (code === 429) return 'throttled';
  // 408 and 5xx: timeouts, overload, a proxy without its API server.
  return code === 408 || code >= 500 ? 'unavailable' : 'invalid';
}

/** Retry-After as seconds or as a date (RFC 9110), at most five minutes: nobody may send us to sleep for a day. */
function retryAfterMillis(header: string | undefined, status: ApiStatus, now: number): number | undefined {
  const told = header ?? status.details?.retryAfterSeconds?.toString();
  if (told === undefined) return undefined;
  const millis = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - now;
  return Number.isFinite(millis) ? Math.min(Math.max(0, millis), 300_000) : undefined;
}

/** An answer other than 2xx, or an ERROR event of a watch, as an error. */
export function failedAnswer(
  action: string,
  code: number,
  status: ApiStatus,
  answer: { readonly retryAfter?: string; readonly now: number },
): KubeError {
  const why = status.message ?? status.reason ?? 'no reason given';
  return new KubeError(failureOf(code, status), `${action}: ${code} ${why}`, {
    action,
    retryAfter: retryAfterMillis(answer.retryAfter, status, answer.now),
  });
}

/** No usable answer at all: connection refused or reset, a timeout, TLS, a proxy's HTML page. */
export function noAnswer(action: string, cause: unknown, signal?: AbortSignal): KubeError {
  if (cause instanceof KubeError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KubeError(signal?.aborted ? 'aborted' : 'unavailable', `${action}: ${why}`, { action, cause });
}
