import { handle, type Handle } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { listener } from '../../resources/elbv2/listener.ts';
import { loadBalancer } from '../../resources/elbv2/load-balancer.ts';
import { targetGroup } from '../../resources/elbv2/target-group.ts';
import { fleetOf, wayIn, type Site } from '../site.ts';
import type { Domain } from './domain.ts';
import type { Network } from './network.ts';

/** What the other sections need of the load balancer. */
export interface LoadBalancing {
  readonly loadBalancerArn: Ref<string>;
  readonly dnsName: Ref<string>;
  readonly hostedZoneId: Ref<string>;
  readonly targetGroupArn: Ref<string>;
  readonly httpsListenerArn: Ref<string>;
  /** What has to be settled before anybody is sent to it. */
  readonly settled: readonly Handle<unknown>[];
  /** The instances, and what tells that they answer: they have to serve by then. */
  readonly servedBy: readonly Handle<unknown>[];
}

/** With a CDN it is inside the VPC, where CloudFront alone reaches it; without one it faces the internet itself. */
export function composeLoadBalancer({ graph, spec }: Site, network: Network, domain: Domain): LoadBalancing {
  const wanted = spec.loadBalancer;
  const ids = wayIn(spec);
  const { bucket, prefix = '' } = wanted.accessLogs ?? {};
  const balancer = graph.add(
    loadBalancer,
    ids.balancer,
    {
      subnetIds: spec.cdn ? network.vpcOriginSubnetIds : network.publicSubnetIds,
      securityGroupIds: [network.albGroupId],
      scheme: spec.cdn ? 'internal' : 'internet-facing',
      deletionProtection: wanted.deletionProtection,
      idleTimeoutSeconds: wanted.idleTimeoutSeconds,
      dropInvalidHeaders: true,
      desyncMode: 'defensive',
      accessLogs: bucket === undefined ? null : { bucket, prefix },
    },
    { after: spec.cdn ? [] : network.gateways, specFields: { accessLogs: 'spec.loadBalancer.accessLogs' } },
  );
  const targets = graph.add(
    targetGroup,
    ids.targets,
    {
      vpcId: network.vpcId,
      port: spec.compute.port,
      protocol: 'HTTP',
      targetType: 'instance',
      healthPath: spec.compute.healthPath,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      intervalSeconds: 10,
      timeoutSeconds: 5,
      matcher: '200-399',
      stickinessEnabled: wanted.stickiness.enabled,
      stickinessSeconds: wanted.stickiness.durationSeconds,
      deregistrationDelaySeconds: wanted.deregistrationDelaySeconds,
    },
    { specFields: { healthPath: 'spec.compute.healthPath', port: 'spec.compute.port' } },
  );
  const servedBy = [targets, handle(fleetOf(spec).group)];
  const https = graph.add(
    listener,
    ids.https,
    {
      loadBalancerArn: balancer.out('loadBalancerArn'),
      port: 443,
      protocol: 'HTTPS',
      certificateArn: domain.certificate.out('certificateArn'),
      sslPolicy: wanted.tlsPolicy,
      action: { forward: targets.out('targetGroupArn') },
    },
    {
      servedBy,
      specFields: { sslPolicy: 'spec.loadBalancer.tlsPolicy', certificateArn: 'spec.domain.certificateArn' },
    },
  );
  // Where there is a CDN, it is the one that redirects: it never asks over HTTP.
  if (!spec.cdn)
    graph.add(listener, 'loadBalancer/http', {
      loadBalancerArn: balancer.out('loadBalancerArn'),
      port: 80,
      protocol: 'HTTP',
      action: { redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } },
    });
  return {
    loadBalancerArn: balancer.out('loadBalancerArn'),
    dnsName: balancer.out('dnsName'),
    hostedZoneId: balancer.out('canonicalHostedZoneId'),
    targetGroupArn: targets.out('targetGroupArn'),
    httpsListenerArn: https.out('listenerArn'),
    settled: [https],
    servedBy,
  };
}
