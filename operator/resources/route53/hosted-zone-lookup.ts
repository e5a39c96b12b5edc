import { Fault, orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { LookupType } from '../../model/resource-type.ts';
import { bareZoneId, plainName } from './names.ts';

/** A public hosted zone of the user's, by its name or its id. */
export interface HostedZoneLookupProps {
  readonly name?: string;
  readonly zoneId?: string;
}

export interface HostedZoneLookupOutputs {
  readonly zoneId: string;
  readonly name: string;
}

export const hostedZoneLookup: LookupType<HostedZoneLookupProps, HostedZoneLookupOutputs> = {
  name: 'route53/hosted-zone-lookup',
  scope: 'global',

  async lookup(aws, { name = '', zoneId }) {
    if (zoneId !== undefined) {
      const answer = await orAbsent(aws.route53('GetHostedZone', { Id: zoneId }));
      const facts = { field: 'spec.domain.zoneId', remedy: 'give the id of a public hosted zone of this account' };
      if (!answer?.HostedZone) throw new Fault('absent', `there is no hosted zone ${zoneId} in this account`, facts);
      if (answer.HostedZone.Config?.PrivateZone)
        throw new Fault('rejected', `hosted zone ${zoneId} is private: the internet does not see it`, facts);
      return { zoneId, name: plainName(answer.HostedZone.Name ?? '') };
    }
    const ids: string[] = [];
    const read = (at?: string) => {
      const [DNSName, HostedZoneId] = at?.split(' ') ?? [name];
      return aws.route53('ListHostedZonesByName', { DNSName, HostedZoneId });
    };
    const next = (answer: Awaited<ReturnType<typeof read>>): string | undefined =>
      answer.IsTruncated && plainName(answer.NextDNSName ?? '') === name
        ? `${answer.NextDNSName} ${answer.NextHostedZoneId}`
        : undefined;
    for await (const { HostedZones = [] } of pages(read, next))
      for (const { Name = '', Id = '', Config } of HostedZones)
        if (plainName(Name) === name && Config?.PrivateZone !== true) ids.push(bareZoneId(Id));
    const [only, ...others] = ids;
    if (only === undefined)
      throw new Fault('absent', `there is no public hosted zone ${name} in this account`, {
        field: 'spec.domain.zone',
        remedy: 'create it and delegate the domain to it, or set spec.domain.createZone',
      });
    if (others.length > 0)
      throw new Fault('rejected', `there are ${ids.length} public hosted zones ${name}: ${ids.join(', ')}`, {
        field: 'spec.domain.zone',
        remedy: 'say which one by spec.domain.zoneId instead of spec.domain.zone',
      });
    return { zoneId: only, name };
  },
};
