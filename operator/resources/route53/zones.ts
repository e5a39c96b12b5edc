import type { HostedZone, HostedZoneType } from '@aws-sdk/client-route-53';
import { ownerFromTags, type NodeOwner, type TagChanges } from '../../model/identity.ts';
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
