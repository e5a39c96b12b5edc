import { handle, type Handle } from '../../model/graph.ts';
import type { NodeId, Ref } from '../../model/ref.ts';
import { wayOut } from '../../resources/cognito/user-pool-client.ts';
import { prefixListLookup } from '../../resources/ec2/prefix-list-lookup.ts';
import { securityGroup, type SecurityGroupOutputs } from '../../resources/ec2/security-group.ts';
import { fleetOf, wayIn, type Site } from '../site.ts';
import type { EcomStoreSpec } from '../spec.ts';

export interface SecurityGroups {
  readonly albGroupId: Ref<string>;
  readonly appGroupId: Ref<string>;
  readonly dataGroupId: Ref<string>;
}

/** The ports that the engines listen on. */
const ports = { postgres: 5432, mysql: 3306, mariadb: 3306, valkey: 6379, redis: 6379, memcached: 11_211 } as const;

/** The servers of CloudFront that ask origins: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html */
const cloudFrontServers = 'com.amazonaws.global.cloudfront.origin-facing';

/**
 * The chain world -> alb -> app -> data, or CloudFront -> alb where the store has a CDN. Each group names its neighbour
 * instead of addresses, so nothing else gets in, wherever it runs; the data group lets nothing out.
 */
export function composeSecurityGroups(site: Site, vpcId: Ref<string>): SecurityGroups {
  const { graph, spec, owner } = site;
  const group = (id: NodeId): Handle<SecurityGroupOutputs> => handle(id);
  const from = (id: NodeId, port: number, description: string) =>
    tcp(port, { groupId: group(id).out('groupId') }, description);
  const { port } = spec.compute;
  const front = wayIn(spec).group;
  const instances = fleetOf(spec).securityGroup;
  const alb = graph.add(securityGroup, front, {
    vpcId,
    description: `Load balancer of store ${owner.name}`,
    ingress: spec.cdn
      ? [tcp(443, { prefixListId: cloudFront(site) }, 'HTTPS from CloudFront')]
      : [...world(443, 'HTTPS from the world'), ...world(80, 'HTTP from the world, only to be redirected')],
    egress: [
      from(instances, port, 'to the application'),
      // The load balancer itself asks Cognito for the tokens of who signs in, over IPv4.
      // https://repost.aws/knowledge-center/elb-configure-authentication-alb
      ...(spec.identity ? [tcp(443, { cidr: '0.0.0.0/0' }, wayOut)] : []),
    ],
  });
  const app = graph.add(securityGroup, instances, {
    vpcId,
    description: `Instances of store ${owner.name}`,
    ingress: [from(front, port, 'from the load balancer')],
    egress: [{ protocol: '-1', fromPort: -1, toPort: -1, cidr: '0.0.0.0/0', description: 'to AWS and partners' }],
  });
  const data = graph.add(securityGroup, 'network/sg-data', {
    vpcId,
    description: `Databases and caches of store ${owner.name}`,
    ingress: dataPorts(spec).map((dataPort) => from(instances, dataPort, 'from the application')),
    egress: [],
  });
  return { albGroupId: alb.out('groupId'), appGroupId: app.out('groupId'), dataGroupId: data.out('groupId') };
}

/** A rule for one port. */
const tcp = <P extends object>(port: number, peer: P, description: string) => ({
  ...{ protocol: 'tcp', fromPort: port, toPort: port },
  ...peer,
  description,
});

const world = (port: number, description: string) => [
  tcp(port, { cidr: '0.0.0.0/0' }, description),
  tcp(port, { cidr6: '::/0' }, description),
];

/** Any distribution of anybody's has these servers: that only ours gets to the load balancer is the VPC origin's doing. */
const cloudFront = ({ graph }: Site): Ref<string> =>
  graph
    .add(
      prefixListLookup,
      'network/cloudfront-servers',
      { name: cloudFrontServers },
      { specFields: { name: 'spec.cdn' } },
    )
    .out('prefixListId');

/** Of Valkey and Redis without a cluster the reader endpoint has the same port. */
const dataPorts = ({ database, cache }: EcomStoreSpec): number[] =>
  [database, cache].flatMap((one) => (one ? [ports[one.engine]] : []));
