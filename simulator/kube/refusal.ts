import type { JsonObject } from './json.ts';

/** One thing that is wrong with a field, in the API server's words. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** What a refusal speaks of. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

interface RefusalParts {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
  readonly retryAfterSeconds?: number;
}

/** A request that the API server refuses: it becomes a `Status` object. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor({ code, reason, message, details, retryAfterSeconds }: RefusalParts) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
  status(): JsonObject {
    const { code, reason, message, details, retryAfterSeconds } = this;
    const told = retryAfterSeconds === undefined ? details : { ...details, retryAfterSeconds };
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(told ? { details: told } : {}),
      code,
    };
  }
}

/** `ecomstores.ecom.io`, or `events` in the core group. */
export const qualified = (name: string, group: string): string => (group === '' ? name : `${name}.${group}`);

const detailsOf = ({ group, plural }: Subject, name: string): JsonObject => ({
  ...(name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: plural,
});

export const badRequest = (message: string): Refusal => new Refusal({ code: 400, reason: 'BadRequest', message });

export const unauthorized = (): Refusal => new Refusal({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

export const notFound = (subject: Subject, name: string): Refusal =>
  new Refusal({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(subject.plural, subject.group)} "${name}" not found`,
    details: detailsOf(subject, name),
  });

export const noSuchPath = (): Refusal =>
  new Refusal({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });

export const methodNotAllowed = (): Refusal =>
  new Refusal({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });

export const alreadyExists = (subject: Subject, name: string): Refusal =>
  new Refusal({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(subject.plural, subject.group)} "${name}" already exists`,
    details: detailsOf(subject, name),
  });

export const conflict = (subject: Subject, name: string, why: string): Refusal =>
  new Refusal({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(subject.plural, subject.group)} "${name}": ${why}`,
    details: detailsOf(subject, name),
  });

export const objectModified =
  'the object has been modified; please apply your changes to the latest version and try again';

export const forbidden = (subject: Subject, name: string, why: string, causes?: readonly Cause[]): Refusal =>
  new Refusal({
    code: 403,
    reason: 'Forbidden',
    message: `${qualified(subject.plural, subject.group)} "${name}" is forbidden: ${why}`,
    details: { ...detailsOf(subject, name), ...(causes ? { causes } : {}) },
  });

/** Written for a person: `Kind.group "name" is invalid: [first, second]`. */
export function invalid(subject: Subject, name: string, causes: readonly Cause[]): Refusal {
  const all = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const told = all.length === 1 ? all[0] : `[${all.join(', ')}]`;
  return new Refusal({
    code: 422,
    reason: 'Invalid',
    message: `${qualified(subject.kind, subject.group)} "${name}" is invalid: ${told}`,
    details: { ...detailsOf(subject, name), kind: subject.kind, causes },
  });
}

export const unsupportedMediaType = (accepted: readonly string[], why?: string): Refusal =>
  new Refusal({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `${why ?? 'the body of the request was in an unknown format'} - accepted media types include: ${accepted.join(', ')}`,
  });

export const expired = (message: string): Refusal => new Refusal({ code: 410, reason: 'Expired', message });

export const tooLargeVersion = (asked: number, current: number): Refusal =>
  new Refusal({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
    retryAfterSeconds: 1,
  });
