import { recordSet } from '../../resources/route53/record-set.ts';
import { hostLabel, hostNames, type Site } from '../site.ts';
import type { Domain } from './domain.ts';
import type { LoadBalancing } from './load-balancer.ts';

/** Alias records of the host and its aliases, for both families of addresses. */
export function composeRecords({ graph, spec }: Site, domain: Domain, loadBalancing: LoadBalancing): void {
  for (const name of hostNames(spec))
    for (const type of ['A', 'AAAA'] as const)
      graph.add(
        recordSet,
        `domain/${type.toLowerCase()}-${hostLabel(name)}`,
        {
          zoneId: domain.zoneId,
          name,
          type,
          alias: {
            dnsName: loadBalancing.dnsName,
            hostedZoneId: loadBalancing.hostedZoneId,
            evaluateHealth: true,
          },
        },
        { specFields: { name: 'spec.domain.host' } },
      );
}
