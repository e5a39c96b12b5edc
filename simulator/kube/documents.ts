import { apiGroup, apiGroups, apiResources, coreVersions, version } from './discovery.ts';
import type { JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { openApiOf, openApiRoot } from './open-api.ts';
import { Refusal } from './refusal.ts';
import type { Route } from './route.ts';

/** What the API tells of itself; undefined where there is nothing. */
export function documentAt(
  kinds: readonly Kind[],
  route: Exclude<Route, { of: 'resource' }>,
  accept: string | undefined,
): JsonObject | undefined {
  switch (route.of) {
    case 'version':
      return version;
    case 'core':
      return coreVersions();
    case 'groups':
      return apiGroups(kinds);
    case 'group':
      return apiGroup(kinds, route.group);
    case 'resources':
      return apiResources(kinds, route.group, route.version);
    case 'openapi-v3':
      return openApiRoot(kinds);
    case 'openapi-document':
      return openApiOf(kinds, route.path);
    case 'openapi-v2':
      return swagger(accept);
    case 'health':
    case 'nothing':
      return undefined;
  }
}

/** Nothing but the head: clients that need more than that ask for version 3, or for the protobuf form, which is refused. */
function swagger(accept: string | undefined): JsonObject {
  if (accept?.includes('protobuf') && !accept.includes('json'))
    throw new Refusal({
      code: 406,
      reason: 'NotAcceptable',
      message:
        'only the following media types are accepted: application/json; this simulated API server tells its schemas in /openapi/v3',
    });
  return { swagger: '2.0', info: { title: 'Kubernetes', version: version.gitVersion }, paths: {}, definitions: {} };
}
