import { loadBalancerZones } from '../elbv2/zone-ids.ts';
import { bareId, type HostedZone } from './hosted-zones.ts';
import type { RecordSet } from './records.ts';

/** The names that AWS's own services answer under, by the zone that an alias has to name. */
const servicesZones: Readonly<Record<string, string>> = {
  Z2FDTNDATAQYW2: '.cloudfront.net.',
  ...Object.fromEntries(
    Object.entries(loadBalancerZones).map(([region, zone]) => [zone, `.${region}.elb.amazonaws.com.`]),
  ),
};

/** What is wrong with where an alias points, in Route 53's words; undefined when nothing is. */
export function problemWithTarget(
  { type, alias }: RecordSet,
  zone: HostedZone,
  records: readonly RecordSet[],
): string | undefined {
  if (!alias) return undefined;
  const zoneId = bareId(alias.zoneId);
  const tried = `Tried to create an alias that targets ${alias.dnsName}, type ${type} in zone ${zoneId}, but`;
  const suffix = zoneId === zone.id ? `.${zone.name}` : servicesZones[zoneId];
  if (suffix === undefined) return `${tried} that target was not found`;
  if (!`.${alias.dnsName}`.endsWith(suffix))
    return `${tried} the alias target name does not lie within the target zone`;
  if (zoneId !== zone.id) return undefined;
  const known = records.some((record) => record.name === alias.dnsName && record.type === type);
  return known ? undefined : `${tried} that target was not found`;
}
