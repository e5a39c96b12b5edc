import type { WireReply } from '../front/wire.ts';
import type { WireMisfit } from './misfit.ts';
import type { Seen } from './witness.ts';

/** A request and its reply as they are kept: plain JSON, without credentials or signature. */
export interface Exchange {
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly region: string | undefined;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: string;
    readonly bodyEncoding?: 'base64';
  };
  /** Left out where the connection was lost on purpose. */
  readonly reply?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly bodyEncoding?: 'base64';
  };
  readonly misfits: readonly WireMisfit[];
}

const secretHeaders = ['authorization', 'x-amz-security-token', 'cookie'];
const secretParameters = /^X-Amz-(Signature|Credential|Security-Token)$/i;

export function recorded(
  { request, service, operation, region }: Seen,
  reply: WireReply | undefined,
  misfits: readonly WireMisfit[],
): Exchange {
  const query = new URLSearchParams([...request.query].filter(([name]) => !secretParameters.test(name)));
  const headers = Object.entries(request.headers).filter(([name]) => !secretHeaders.includes(name));
  return {
    ...{ service, operation, region },
    request: {
      ...{ method: request.method, path: request.path, query: query.toString() },
      headers: Object.fromEntries(headers),
      ...told(request.body),
    },
    ...(reply ? { reply: { ...reply, ...told(reply.body) } } : {}),
    misfits,
  };
}

/** What is no text, such as CBOR or a picture, is told in base64. */
function told(body: Buffer): { readonly body: string; readonly bodyEncoding?: 'base64' } {
  const text = body.toString('utf8');
  return Buffer.from(text, 'utf8').equals(body)
    ? { body: text }
    : { body: body.toString('base64'), bodyEncoding: 'base64' };
}
