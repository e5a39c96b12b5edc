import { handle, type Handle } from '../../model/graph.ts';
import type { NodeId, Ref } from '../../model/ref.ts';
import { securityGroup, type SecurityGroupOutputs } from '../../resources/ec2/security-group.ts';
import type { Site } from '../site.ts';

export interface SecurityGroups {
  readonly albGroupId: Ref<string>;
  readonly appGroupId: Ref<string>;
  readonly dataGroupId: Ref<string>;
}

const ids = { alb: 'network/sg-alb', app: 'network/sg-app', data: 'network/sg-data' } as const;
/** PostgreSQL, MySQL and MariaDB, Redis and Valkey, memcached: the ports that a data tier of ours listens on. */
const dataPorts = [5432, 3306, 6379, 11211];

/**
 * The chain world -> alb -> app -> data. Each group names its neighbour instead of addresses, so nothing else gets in,
 * wherever it runs; the data group lets nothing out.
 */
export function composeSecurityGroups({ graph, spec, owner }: Site, vpcId: Ref<string>): SecurityGroups {
  const group = (id: NodeId): Handle<SecurityGroupOutputs> => handle(id);
  const from = (id: NodeId, port: number, description: string) => ({
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    groupId: group(id).out('groupId'),
    description,
  });
  const world = (port: number, description: string) => [
    { protocol: 'tcp', fromPort: port, toPort: port, cidr: '0.0.0.0/0', description },
    { protocol: 'tcp', fromPort: port, toPort: port, cidr6: '::/0', description },
  ];
  const { port } = spec.compute;
  const alb = graph.add(securityGroup, ids.alb, {
    vpcId,
    description: `Load balancer of store ${owner.name}`,
    ingress: [...world(443, 'HTTPS from the world'), ...world(80, 'HTTP from the world, only to be redirected')],
    egress: [from(ids.app, port, 'to the application')],
  });
  const app = graph.add(securityGroup, ids.app, {
    vpcId,
    description: `Instances of store ${owner.name}`,
    ingress: [from(ids.alb, port, 'from the load balancer')],
    egress: [{ protocol: '-1', fromPort: -1, toPort: -1, cidr: '0.0.0.0/0', description: 'to AWS and partners' }],
  });
  const data = graph.add(securityGroup, ids.data, {
    vpcId,
    description: `Databases and caches of store ${owner.name}`,
    ingress: dataPorts.map((dataPort) => from(ids.app, dataPort, 'from the application')),
    egress: [],
  });
  return { albGroupId: alb.out('groupId'), appGroupId: app.out('groupId'), dataGroupId: data.out('groupId') };
}
