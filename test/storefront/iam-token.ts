import { createHash, createHmac } from 'node:crypto';

/** Whose tokens are good: what ElastiCache knows of a role, a cache and a user. */
export interface Expected {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly region: string;
  readonly cacheName: string;
  readonly user: string;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Why a token is refused, or undefined: a presigned request is signed anew, by hand, as the documentation has it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function wrongWith(token: string, user: string, expected: Expected): string | undefined {
  const url = new URL(`http://${token}`);
  const query = Object.fromEntries(url.searchParams);
  const date = query['X-Amz-Date'] ?? '';
  const scope = `${date.slice(0, 8)}/${expected.region}/elasticache/aws4_request`;
  const wanted: Record<string, string> = {
    Action: 'connect',
    User: expected.user,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${expected.accessKeyId}/${scope}`,
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': expected.sessionToken,
    'X-Amz-SignedHeaders': 'host',
  };
  if (url.host !== expected.cacheName || url.pathname !== '/') return `it is for ${url.host}${url.pathname}`;
  if (user !== expected.user) return `it is given by ${user}`;
  for (const [name, value] of Object.entries(wanted)) if (query[name] !== value) return `${name} is ${query[name]}`;
  const { 'X-Amz-Signature': signature, ...signed } = query;
  const pairs = Object.entries(signed).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const canonical = ['GET', '/', pairs.sort().join('&'), `host:${url.host}`, '', 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${expected.secretAccessKey}`);
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'the signature is wrong';
}
