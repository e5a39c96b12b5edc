import type { World } from '../core/world.ts';
import { vpcs } from '../ec2/vpc.ts';
import { zonesOf, type HostedZone } from './hosted-zones.ts';
import { dotted, type RecordSet } from './records.ts';
import { sameVpc, type ZoneVpc } from './zone-vpcs.ts';

/**
 * Answers what a name of this account's public zones stands for; aliases and CNAMEs are followed to names outside of them.
 * Of weighted records all that may be the answer are told, one after the other.
 */
export const resolve = (world: World, name: string, type = 'A'): string[] =>
  answer(
    {
      world,
      zones: zonesOf(world)
        .all()
        .filter((zone) => !zone.private),
    },
    name,
    type,
    0,
  );

/**
 * The same as instances in a VPC are answered: private zones come before public ones of the same name. Without
 * enableDnsSupport and enableDnsHostnames they are not seen.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
 */
export function resolveWithin(world: World, vpc: ZoneVpc, name: string, type = 'A'): string[] {
  const found = world.collection(vpc.region, vpcs).get(vpc.id);
  const sees = found?.dnsSupport === true && found.dnsHostnames;
  const isSeen = (zone: HostedZone): boolean => !zone.private || (sees && zone.vpcs.some((one) => sameVpc(one, vpc)));
  return answer({ world, zones: zonesOf(world).all().filter(isSeen) }, name, type, 0);
}

interface Seen {
  readonly world: World;
  readonly zones: readonly HostedZone[];
}

function answer(seen: Seen, name: string, type: string, depth: number): string[] {
  const wanted = dotted(name);
  const [zone] = seen.zones
    .filter((one) => wanted === one.name || wanted.endsWith(`.${one.name}`))
    .sort((a, b) => b.name.length - a.name.length || Number(b.private) - Number(a.private));
  if (!zone) return depth > 0 ? [wanted.replace(/\.$/, '')] : [];
  const of = (kind: string) => answering(zone.records.filter((one) => one.name === wanted && one.type === kind));
  const [exact, cnames] = [of(type), of('CNAME')];
  if (exact.length > 0)
    return exact.flatMap(({ alias, values = [] }) =>
      alias && depth < 8 ? answer(seen, alias.dnsName, type, depth + 1) : values,
    );
  if (type === 'CNAME' || depth >= 8) return [];
  return cnames.flatMap(({ values: [target = ''] = [] }) => answer(seen, target, type, depth + 1));
}

/**
 * A weight of zero is answered only where all others are zero too.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-weighted.html
 */
function answering(records: readonly RecordSet[]): readonly RecordSet[] {
  const weighed = records.filter(({ weight }) => weight !== 0);
  return weighed.length > 0 ? weighed : records;
}
