import type { HostedZone } from '@aws-sdk/client-route-53';
import { Fault, orAbsent } from '../../model/faults.ts';
import { ownerFromTags } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { ResourceType } from '../../model/resource-type.ts';
import { bareZoneId } from './names.ts';
import { isApex } from './records.ts';
import { asListed, commentOf, listedZones, markedTags, publicZonesNamed, retagZone, zoneTold } from './zones.ts';

/** The public zone of the store's domain, where the user has none yet. Its name servers go to the registrar. */
export interface HostedZoneProps {
  readonly name: string;
}

export interface HostedZoneOutputs {
  readonly zoneId: string;
  readonly name: string;
  readonly nameServers: readonly string[];
}

export const hostedZone: ResourceType<HostedZoneProps, HostedZoneOutputs> = {
  name: 'route53/hosted-zone',
  fields: { name: 'fixed' },
  needs: [],
  replace: 'refuse',
  once: 'name', // The caller reference: a second use is refused (HostedZoneAlreadyExists), and the next list tells whose it is.
  endedBy: 'DeleteHostedZone',
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    for await (const zones of listedZones(aws, scope)) yield zones.filter(({ isPrivate }) => !isPrivate).map(zoneTold);
  },

  async detail(aws, found) {
    const answer = await orAbsent(aws.route53('GetHostedZone', { Id: found.id }));
    if (!answer?.HostedZone) return undefined;
    const { outputs, ...zone } = zoneTold(asListed(answer.HostedZone, found.owner));
    return { ...zone, outputs: { ...outputs, nameServers: answer.DelegationSet?.NameServers ?? [] } };
  },

  async create(aws, props, birth) {
    await refuseBesideOne(aws, props.name);
    const answer = await aws.route53('CreateHostedZone', {
      Name: props.name,
      CallerReference: birth.token,
      HostedZoneConfig: { Comment: commentOf(birth), PrivateZone: false },
    });
    const found = zoneTold(asListed(answer.HostedZone as HostedZone, birth.owner));
    await retagZone(aws, found, birth.tags);
    return { ...found, outputs: { ...found.outputs, nameServers: answer.DelegationSet?.NameServers ?? [] } };
  },

  async update() {
    // No prop is live: decide never asks for this.
  },

  async delete(aws, found) {
    const answer = await orAbsent(aws.route53('ListResourceRecordSets', { HostedZoneId: found.id }));
    const [first] = (answer?.ResourceRecordSets ?? []).filter((record) => !isApex(found.props.name ?? '', record));
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

  retag: retagZone,
};

/**
 * AWS makes a second zone of a name without a word, and the domain is delegated to the first: the store would wait for ever.
 * One that another store has had made does not count, or whoever comes first could keep others from their own domain.
 */
async function refuseBesideOne(aws: Aws, name: string): Promise<void> {
  const zones = await publicZonesNamed(aws, name);
  if (zones.length === 0) return;
  const tags = await markedTags(aws, zones);
  const theirs = zones.map(({ Id = '' }) => bareZoneId(Id)).find((id) => !ownerFromTags(tags.get(id) ?? {}));
  if (theirs !== undefined)
    throw new Fault('rejected', `there is a public hosted zone ${name} already: ${theirs}, which no store has made`, {
      field: 'spec.domain.createZone',
      remedy:
        'make the store without createZone, and its names go into that zone; or delete the zone if nobody uses it',
    });
}
