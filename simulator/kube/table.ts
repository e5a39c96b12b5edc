import type { ResourceCall } from './call.ts';
import type { JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import type { KubeObject } from './object.ts';
import { Refusal } from './refusal.ts';
import { asStored } from './stored.ts';

/** The form in which a client wants objects. */
export type Form = 'whole' | 'table' | 'metadata';

const notAcceptable = (): Refusal =>
  new Refusal({
    code: 406,
    reason: 'NotAcceptable',
    message: 'only the following media types are accepted: application/json',
  });

/** The first of the accepted media types that can be had: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export function formOf(accept: string | undefined): Form {
  for (const part of (accept || '*/*').split(',')) {
    const [type, ...parameters] = part.split(';').map((word) => word.trim());
    if (!['application/json', 'application/*', '*/*'].includes(type ?? '')) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return 'whole';
    const version = parameters.find((parameter) => parameter.startsWith('v='))?.slice(2);
    if (version !== 'v1') continue;
    if (as === 'Table') return 'table';
    if (as.startsWith('PartialObjectMetadata')) return 'metadata';
  }
  throw notAcceptable();
}

export const onlyMetadata = ({ metadata }: KubeObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

/** Objects as rows of what `kubectl get` prints. */
export function tableOf(
  call: ResourceCall,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: number,
): JsonObject {
  const { kind, query } = call;
  const include = query.get('includeObject') ?? 'Metadata';
  const objectOf = (object: KubeObject): JsonObject => ({
    object: include === 'None' ? null : include === 'Object' ? object : onlyMetadata(object),
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: definitions(kind),
    rows: objects.map((object) => {
      const stored = asStored(kind, object);
      return { cells: kind.columns.map(({ cell }) => cell(stored, now)), ...objectOf(object) };
    }),
  };
}

const definitions = ({ columns }: Kind): JsonObject[] =>
  columns.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority }));
