import type { FieldValidation } from './decode.ts';
import type { Kind } from './kind.ts';
import { invalid, type Cause } from './refusal.ts';

/** One request about a resource, taken apart. */
export interface ResourceCall {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  /** The body as JSON; undefined when there was none. */
  readonly body: unknown;
  readonly contentType: string;
  /** The media types that the client takes. */
  readonly accept: string | undefined;
  /** What the answer is to warn about, whatever it is. */
  readonly warnings: string[];
}

export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace ? `${namespace}/${name}` : name;

/** A refusal of the words after the question mark: `ListOptions.meta.k8s.io "" is invalid`. */
export const invalidOptions = (options: string, ...causes: readonly Cause[]): Error =>
  invalid({ group: 'meta.k8s.io', plural: options, kind: options }, '', causes);

export function isDryRun({ query }: ResourceCall, options: string): boolean {
  const given = query.getAll('dryRun').filter((value) => value !== '');
  const wrong = given.filter((value) => value !== 'All');
  if (wrong.length > 0)
    throw invalidOptions(options, {
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`,
      field: 'dryRun',
    });
  return given.length > 0;
}

export function fieldValidation({ query }: ResourceCall, options: string): FieldValidation {
  const given = query.get('fieldValidation') || 'Warn';
  if (given === 'Ignore' || given === 'Warn' || given === 'Strict') return given;
  throw invalidOptions(options, {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: "${given}": supported values: "", "Ignore", "Strict", "Warn"`,
    field: 'fieldValidation',
  });
}
