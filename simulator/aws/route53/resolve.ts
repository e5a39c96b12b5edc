import type { World } from '../core/world.ts';
import { zonesOf } from './hosted-zones.ts';
import { dotted } from './records.ts';

/** Answers what a name of this account's public zones stands for; aliases and CNAMEs are followed to names outside of them. */
export function resolve(world: World, name: string, type = 'A', depth = 0): string[] {
  const wanted = dotted(name);
  const zone = zonesOf(world)
    .all()
    .filter((one) => !one.private && (wanted === one.name || wanted.endsWith(`.${one.name}`)))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (!zone) return depth > 0 ? [wanted.replace(/\.$/, '')] : [];
  const of = (kind: string) => zone.records.find((record) => record.name === wanted && record.type === kind);
  const [exact, cname] = [of(type), of('CNAME')];
  if (exact?.alias && depth < 8) return resolve(world, exact.alias.dnsName, type, depth + 1);
  if (exact?.values) return [...exact.values];
  if (cname?.values && type !== 'CNAME' && depth < 8) return resolve(world, cname.values[0] ?? '', type, depth + 1);
  return [];
}
