import type { Ref } from '../../model/ref.ts';
import { certificate } from '../../resources/acm/certificate.ts';
import { certificateLookup } from '../../resources/acm/certificate-lookup.ts';
import { hostedZone } from '../../resources/route53/hosted-zone.ts';
import { hostedZoneLookup } from '../../resources/route53/hosted-zone-lookup.ts';
import { recordSet } from '../../resources/route53/record-set.ts';
import { hostLabel, hostNames, type Site } from '../site.ts';

/** What the other sections need of the names. */
export interface Domain {
  readonly zoneId: Ref<string>;
  /** Resolves once the certificate can be used. */
  readonly certificateArn: Ref<string>;
}

export function composeDomain(site: Site): Domain {
  const zoneId = composeZone(site);
  return { zoneId, certificateArn: composeCertificate(site, zoneId) };
}

function composeZone({ graph, spec }: Site): Ref<string> {
  const { zone, zoneId, createZone } = spec.domain;
  if (createZone && zone !== undefined) return graph.add(hostedZone, 'domain/zone', { name: zone }).out('zoneId');
  const wanted = zoneId === undefined ? { name: zone } : { zoneId };
  const specFields = { name: 'spec.domain.zone', zoneId: 'spec.domain.zoneId' };
  return graph.add(hostedZoneLookup, 'domain/zone', wanted, { specFields }).out('zoneId');
}

/** Given by the user, or requested and proven by records that we keep as long as the certificate lives: it renews by them. */
function composeCertificate({ graph, spec }: Site, zoneId: Ref<string>): Ref<string> {
  const names = hostNames(spec);
  if (spec.domain.certificateArn !== undefined)
    return graph
      .add(
        certificateLookup,
        'domain/certificate',
        { certificateArn: spec.domain.certificateArn, names },
        { specFields: { certificateArn: 'spec.domain.certificateArn' } },
      )
      .out('certificateArn');
  const requested = graph.add(
    certificate,
    'domain/certificate',
    { domainName: spec.domain.host, alternativeNames: [...(spec.domain.aliases ?? [])].sort() },
    { specFields: { domainName: 'spec.domain.host', alternativeNames: 'spec.domain.aliases' } },
  );
  for (const name of names)
    graph.add(recordSet, `domain/validation-${hostLabel(name)}`, {
      zoneId,
      name: requested.early(`recordName:${name}`),
      type: 'CNAME',
      values: [requested.early(`recordValue:${name}`)],
      ttlSeconds: 300,
    });
  return requested.out('certificateArn');
}
