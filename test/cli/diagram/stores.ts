import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Graph, Node } from '../../../operator/model/graph.ts';
import type { AnyType } from '../../../operator/model/resource-type.ts';
import { securityGroup } from '../../../operator/resources/ec2/security-group.ts';
import { pictureOf, pictureOfGraph } from '../../../operator/cli/diagram/picture-of.ts';
import type { StoreInFile } from '../../../operator/cli/stores-in.ts';
import type { Picture } from '../../../operator/cli/diagram/picture.ts';
import { compose } from '../../../operator/store/compose.ts';
import { withDefaults } from '../../../operator/store/spec.ts';

type Part = Readonly<Record<string, unknown>>;

/** An example, with parts of its sections exchanged. */
export function exampleOf(file: string, changes: Readonly<Record<string, Part>> = {}): StoreInFile {
  const { metadata, spec } = parse(readFileSync(`examples/${file}.yaml`, 'utf8')) as {
    metadata: { namespace: string; name: string };
    spec: Record<string, Part>;
  };
  const changed = Object.entries(changes).map(([section, part]) => [section, { ...spec[section], ...part }]);
  return { ...metadata, spec: { ...spec, ...Object.fromEntries(changed) } as unknown as StoreInFile['spec'] };
}

export const pictureWith = (file: string, changes: Readonly<Record<string, Part>> = {}): Picture =>
  pictureOf(exampleOf(file, changes));

export function graphWith(file: string, changes: Readonly<Record<string, Part>> = {}): Graph {
  const { namespace, name, spec } = exampleOf(file, changes);
  const owner = { installation: 'default', namespace, name, uid: '00000000-0000-4000-8000-000000000000' };
  return compose({ owner, account: '111122223333', spec: withDefaults(spec) });
}

export const heading = { store: 'shops/acme', region: 'eu-central-1', url: 'https://shop.example.com' };

const typeNamed = (name: string, scope: 'regional' | 'global' = 'regional'): AnyType =>
  (name.endsWith('-lookup') ? { name, scope, lookup: () => undefined } : { name, scope }) as unknown as AnyType;

const ref = ($ref: string, output: string) => ({ $ref, output });

export const group = (id: string, ingress: readonly Part[], egress: readonly Part[] = []): Node =>
  nodeOf(id, securityGroup, { vpcId: ref('network/vpc', 'vpcId'), description: id, ingress, egress });

export const from = (id: string, fromPort: number, toPort = fromPort, protocol = 'tcp'): Part => ({
  ...{ protocol, fromPort, toPort, groupId: ref(id, 'groupId') },
});

function nodeOf(id: string, type: AnyType | string, props: Part = {}): Node {
  const known = typeof type === 'string' ? typeNamed(type) : type;
  return {
    id: id as Node['id'],
    type: known,
    props,
    after: [],
    turnsAfter: [],
    servedBy: [],
    behind: [],
    specFields: {},
  };
}

export const withNodes = ({ nodes }: Graph, ...added: readonly Node[]): Graph => ({
  nodes: new Map([...nodes, ...added.map((node) => [node.id, node] as const)]),
});

/** The minimal example with the types that come next, none of which the diagram has code for. */
export function largePicture(): Picture {
  const dataSubnets = { subnetIds: [ref('network/data-a', 'subnetId'), ref('network/data-b', 'subnetId')] };
  const inGroup = (id: string) => ({ securityGroupIds: [ref(id, 'groupId')] });
  const alb = {
    prefixListId: ref('network/cdn-addresses', 'prefixListId'),
    protocol: 'tcp',
    fromPort: 443,
    toPort: 443,
  };
  const graph = withNodes(
    graphWith('minimal'),
    nodeOf('network/cdn-addresses', 'ec2/prefix-list-lookup', {
      name: 'com.amazonaws.global.cloudfront.origin-facing',
    }),
    group('network/sg-alb', [alb], [from('network/sg-app', 8080)]),
    group('network/sg-database', [from('network/sg-app', 5432)]),
    group('network/sg-cache', [from('network/sg-app', 6379)]),
    nodeOf('database/subnets', 'rds/subnet-group', dataSubnets),
    ...['primary', 'replica-1', 'replica-2'].map((name) =>
      nodeOf(`database/${name}`, 'rds/instance', {
        subnetGroupName: ref('database/subnets', 'name'),
        ...inGroup('network/sg-database'),
      }),
    ),
    nodeOf('cache/subnets', 'elasticache/subnet-group', dataSubnets),
    nodeOf('cache/group', 'elasticache/replication-group', {
      subnetGroupName: ref('cache/subnets', 'name'),
      ...inGroup('network/sg-cache'),
    }),
    nodeOf('content/bucket', 's3/bucket'),
    nodeOf('content/bucket-policy', 's3/bucket-policy', { bucket: ref('content/bucket', 'name') }),
    { ...nodeOf('cdn/distribution', 'cloudfront/distribution') },
    nodeOf('identity/pool', 'cognito/user-pool'),
    nodeOf('notifications/orders', 'sns/topic'),
    nodeOf('notifications/on-order', 'lambda/function'),
    ...['cpu', 'errors', 'storage'].map((name) => nodeOf(`monitoring/${name}`, 'cloudwatch/alarm')),
    nodeOf('monitoring/wonder', 'newservice/wonder-thing'),
    nodeOf('monitoring/worldwide', typeNamed('otherservice/account-thing', 'global')),
  );
  return pictureOfGraph(graph, heading);
}
