import { wayIn } from '../../../operator/store/site.ts';
import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';
import { toldOf } from './imports.ts';
import { sectionNames, type NamedNodes } from './section-names.ts';

/** The names that the operator gave, by the module's word for the resource; of a node that the store has not, none. */
export async function namesOf(world: VirtualWorld, store: VirtualStore): Promise<Readonly<Record<string, string>>> {
  const { id, out } = toldOf(world, store);
  const way = wayIn(store.spec);
  const told = async <T>(service: string, operation: string, input: object, name: (answer: T) => string | undefined) =>
    name(await world.other<T>(service, operation, input)) ?? '';
  const group = (node: string): Promise<string> =>
    told<{ SecurityGroups: { GroupName: string }[] }>(
      'ec2',
      'DescribeSecurityGroups',
      { GroupIds: [id(node)] },
      ({ SecurityGroups: [one] }) => one?.GroupName,
    );
  const pool = (): string => out('identity/pool', 'userPoolId');
  const names: NamedNodes = {
    ...sectionNames(world, store),
    alb_group: [way.group, group],
    app_group: ['network/sg-app', group],
    data_group: ['network/sg-data', group],
    flow_role: ['network/flow-log-role', (node) => out(node, 'roleName')],
    app_role: ['compute/role', (node) => out(node, 'roleName')],
    profile: ['compute/instance-profile', (node) => out(node, 'profileName')],
    balancer: [way.balancer, (node) => id(node).split('/')[2] ?? ''],
    targets: [way.targets, (node) => id(node).split('/')[1] ?? ''],
    template: [
      'compute/launch-template',
      (node) =>
        told<{ LaunchTemplates: { LaunchTemplateName: string }[] }>(
          'ec2',
          'DescribeLaunchTemplates',
          { LaunchTemplateIds: [id(node)] },
          ({ LaunchTemplates: [one] }) => one?.LaunchTemplateName,
        ),
    ],
    group: ['compute/group', id],
    subnet_group: ['database/subnet-group', (node) => out(node, 'subnetGroupName')],
    parameters: ['database/parameters', (node) => out(node, 'parameterGroupName')],
    password: ['database/password', (node) => id(node).split(':secret:')[1]?.slice(0, -'-AbCdEf'.length) ?? ''],
    primary: ['database/primary', (node) => out(node, 'instanceName')],
    replica_1: ['database/replica-1', (node) => out(node, 'instanceName')],
    replica_2: ['database/replica-2', (node) => out(node, 'instanceName')],
    pool: [
      'identity/pool',
      () =>
        told<{ UserPool: { Name: string } }>(
          'cognito-idp',
          'DescribeUserPool',
          { UserPoolId: pool() },
          ({ UserPool }) => UserPool.Name,
        ),
    ],
    client: [
      'identity/client',
      (node) =>
        told<{ UserPoolClient: { ClientName: string } }>(
          'cognito-idp',
          'DescribeUserPoolClient',
          { UserPoolId: pool(), ClientId: id(node) },
          ({ UserPoolClient }) => UserPoolClient.ClientName,
        ),
    ],
    sign_in: ['identity/pool', (node) => out(node, 'domain')],
    bucket: ['content/bucket', id],
    edge_access: [
      'cdn/access-control',
      (node) =>
        told<{ OriginAccessControlConfig: { Name: string } }>(
          'cloudfront',
          'GetOriginAccessControlConfig',
          { Id: id(node) },
          ({ OriginAccessControlConfig }) => OriginAccessControlConfig.Name,
        ),
    ],
    edge_origin: [
      'cdn/vpc-origin',
      (node) =>
        told<{ VpcOrigin: { VpcOriginEndpointConfig: { Name: string } } }>(
          'cloudfront',
          'GetVpcOrigin',
          { Id: id(node) },
          ({ VpcOrigin }) => VpcOrigin.VpcOriginEndpointConfig.Name,
        ),
    ],
  };
  const has = new Set<string>(store.last?.nodes.map(({ node }) => node));
  const given = Object.entries(names).filter(([, [node]]) => has.has(node));
  return Object.fromEntries(
    await Promise.all(given.map(async ([name, [node, read]]) => [name, await read(node)] as const)),
  );
}
