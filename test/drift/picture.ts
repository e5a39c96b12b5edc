import { isDeepStrictEqual } from 'node:util';
import type { World } from '../../simulator/aws/core/world.ts';

type Values = Readonly<Record<string, unknown>>;

/** What comes and goes by itself, or is only a trace of calls: not part of what a store is. */
const fleeting = new Set([
  ...['ec2/instance', 'ec2/network-interface', 'ec2/volume', 'ec2/image'],
  ...['autoscaling/member', 'autoscaling/activity', 'autoscaling/refresh', 'elbv2/target'],
  ...['route53/change', 'route53/record-set'],
]);

/** Values that change without meaning anything: by type, or `*` for all. */
const meaningless: Readonly<Record<string, readonly string[]>> = {
  '*': [
    'createdAt',
    'deletedAt',
    'changedAt',
    'version',
    'past',
    'latestVersion',
    'seeded',
    'knownFrom',
    'provenAt',
    'etag',
  ],
  // An autoscaler's, and what Auto Scaling notes for itself.
  'autoscaling/group': ['desired', 'surge', 'failures', 'retryAt'],
  'autoscaling/policy': ['id', 'arn'],
  'elbv2/load-balancer': ['places'],
  'ec2/elastic-ip': ['associationId', 'networkInterfaceId'],
  'ec2/nat-gateway': ['networkInterfaceId'],
  // A failover, a new standby and a reboot move them.
  'rds/instance': ['interfaceIds', 'zone', 'secondaryZone', 'parameterStatus'],
  'rds/automated-backup': ['of'],
};

/** By type, what has to be told in other words to be compared. */
const inOtherWords: Readonly<Record<string, (value: Values) => Values>> = {
  // Rules and associations get a new id each time they are made; what they say is what counts.
  'ec2/security-group': (group) => ({ ...group, rules: sorted((group['rules'] as Values[]).map(withoutId)) }),
  'ec2/route-table': (table) => ({
    ...table,
    routes: sorted(table['routes'] as Values[]),
    associations: sorted((table['associations'] as Values[]).map(withoutId)),
  }),
  'ec2/vpc-endpoint': (endpoint) => ({ ...endpoint, routeTableIds: sorted(endpoint['routeTableIds'] as string[]) }),
  // Versions are never changed: which one is the default, and what it says, is the template.
  'ec2/launch-template': ({ versions, defaultVersion, ...template }) => ({
    ...template,
    ...Object.fromEntries(
      ['description', 'data'].map((part) => [
        part,
        (versions as Values[]).find(({ number }) => number === defaultVersion)?.[part],
      ]),
    ),
  }),
  'elasticache/user-group': (group) => ({ ...group, userIds: sorted(group['userIds'] as string[]) }),
  'elasticache/subnet-group': (group) => ({ ...group, subnetIds: sorted(group['subnetIds'] as string[]) }),
  // A node that was made again is another one, under the same name or the next.
  'elasticache/replication-group': (group) => ({ ...group, members: zonesOf(group['members']) }),
  'elasticache/cluster': (cluster) => ({ ...cluster, nodes: zonesOf(cluster['nodes']) }),
  'route53/hosted-zone': (zone) => ({ ...zone, records: sorted(zone['records'] as Values[]) }),
  'elbv2/load-balancer': (balancer) => ({
    ...balancer,
    subnetIds: sorted((balancer['places'] as Values[]).map(({ subnetId }) => subnetId as string)),
    groupIds: sorted(balancer['groupIds'] as string[]),
  }),
  'autoscaling/group': (group) => ({
    ...group,
    subnetIds: sorted(group['subnetIds'] as string[]),
    targetGroupArns: sorted(group['targetGroupArns'] as string[]),
    tags: sorted((group['tags'] as Values[]).filter(({ Key }) => !/^ecom.io.roll(out|ed-out)$/.test(Key as string))),
  }),
  'iam/role': ({ inline, trust, attached, ...role }) => ({
    ...role,
    trust: JSON.parse(trust as string) as unknown,
    inline: Object.fromEntries(
      Object.entries(inline as Record<string, string>)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, document]) => [name, JSON.parse(document) as unknown]),
    ),
    attached: sorted(attached as string[]),
  }),
};

const zonesOf = (nodes: unknown): string[] => sorted((nodes as Values[]).map(({ zone }) => zone as string));
const withoutId = ({ id: _, ...rest }: Values): Values => rest;
const sorted = <T>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Everything in an account at one moment, by type and id, without what means nothing. */
export type Picture = ReadonlyMap<string, Values>;

export function picture(world: World): Picture {
  const taken = new Map<string, Values>();
  for (const [key, objects] of world.objects()) {
    const type = key.slice(key.indexOf('/') + 1);
    if (fleeting.has(type)) continue;
    for (const object of objects as readonly Values[]) {
      // Gone, and only remembered: a gateway that is still shown, a prefix that nobody may have yet.
      if (object['state'] === 'deleted' || object['released'] === true) continue;
      const told = inOtherWords[type]?.(object) ?? object;
      const dropped = [...(meaningless['*'] ?? []), ...(meaningless[type] ?? [])];
      const kept = Object.entries(told).filter(([name]) => !dropped.includes(name));
      taken.set(
        stable(`${type} ${idOf(object)}`),
        JSON.parse(stable(JSON.stringify(Object.fromEntries(kept)))) as Values,
      );
    }
  }
  return taken;
}

/** The last letters of a managed secret's ARN are new with each secret; its name is its database's. */
const stable = (text: string): string => text.replaceAll(/(:secret:rds![a-z0-9-]+)-[A-Za-z]{6}/g, '$1');

const idOf = (object: Values): string => {
  // Named anew by AWS each time, and known by the name within its group.
  if ('group' in object && 'settings' in object) return `${String(object['group'])} ${String(object['name'])}`;
  const id = object['arn'] ?? object['id'] ?? object['name'];
  return typeof id === 'string' ? id : JSON.stringify(object);
};

/** What differs between two moments, one line each. */
export function movedBetween(before: Picture, after: Picture): string[] {
  const lines: string[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    if (!was) lines.push(`${key} is new`);
    else if (!is) lines.push(`${key} is gone`);
    else
      for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
        if (!isDeepStrictEqual(was[name], is[name]))
          lines.push(`${key}: ${name} was ${JSON.stringify(was[name])}, is ${JSON.stringify(is[name])}`);
  }
  return lines;
}
