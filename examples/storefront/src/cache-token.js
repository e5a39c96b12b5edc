import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/**
 * A password for one connection to the cache, valid for fifteen minutes: a presigned request that is never sent.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export async function cacheToken({ name, user, region, credentials }) {
  const signer = new SignatureV4({ service: 'elasticache', region, credentials, sha256: Sha256 });
  const { path, query } = await signer.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: name,
      path: '/',
      query: { Action: 'connect', User: user },
      headers: { host: name },
    },
    { expiresIn: 900 },
  );
  return `${name}${path}?${new URLSearchParams(query)}`;
}
