import { mediaTypes, type Kind } from './kind.ts';
import { fromProtobuf } from './protobuf.ts';
import { badRequest, unsupportedMediaType } from './refusal.ts';

/** One request, without its socket. */
export interface ApiRequest {
  readonly method: string;
  /** With the words after the question mark. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
export function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
      if (name !== undefined) return 'get';
      return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}

export const contentTypeOf = ({ headers }: ApiRequest): string =>
  (headers['content-type'] ?? mediaTypes.json).split(';')[0]?.trim() ?? '';

/** The body as JSON; that of a patch in another format is left to be refused by the patch. */
export function bodyOf(request: ApiRequest, kind: Kind): unknown {
  const { method, body } = request;
  const type = contentTypeOf(request);
  if (method === 'POST' || method === 'PUT') {
    if (type === mediaTypes.protobuf) return unpacked(body);
    if (type !== mediaTypes.json) throw unsupportedMediaType([mediaTypes.json]);
    return parsed(
      String(body ?? ''),
      (why) =>
        `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${why}`,
    );
  }
  if (body === undefined || body.length === 0) return undefined;
  if (method === 'PATCH' && !type.endsWith('json')) return undefined;
  return parsed(String(body), (why) =>
    method === 'PATCH' ? `error decoding patch: ${why}` : `couldn't decode the body: ${why}`,
  );
}

function unpacked(body: string | Buffer | undefined): unknown {
  const object = Buffer.isBuffer(body) ? fromProtobuf(body) : undefined;
  if (object) return object;
  const why = 'this simulated API server reads protobuf only as far as kubectl create sends it';
  throw unsupportedMediaType([mediaTypes.json], why);
}

function parsed(text: string, told: (why: string) => string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(told(error.message));
    throw error;
  }
}
