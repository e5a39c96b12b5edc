import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { digest, type Tags } from '../../model/identity.ts';

/** Where the code of a function comes from. */
export type Code = Archive | ContainerImage | CodeFound;

export interface Archive {
  readonly s3: { readonly bucket: string; readonly key: string; readonly version?: string };
}

export interface ContainerImage {
  readonly imageUri: string;
}

/** Lambda does not tell where code came from, but only its checksum: so the function's tag says what that was made of. */
export interface CodeFound {
  readonly fingerprint: string;
}

const tag = 'ecom.io/code';

const fingerprintOf = (code: Code): string =>
  'fingerprint' in code ? code.fingerprint : digest(JSON.stringify(sourceOf(code)), 16);

export const sameCode = (a: Code, b: Code): boolean => fingerprintOf(a) === fingerprintOf(b);

/** What CreateFunction and UpdateFunctionCode are told. */
export function sourceOf(code: Code): NonNullable<CreateFunctionCommandInput['Code']> {
  if ('imageUri' in code) return { ImageUri: code.imageUri };
  if ('fingerprint' in code) return {};
  const { bucket, key, version } = code.s3;
  return { S3Bucket: bucket, S3Key: key, ...(version === undefined ? {} : { S3ObjectVersion: version }) };
}

/** Without a checksum it only says what the function is born from: what that came to is known afterwards. */
export const codeTag = (code: Code, sha256?: string): Tags => ({
  [tag]: sha256 === undefined ? fingerprintOf(code) : `${fingerprintOf(code)} ${sha256}`,
});

/** The code as the tag tells it, or nobody's when the checksum is not the one that we have seen. */
export function codeFrom(tags: Tags, sha256: string | undefined): CodeFound {
  const [fingerprint = '', seen] = (tags[tag] ?? '').split(' ');
  return { fingerprint: seen !== undefined && seen === sha256 ? fingerprint : '' };
}

/** Born from this, and nobody has noted the checksum yet. */
export const isUnnoted = (tags: Tags, code: Code): boolean => tags[tag] === fingerprintOf(code);
