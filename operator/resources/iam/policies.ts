/** A policy document as a value: how AWS spells and orders it does not matter. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** IAM answers documents URL-encoded (RFC 3986), and the SDK hands them on so. */
export const parsePolicy = (encoded: string | undefined): PolicyDocument | undefined => {
  if (encoded === undefined) return undefined;
  return JSON.parse(encoded.startsWith('%') ? decodeURIComponent(encoded) : encoded) as PolicyDocument;
};
