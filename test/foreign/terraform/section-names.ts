import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';
import { toldOf } from './imports.ts';
import { endOf, permissionOf } from './type-imports.ts';

/** The module's word for a resource, the node that it is, and how its name is read. */
export type NamedNodes = Readonly<
  Record<string, readonly [node: string, read: (node: string) => string | Promise<string>]>
>;

const functionNode = (what: string, image: string | undefined): string =>
  `notifications/${image === undefined ? 'function' : 'image-function'}-${what}`;

/** The names that the operator gave in cache, messages and monitoring. */
export function sectionNames(world: VirtualWorld, store: VirtualStore): NamedNodes {
  const { id, out } = toldOf(world, store);
  const named = (output: string) => (node: string) => out(node, output);
  const last = (node: string): string => endOf(id(node));
  const topics = Object.entries(store.spec.notifications?.topics ?? {}).flatMap(([what, { function: wish }]) => [
    [`topic_${what}`, [`notifications/topic-${what}`, last]],
    [`failed_${what}`, [`notifications/failed-${what}`, last]],
    [`function_role_${what}`, [`notifications/role-${what}`, named('roleName')]],
    [`function_${what}`, [functionNode(what, wish?.image), last]],
    [`permission_${what}`, [functionNode(what, wish?.image), (node: string) => permissionOf(world, id(node))]],
  ]);
  return {
    cache_subnet_group: ['cache/subnet-group', named('subnetGroupName')],
    cache_parameters: ['cache/parameters', named('parameterGroupName')],
    cache_user: ['cache/user', named('userId')],
    cache_users: ['cache/users', named('userGroupId')],
    cache_group: ['cache/group', named('groupId')],
    alarms_topic: ['monitoring/topic', last],
    dashboard: ['monitoring/dashboard', named('name')],
    ...(Object.fromEntries(topics) as NamedNodes),
  };
}

/** The names of alarms, by what they are about; nothing where the store has none. */
export function alarmNamesOf({ last }: VirtualStore): { readonly alarm_names?: Readonly<Record<string, string>> } {
  const alarms = (last?.nodes ?? []).filter(({ type }) => type === 'cloudwatch/alarm');
  if (alarms.length === 0) return {};
  const byWhat = alarms.map(({ node, id = '' }) => [node.slice('monitoring/alarm-'.length), id]);
  return { alarm_names: Object.fromEntries(byWhat) as Record<string, string> };
}
