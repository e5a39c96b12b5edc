import { sameDocument, sparing } from '../../model/compare.ts';

/** A policy document as a value: how AWS spells and orders it does not matter. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** What is wanted, with the statements found that name what still serves. */
export function sparingStatements(
  wanted: PolicyDocument,
  found: PolicyDocument,
  serves: (part: unknown) => boolean,
): PolicyDocument {
  const statements = ({ Statement = [] }: PolicyDocument) =>
    (Array.isArray(Statement) ? Statement : [Statement]) as unknown[];
  return { ...wanted, Statement: sparing(sameDocument)(statements(wanted), statements(found), serves) };
}

/** IAM answers documents URL-encoded (RFC 3986), and the SDK hands them on so. */
export const parsePolicy = (encoded: string | undefined): PolicyDocument | undefined => {
  if (encoded === undefined) return undefined;
  return JSON.parse(encoded.startsWith('%') ? decodeURIComponent(encoded) : encoded) as PolicyDocument;
};
