/** What a path of the API speaks of. */
export type Route =
  | {
      readonly of: 'resource';
      readonly group: string;
      readonly version: string;
      readonly plural: string;
      readonly namespace?: string;
      readonly name?: string;
      readonly subresource?: string;
    }
  | { readonly of: 'resources'; readonly group: string; readonly version: string }
  | { readonly of: 'group'; readonly group: string }
  | { readonly of: 'groups' | 'core' | 'version' | 'health' | 'openapi-v2' | 'openapi-v3' }
  | { readonly of: 'openapi-document'; readonly path: string }
  | { readonly of: 'nothing' };

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
export function routeOf(path: string): Route {
  const parts = partsOf(path);
  if (!parts) return { of: 'nothing' };
  const [first, second, third, ...rest] = parts;
  switch (first) {
    case 'version':
      return { of: 'version' };
    case 'healthz':
    case 'livez':
    case 'readyz':
      return { of: 'health' };
    case 'openapi':
      if (second === 'v2') return { of: 'openapi-v2' };
      if (second !== 'v3') return { of: 'nothing' };
      return third === undefined ? { of: 'openapi-v3' } : { of: 'openapi-document', path: [third, ...rest].join('/') };
    case 'api':
      if (second === undefined) return { of: 'core' };
      return resourceRoute('', second, parts.slice(2));
    case 'apis':
      if (second === undefined) return { of: 'groups' };
      if (third === undefined) return { of: 'group', group: second };
      return resourceRoute(second, third, rest);
    default:
      return { of: 'nothing' };
  }
}

function resourceRoute(group: string, version: string, parts: readonly string[]): Route {
  const [first, second, third, fourth, fifth, ...more] = parts;
  if (first === undefined) return { of: 'resources', group, version };
  const isInside =
    first === 'namespaces' && third !== undefined && !(group === '' && ['status', 'finalize'].includes(third));
  const [plural, name, subresource] = isInside ? [third, fourth, fifth] : [first, second, third];
  if ((isInside ? more : parts.slice(3)).length > 0) return { of: 'nothing' };
  return { of: 'resource', group, version, plural, name, subresource, namespace: isInside ? second : undefined };
}

/** The parts of a path; undefined when one of them is no text. */
function partsOf(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
