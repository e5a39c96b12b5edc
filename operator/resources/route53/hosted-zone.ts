import type { HostedZone } from '@aws-sdk/client-route-53';
import { Fault, orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { heritageText, ownerFromHeritage } from './heritage.ts';
import { bareZoneId, plainName } from './names.ts';

/** The public zone of the store's domain, where the user has none yet. Its name servers go to the registrar. */
export interface HostedZoneProps {
  readonly name: string;
}

export interface HostedZoneOutputs {
  readonly zoneId: string;
  readonly name: string;
  readonly nameServers: readonly string[];
}

type ZoneFound = Found<HostedZoneProps, HostedZoneOutputs>;

export const hostedZone: ResourceType<HostedZoneProps, HostedZoneOutputs> = {
  name: 'route53/hosted-zone',
  fields: { name: 'fixed' },
  needs: [],
  replace: 'refuse',
  once: 'name', // The caller reference: a second use is refused (HostedZoneAlreadyExists), and the next list tells whose it is.
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.route53('ListHostedZones', { Marker });
    for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.NextMarker : undefined))) {
      const zones = (page.HostedZones ?? []).filter(({ Config }) => Config?.PrivateZone !== true);
      const ids = zones.map(({ Id = '' }) => bareZoneId(Id));
      const owners = await ownersOf(
        aws,
        ids.filter((id) => scope.known(id) === undefined),
      );
      yield zones.map((zone) => {
        const id = bareZoneId(zone.Id ?? '');
        return told(zone, asOwner(scope.known(id) ?? owners.get(id)));
      });
    }
  },

  async detail(aws, found) {
    const answer = await orAbsent(aws.route53('GetHostedZone', { Id: found.id }));
    if (!answer?.HostedZone) return undefined;
    const { outputs, ...zone } = told(answer.HostedZone, found.owner);
    return { ...zone, outputs: { ...outputs, nameServers: answer.DelegationSet?.NameServers ?? [] } };
  },

  async create(aws, props, birth) {
    const answer = await aws.route53('CreateHostedZone', {
      Name: props.name,
      CallerReference: birth.token,
      HostedZoneConfig: { Comment: heritageText(birth.owner), PrivateZone: false },
    });
    const found = told(answer.HostedZone as HostedZone, birth.owner);
    // CreateHostedZone takes no tags: until they are there the comment tells whose the zone is.
    await aws.route53('ChangeTagsForResource', {
      ResourceType: 'hostedzone',
      ResourceId: found.id,
      AddTags: tagPairs(birth.tags),
    });
    return { ...found, outputs: { ...found.outputs, nameServers: answer.DelegationSet?.NameServers ?? [] } };
  },

  async update() {
    // No prop is live: decide never asks for this.
  },

  async delete(aws, found) {
    const answer = await orAbsent(aws.route53('ListResourceRecordSets', { HostedZoneId: found.id }));
    const foreign = (answer?.ResourceRecordSets ?? []).filter(
      ({ Name = '', Type }) => !(plainName(Name) === found.props.name && (Type === 'NS' || Type === 'SOA')),
    );
    const [first] = foreign;
    if (first)
      throw new Fault(
        'refused',
        `hosted zone ${found.props.name} holds records that are not ours, as ${first.Name} ${first.Type}`,
        {
          remedy: 'remove those records and the zone by hand when nobody needs them',
        },
      );
    await orAbsent(aws.route53('DeleteHostedZone', { Id: found.id }));
  },
};

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

function told(zone: HostedZone, owner: NodeOwner | undefined): ZoneFound {
  const [zoneId, name] = [bareZoneId(zone.Id ?? ''), plainName(zone.Name ?? '')];
  return {
    id: zoneId,
    owner: owner ?? ownerFromHeritage(zone.Config?.Comment),
    state: { is: 'ready' },
    props: { name },
    outputs: { zoneId, name },
  };
}
