import { invalidOptions, type ResourceCall } from './call.ts';
import { isObject, type JsonObject } from './json.ts';
import { groupVersion } from './kind.ts';
import type { KubeObject } from './object.ts';
import { badRequest, expired, tooLargeVersion, type Cause } from './refusal.ts';
import { fieldSelector, labelSelector, type Selects } from './selectors.ts';
import { asTold } from './stored.ts';
import type { World } from './world.ts';

/** One page of a list. */
export interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: JsonObject;
}

/** Which objects of a collection a call is about. */
export function selection({ kind, namespace, name, query }: ResourceCall): Selects {
  const labels = labelSelector(query.get('labelSelector') ?? '');
  const fields = fieldSelector(query.get('fieldSelector') ?? '', kind.selectable);
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    labels(object) &&
    fields(object);
}

const forbidden = (message: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${message}`,
  field: 'resourceVersionMatch',
});

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list */
function revisionOf({ query }: ResourceCall, world: World): { revision: number; isAny: boolean } {
  const [version, match] = [query.get('resourceVersion') ?? '', query.get('resourceVersionMatch') ?? ''];
  if (!['', 'Exact', 'NotOlderThan'].includes(match))
    throw invalidOptions('ListOptions', {
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
      field: 'resourceVersionMatch',
    });
  if (match !== '' && version === '')
    throw invalidOptions(
      'ListOptions',
      forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided'),
    );
  if (match === 'Exact' && version === '0')
    throw invalidOptions('ListOptions', forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  if (!/^\d*$/.test(version)) {
    const why = `strconv.ParseUint: parsing "${version}": invalid syntax`;
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: "${version}": ${why}`);
  }
  const { revision: current, compacted } = world.storage;
  const asked = Number(version);
  if (asked > current) throw tooLargeVersion(asked, current);
  // A limit with a version, and no word on how to match it, asks for exactly that version, too.
  const isExact = match === 'Exact' || (match === '' && asked > 0 && query.has('limit'));
  if (isExact && asked < compacted) throw expired('The resourceVersion for the provided list is too old.');
  return { revision: isExact ? asked : current, isAny: version === '0' };
}

interface Continue {
  readonly rv: number;
  readonly start: string;
}

const encode = (token: Continue): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...token })).toString('base64url');

function decodeContinue(text: string): Continue {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isObject(token) && typeof token['rv'] === 'number' && typeof token['start'] === 'string')
      return { rv: token['rv'], start: token['start'] };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

const tokenExpired =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/** Lists what a call selects, from the newest state or from that of a version, page by page. */
export function list(world: World, call: ResourceCall): Page {
  const { kind, query } = call;
  const given = query.get('continue');
  const token = given ? decodeContinue(given) : undefined;
  if (token && query.get('resourceVersion'))
    throw badRequest('specifying resource version is not allowed when using continue');
  if (token && token.rv < world.storage.compacted) throw expired(tokenExpired);
  const { revision, isAny } = token ? { revision: token.rv, isAny: false } : revisionOf(call, world);
  const selects = selection(call);
  const all = [...world.storage.at(kind.collection, revision)].filter(([, object]) => selects(object));
  const rest = token ? all.filter(([key]) => key > token.start) : all;
  // The API server answers "any version" from its memory, whole, and does not look at the limit.
  const limit = isAny ? 0 : Number(query.get('limit') ?? 0);
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const left = rest.length - page.length;
  const isSelective = query.get('labelSelector') || query.get('fieldSelector');
  return {
    items: page.map(([, object]) => asTold(kind, object)),
    metadata: {
      resourceVersion: String(revision),
      ...(left > 0 ? { continue: encode({ rv: revision, start: page.at(-1)?.[0] ?? '' }) } : {}),
      ...(left > 0 && !isSelective ? { remainingItemCount: left } : {}),
    },
  };
}

export const listObject = ({ kind }: ResourceCall, { items, metadata }: Page): JsonObject => ({
  apiVersion: groupVersion(kind),
  kind: kind.listKind,
  metadata,
  // Only items of custom resources say what they are.
  items: kind.custom ? items : items.map(({ apiVersion: _version, kind: _kind, ...item }) => item as JsonObject),
});
