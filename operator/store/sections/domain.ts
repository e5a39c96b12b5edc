import type { NodeId, Ref } from '../../model/ref.ts';
import type { Handle } from '../../model/graph.ts';
import { certificate, type CertificateOutputs } from '../../resources/acm/certificate.ts';
import { certificateLookup, type CertificateLookupOutputs } from '../../resources/acm/certificate-lookup.ts';
import { hostedZone } from '../../resources/route53/hosted-zone.ts';
import { hostedZoneLookup } from '../../resources/route53/hosted-zone-lookup.ts';
import { recordSet } from '../../resources/route53/record-set.ts';
import { recordsOf } from './records.ts';
import { hostLabel, hostNames, tenantOf, type Site } from '../site.ts';

/** What the other sections need of the names. */
export interface Domain {
  readonly zoneId: Ref<string>;
  readonly certificate: Proof;
}

/** A certificate and what it proves: both resolve once it can be used, and while another is made they are the old one's. */
export type Proof = Handle<CertificateLookupOutputs>;

export function composeDomain(site: Site): Domain {
  const zoneId = composeZone(site);
  const { certificateArn } = site.spec.domain;
  return {
    zoneId,
    certificate:
      certificateArn === undefined
        ? requestCertificate(site, 'domain/certificate', zoneId)
        : givenCertificate(site, 'domain/certificate', certificateArn, 'spec.domain.certificateArn'),
  };
}

function composeZone(site: Site): Ref<string> {
  const { graph, spec } = site;
  const { zone, zoneId, createZone } = spec.domain;
  if (createZone && zone !== undefined) return graph.add(hostedZone, 'domain/zone', { name: zone }).out('zoneId');
  const tenant = tenantOf(site);
  const wanted = zoneId === undefined ? { name: zone, tenant } : { zoneId, tenant };
  const specFields = { name: 'spec.domain.zone', zoneId: 'spec.domain.zoneId' };
  return graph.add(hostedZoneLookup, 'domain/zone', wanted, { specFields }).out('zoneId');
}

/** A certificate of the user's own, in the region it is looked for in. */
export const givenCertificate = (
  site: Site,
  id: NodeId,
  certificateArn: string,
  field: string,
  region?: string,
): Proof =>
  site.graph.add(
    certificateLookup,
    id,
    { certificateArn, names: hostNames(site.spec), tenant: tenantOf(site) },
    { region, specFields: { certificateArn: field } },
  );

/** Requested, and proven by records that we keep as long as the certificate lives: it renews by them. */
function requestCertificate(site: Site, id: NodeId, zoneId: Ref<string>): Proof {
  const requested = addCertificate(site, id);
  addValidation(site, requested, zoneId);
  return requested;
}

export const addCertificate = (site: Site, id: NodeId, region?: string): Handle<CertificateOutputs> => {
  const { graph, spec } = site;
  return graph.add(
    certificate,
    id,
    { domainName: spec.domain.host, alternativeNames: [...(spec.domain.aliases ?? [])].sort() },
    {
      region,
      behind: recordsOf(site),
      specFields: { domainName: 'spec.domain.host', alternativeNames: 'spec.domain.aliases' },
    },
  );
};

/** The records that prove a certificate: one for each name. */
export function addValidation({ graph, spec }: Site, requested: Handle<CertificateOutputs>, zoneId: Ref<string>): void {
  for (const name of hostNames(spec))
    graph.add(recordSet, `domain/validation-${hostLabel(name)}`, {
      zoneId,
      name: requested.early(`recordName:${name}`),
      type: 'CNAME',
      values: [requested.early(`recordValue:${name}`)],
      ttlSeconds: 300,
    });
}
