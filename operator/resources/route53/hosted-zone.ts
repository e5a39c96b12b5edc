import type { HostedZone } from '@aws-sdk/client-route-53';
import { Fault, orAbsent } from '../../model/faults.ts';
import type { ResourceType } from '../../model/resource-type.ts';
import { isApex } from './records.ts';
import { asListed, commentOf, listedZones, retagZone, zoneTold } from './zones.ts';

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
