import type { HostedZone } from '@aws-sdk/client-route-53';
import { Fault, orAbsent } from '../../model/faults.ts';
import { ofOthers, othersThan, type Tenant } from '../../model/ownership.ts';
import type { Aws } from '../../model/ports.ts';
import type { LookupType } from '../../model/resource-type.ts';
import { bareZoneId, plainName } from './names.ts';
import { markedTags, publicZonesNamed } from './zones.ts';

/** A public hosted zone of the user's, by its name or its id. */
export interface HostedZoneLookupProps {
  readonly name?: string;
  readonly zoneId?: string;
  readonly tenant: Tenant;
}

export interface HostedZoneLookupOutputs {
  readonly zoneId: string;
  readonly name: string;
}

export const hostedZoneLookup: LookupType<HostedZoneLookupProps, HostedZoneLookupOutputs> = {
  name: 'route53/hosted-zone-lookup',
  scope: 'global',

  lookup: (aws, { name = '', zoneId, tenant }) =>
    zoneId === undefined ? byName(aws, name, tenant) : byId(aws, zoneId, tenant),
};

async function byId(aws: Aws, zoneId: string, tenant: Tenant): Promise<HostedZoneLookupOutputs> {
  const answer = await orAbsent(aws.route53('GetHostedZone', { Id: zoneId }));
  const facts = { field: 'spec.domain.zoneId', remedy: 'give the id of a public hosted zone of this account' };
  if (!answer?.HostedZone) throw new Fault('absent', `there is no hosted zone ${zoneId} in this account`, facts);
  const [zone] = await withOthers(aws, [answer.HostedZone], tenant);
  if (zone?.others !== undefined)
    throw ofOthers(`hosted zone ${zoneId}`, zone.others, { field: facts.field, found: zone.told });
  if (answer.HostedZone.Config?.PrivateZone)
    throw new Fault('rejected', `hosted zone ${zoneId} is private: the internet does not see it`, facts);
  return { zoneId, name: plainName(answer.HostedZone.Name ?? '') };
}

/**
 * Whoever writes stores can have zones of any name made (`createZone`), and AWS makes several of one name: those of other
 * namespaces are left aside, so that they stand in nobody's way.
 */
async function byName(aws: Aws, name: string, tenant: Tenant): Promise<HostedZoneLookupOutputs> {
  const field = 'spec.domain.zone';
  const zones = await withOthers(aws, await publicZonesNamed(aws, name), tenant);
  const [only, ...more] = zones.filter(({ others }) => others === undefined);
  const [aside] = zones;
  if (!only && aside?.others !== undefined)
    throw ofOthers(`hosted zone ${name}`, aside.others, { field, found: aside.told });
  if (!only)
    throw new Fault('absent', `there is no public hosted zone ${name} in this account`, {
      field,
      remedy: 'create it and delegate the domain to it, or set spec.domain.createZone',
    });
  if (more.length > 0) {
    const ids = [only, ...more].map(({ told }) => told.zoneId);
    throw new Fault('rejected', `there are ${ids.length} public hosted zones ${name}: ${ids.join(', ')}`, {
      field,
      remedy: 'say which one by spec.domain.zoneId instead of spec.domain.zone',
    });
  }
  return only.told;
}

/** The zones, each with whom it belongs to if stores of this tenant may not use it. */
async function withOthers(aws: Aws, zones: readonly HostedZone[], tenant: Tenant) {
  const tags = await markedTags(aws, zones);
  return zones.map(({ Id = '', Name = '' }) => {
    const zoneId = bareZoneId(Id);
    return { told: { zoneId, name: plainName(Name) }, others: othersThan(tenant, tags.get(zoneId) ?? {}) };
  });
}
