import { isDeepStrictEqual } from 'node:util';

/** A policy document as a value: how AWS spells and orders it does not matter. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** IAM answers documents URL-encoded (RFC 3986), and the SDK hands them on so. */
export const parsePolicy = (encoded: string | undefined): PolicyDocument | undefined => {
  if (encoded === undefined) return undefined;
  return JSON.parse(encoded.startsWith('%') ? decodeURIComponent(encoded) : encoded) as PolicyDocument;
};

/** IAM treats one string and a list of one alike, and a list as a set. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.length === 1 ? items[0] : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, canonical(part)]));
}

/** Whether two documents mean the same. */
export const samePolicy = (a: PolicyDocument, b: PolicyDocument): boolean =>
  isDeepStrictEqual(canonical(a), canonical(b));

/** Whether two sets of named documents mean the same. */
export const samePolicies = (
  a: Readonly<Record<string, PolicyDocument>>,
  b: Readonly<Record<string, PolicyDocument>>,
): boolean => isDeepStrictEqual(canonical(a), canonical(b));
