import type { IncomingMessage } from 'node:http';
import { AwsError } from '../core/aws-error.ts';
import { accountHeader, type WireRequest } from './wire.ts';

/**
 * A request off the socket, in the one form that readers and judges know: its path as it was sent, with an S3 bucket in
 * it though the host may have named it, and its body without the frames that a stream is sent in.
 */
export async function arrived(incoming: IncomingMessage): Promise<WireRequest> {
  const [path, query] = divided(incoming.url ?? '/');
  const headers = incoming.headers as Record<string, string>;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const bucket = bucketOf(headers);
  return {
    method: incoming.method ?? 'GET',
    path: bucket === undefined ? path : `/${bucket}${path === '/' ? '' : path}`,
    query: new URLSearchParams(query),
    headers: isFramed(headers) ? withoutFraming(headers) : headers,
    body: isFramed(headers) ? unframed(body) : body,
  };
}

function divided(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

type Headers = Readonly<Record<string, string>>;

/**
 * The bucket in `BUCKET.s3.eu-central-1.amazonaws.com`, or in `BUCKET.localhost`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
function bucketOf({ host = '', authorization = '', [accountHeader]: account }: Headers): string | undefined {
  // What stands before S3 Control's own host is an account.
  if (!authorization.includes('/s3/aws4_request') || account !== undefined) return undefined;
  const name = host.replace(/:\d+$/, '');
  return /^(.+)\.s3[.-](?:.+\.)?amazonaws\.com$/.exec(name)?.[1] ?? /^(.+?)(?:\.s3)?\.localhost$/.exec(name)?.[1];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
const isFramed = (headers: Headers): boolean => (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');

/** The coding is of the transport, and none of the object's own. */
function withoutFraming(headers: Headers): Headers {
  const { 'content-encoding': coding = '', ...others } = headers;
  const own = coding.split(/\s*,\s*/).filter((one) => one !== '' && one !== 'aws-chunked');
  return own.length > 0 ? { ...others, 'content-encoding': own.join(',') } : others;
}

/** `SIZE[;chunk-signature=...]`, that many bytes, and so on until a size of nothing; what follows are trailers. */
function unframed(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = /^[0-9a-f]+(?=;|$)/i.exec(body.toString('latin1', at, Math.max(at, end)))?.[0];
    if (end < 0 || size === undefined) throw new AwsError('IncompleteBody', 'The body is not framed as aws-chunked');
    const length = parseInt(size, 16);
    if (length === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}
