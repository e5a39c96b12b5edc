import { handle, type Handle } from '../../model/graph.ts';
import type { NodeId, Ref } from '../../model/ref.ts';
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

/** For both families of addresses. */
const families = ['A', 'AAAA'] as const;

const recordId = (name: string, type: (typeof families)[number]): NodeId =>
  `domain/${type.toLowerCase()}-${hostLabel(name)}`;

/** The records that lead to what bears the store's names: certificates, and the CDN. */
export const recordsOf = ({ spec }: Site): Handle<unknown>[] =>
  hostNames(spec).flatMap((name) => families.map((type) => handle(recordId(name, type))));

/** Alias records of the host and its aliases. */
export function composeRecords(
  { graph, spec }: Site,
  domain: Domain,
  front: Front,
  turnsAfter: readonly Handle<unknown>[],
): void {
  for (const name of hostNames(spec))
    for (const type of families)
      graph.add(
        recordSet,
        recordId(name, type),
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
          specFields: { name: name === spec.domain.host ? 'spec.domain.host' : 'spec.domain.aliases' },
        },
      );
}
