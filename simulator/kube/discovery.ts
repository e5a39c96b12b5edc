import type { JsonObject } from './json.ts';
import { groupVersion, type Kind } from './kind.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Told by `kubectl version`: the API this stand-in follows. */
export const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0-simulated',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'none',
};

export const coreVersions = (): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
});

const versionsOf = (kinds: readonly Kind[], group: string): string[] => [
  ...new Set(kinds.filter((kind) => kind.group === group).map(({ version: name }) => name)),
];

/** `/apis/<group>`; undefined when nobody serves it. */
export function apiGroup(kinds: readonly Kind[], group: string): JsonObject | undefined {
  const versions = versionsOf(kinds, group).map((name) => ({ groupVersion: `${group}/${name}`, version: name }));
  if (group === '' || versions.length === 0) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions, preferredVersion: versions[0] };
}

/** `/apis` */
export function apiGroups(kinds: readonly Kind[]): JsonObject {
  const names = [...new Set(kinds.map(({ group }) => group))];
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: names.flatMap((name) => apiGroup(kinds, name) ?? []) };
}

/** `/api/v1`, `/apis/<group>/<version>`; undefined when nobody serves it. */
export function apiResources(kinds: readonly Kind[], group: string, name: string): JsonObject | undefined {
  const served = kinds.filter((kind) => kind.group === group && kind.version === name);
  const [first] = served;
  if (!first) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(first),
    resources: served.flatMap(resourcesOf),
  };
}

function resourcesOf({ plural, singular, namespaced, kind, shortNames, categories, hasStatus }: Kind): JsonObject[] {
  const resource = { name: plural, singularName: singular, namespaced, kind, verbs, shortNames, categories };
  const status = { name: `${plural}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] };
  return hasStatus ? [resource, status] : [resource];
}
