import type { HostedZone, HostedZoneType } from '@aws-sdk/client-route-53';
import { ownerFromTags, ownerTags, type NodeOwner, type TagChanges, type Tags } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Birth, Found, Scope } from '../../model/resource-type.ts';
import { heritageText, ownerFromHeritage } from './heritage.ts';
import { bareZoneId, plainName } from './names.ts';
import { retag, tagsOf } from './tags.ts';

/** A zone as lists tell it, public or private. */
export interface ListedZone {
  readonly zoneId: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly owner: NodeOwner | undefined;
  readonly unmarked?: true;
}

interface ZoneNamed {
  readonly name: string;
}

interface ZoneId {
  readonly zoneId: string;
}

/** Every zone of the account, or every private one, page by page. */
export async function* listedZones(aws: Aws, scope: Scope, HostedZoneType?: HostedZoneType) {
  const read = (Marker?: string) => aws.route53('ListHostedZones', { Marker, HostedZoneType });
  for await (const { HostedZones: zones = [] } of pages(read, (page) =>
    page.IsTruncated ? page.NextMarker : undefined,
  )) {
    const unknown = zones.map(({ Id = '' }) => bareZoneId(Id)).filter((id) => scope.known(id) === undefined);
    const tags = await tagsOf(aws, 'hostedzone', unknown);
    yield zones.map((zone) => {
      const id = bareZoneId(zone.Id ?? '');
      const known = scope.known(id);
      const tagged = ownerFromTags(tags.get(id) ?? {});
      const listed = asListed(zone, asOwner(known ?? tagged));
      // Of a known one the tags are not read.
      return known === undefined && listed.owner && !tagged ? { ...listed, unmarked: true as const } : listed;
    });
  }
}

/** The public zones of this very name: AWS makes as many as it is asked for. */
export async function publicZonesNamed(aws: Aws, name: string): Promise<HostedZone[]> {
  const named: HostedZone[] = [];
  const read = (at?: string) => {
    const [DNSName, HostedZoneId] = at?.split(' ') ?? [name];
    return aws.route53('ListHostedZonesByName', { DNSName, HostedZoneId });
  };
  const next = (answer: Awaited<ReturnType<typeof read>>): string | undefined =>
    answer.IsTruncated && plainName(answer.NextDNSName ?? '') === name
      ? `${answer.NextDNSName} ${answer.NextHostedZoneId}`
      : undefined;
  for await (const { HostedZones = [] } of pages(read, next))
    named.push(...HostedZones.filter(({ Name = '', Config }) => plainName(Name) === name && !Config?.PrivateZone));
  return named;
}

/** The tags of zones by id; of one that has not got its owner tags yet, those that its comment tells. */
export async function markedTags(aws: Aws, zones: readonly HostedZone[]): Promise<Map<string, Tags>> {
  const tags = await tagsOf(
    aws,
    'hostedzone',
    zones.map(({ Id = '' }) => bareZoneId(Id)),
  );
  for (const { Id = '', Config } of zones) {
    const [id, owner] = [bareZoneId(Id), ownerFromHeritage(Config?.Comment)];
    tags.set(id, { ...(owner ? ownerTags(owner) : {}), ...tags.get(id) });
  }
  return tags;
}

/** Its comment tells whose it is where its tags do not. */
export const asListed = (zone: HostedZone, owner: NodeOwner | undefined): ListedZone => ({
  zoneId: bareZoneId(zone.Id ?? ''),
  name: plainName(zone.Name ?? ''),
  isPrivate: zone.Config?.PrivateZone === true,
  owner: owner ?? ownerFromHeritage(zone.Config?.Comment),
});

/** Any zone, as far as lists tell it. */
export const zoneTold = ({ zoneId, name, owner, unmarked }: ListedZone): Found<ZoneNamed, ZoneNamed & ZoneId> => ({
  ...{ id: zoneId, owner, unmarked },
  state: { is: 'ready' },
  props: { name },
  outputs: { zoneId, name },
});

/** CreateHostedZone takes no tags: until they are there the comment tells whose the zone is. */
export const commentOf = ({ owner }: Birth): string => heritageText(owner);

export const retagZone = (aws: Aws, found: Found, tags: TagChanges): Promise<void> =>
  retag(aws, 'hostedzone', found, tags);
