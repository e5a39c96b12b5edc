import type { TargetHealthDescription, TargetHealthStateEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';

/** What the load balancer finds of one target that is not about to leave. */
export interface TargetHealth {
  readonly instanceId: string;
  readonly state: TargetHealthStateEnum | undefined;
  /** Elastic Load Balancing's words, where it has any: it has none for what is healthy. */
  readonly description: string | undefined;
}

/**
 * The health of a group's targets, as far as AWS tells it: nothing of a group that is gone. Those that are `unused` are not
 * checked: nothing names their group, or their zone has no subnet of the load balancer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-states
 */
export async function healthOf(aws: Aws, TargetGroupArn: string): Promise<TargetHealth[]> {
  const answer = await orAbsent(aws.elbv2('DescribeTargetHealth', { TargetGroupArn }));
  return (answer?.TargetHealthDescriptions ?? [])
    .map(({ Target, TargetHealth: { State, Description } = {} }: TargetHealthDescription) => ({
      instanceId: Target?.Id ?? '',
      state: State,
      description: Description,
    }))
    .filter(({ state }) => state !== 'draining');
}

/** In one line, how many of them are healthy, of so many, and what is wrong with the first of the others. */
export function healthInWords(targets: readonly TargetHealth[], wanted: number): string {
  const ill = targets.filter(({ state }) => state !== 'healthy');
  const why = ill.find(({ description }) => description !== undefined)?.description;
  const healthy = targets.length - ill.length;
  return `${healthy} of ${wanted} targets are healthy${why === undefined ? '' : ` (${why})`}`;
}
