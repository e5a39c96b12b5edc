import type { Handle } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { recordSet } from '../../resources/route53/record-set.ts';
import { hostLabel, hostNames, type Site } from '../site.ts';
import type { Domain } from './domain.ts';

/** Where the store answers: its load balancer, or the CDN before it. */
export interface Front {
  readonly dnsName: Ref<string>;
  readonly hostedZoneId: Ref<string>;
  /** Whether Route 53 looks at its health; it cannot at that of a distribution (API_AliasTarget, EvaluateTargetHealth). */
  readonly evaluateHealth: boolean;
  /** What has to be settled before people are sent there from elsewhere. */
  readonly settled: readonly Handle<unknown>[];
  /** What has to serve by then. */
  readonly servedBy: readonly Handle<unknown>[];
}

/** Alias records of the host and its aliases, for both families of addresses. */
export function composeRecords(
  { graph, spec }: Site,
  domain: Domain,
  front: Front,
  turnsAfter: readonly Handle<unknown>[],
): void {
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
            dnsName: front.dnsName,
            hostedZoneId: front.hostedZoneId,
            evaluateHealth: front.evaluateHealth,
          },
        },
        {
          turnsAfter: [...front.settled, ...turnsAfter],
          servedBy: front.servedBy,
          specFields: { name: 'spec.domain.host' },
        },
      );
}
