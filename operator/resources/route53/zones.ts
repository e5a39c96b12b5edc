import type { HostedZone, HostedZoneType } from '@aws-sdk/client-route-53';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Birth, Scope } from '../../model/resource-type.ts';
import { heritageText, ownerFromHeritage } from './heritage.ts';
import { bareZoneId, plainName } from './names.ts';

/** A zone as lists tell it, public or private. */
export interface ListedZone {
  readonly zoneId: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly owner: NodeOwner | undefined;
}

/** Every zone of the account, or every private one, page by page. */
export async function* listedZones(aws: Aws, scope: Scope, HostedZoneType?: HostedZoneType) {
  const read = (Marker?: string) => aws.route53('ListHostedZones', { Marker, HostedZoneType });
  for await (const { HostedZones: zones = [] } of pages(read, (page) =>
    page.IsTruncated ? page.NextMarker : undefined,
  )) {
    const unknown = zones.map(({ Id = '' }) => bareZoneId(Id)).filter((id) => scope.known(id) === undefined);
    const owners = await ownersOf(aws, unknown);
    yield zones.map((zone) => {
      const id = bareZoneId(zone.Id ?? '');
      return asListed(zone, asOwner(scope.known(id) ?? owners.get(id)));
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

/** CreateHostedZone takes no tags: until they are there the comment tells whose the zone is. */
export const commentOf = ({ owner }: Birth): string => heritageText(owner);

export const tagZone = (aws: Aws, ResourceId: string, { tags }: Birth) =>
  aws.route53('ChangeTagsForResource', { ResourceType: 'hostedzone', ResourceId, AddTags: tagPairs(tags) });

/** Tags come ten zones at a time. */
async function ownersOf(aws: Aws, ids: readonly string[]): Promise<Map<string, NodeOwner>> {
  const owners = new Map<string, NodeOwner>();
  for (const ResourceIds of batches(ids, 10)) {
    const { ResourceTagSets = [] } = await aws.route53('ListTagsForResources', {
      ResourceType: 'hostedzone',
      ResourceIds,
    });
    for (const { ResourceId = '', Tags = [] } of ResourceTagSets) {
      const owner = ownerFromTags(tagsFromPairs(Tags));
      if (owner) owners.set(ResourceId, owner);
    }
  }
  return owners;
}
