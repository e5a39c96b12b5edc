import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';

/** In one text where no word of it has a space. */
export type Command = string | readonly string[];

export interface Drift {
  /** What is done behind the operator's back, in the CLI's words. */
  readonly commands: () => readonly Command[] | Promise<readonly Command[]>;
  /** What AWS tells of it. */
  readonly seen: () => Promise<unknown>;
}

/** The rules of a node's security group, in an order of their own. */
export const rulesOf = async (world: VirtualWorld, groupId: string): Promise<unknown> => {
  const { SecurityGroups } = await world.other<{
    SecurityGroups: { IpPermissions: object[]; IpPermissionsEgress: object[] }[];
  }>('ec2', 'DescribeSecurityGroups', { GroupIds: [groupId] });
  const asText = (value: object): string => JSON.stringify(value);
  return SecurityGroups.map((group) => [group.IpPermissions.map(asText).sort(), group.IpPermissionsEgress.map(asText)]);
};

/** By what a stranger does, how he does it and where AWS tells of it. */
export function driftsOf(world: VirtualWorld, store: VirtualStore): Readonly<Record<string, Drift>> {
  const id = (node: string): string => world.idOf(store, node);
  /** The parts of an answer of AWS's that a drift is to be seen in. */
  const read = async <T, P = unknown>(service: string, operation: string, input: object, part: (answer: T) => P) =>
    part(await world.other<T>(service, operation, input));

  const zone = 'Z0123456789ABCDEFGHIJ';
  const roleName = (): string => String(store.last?.outputs.get('compute/role')?.['roleName']);
  const everything = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const elsewhere = JSON.stringify({
    Changes: [
      {
        Action: 'UPSERT',
        ResourceRecordSet: {
          ...{ Name: store.spec.domain.host, Type: 'A', TTL: 60 },
          ResourceRecords: [{ Value: '192.0.2.1' }],
        },
      },
    ],
  });

  return {
    'a rule that opens the data group to the world': {
      commands: () => [
        `ec2 authorize-security-group-ingress --group-id ${id('network/sg-data')} --protocol tcp --port 5432 --cidr 0.0.0.0/0`,
      ],
      seen: () => rulesOf(world, id('network/sg-data')),
    },
    'a rule taken from the load balancer': {
      commands: () => [
        `ec2 revoke-security-group-ingress --group-id ${id('network/sg-alb')} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
      ],
      seen: () => rulesOf(world, id('network/sg-alb')),
    },
    'a route removed': {
      commands: () => [
        `ec2 delete-route --route-table-id ${id('network/routes-app-a')} --destination-cidr-block 0.0.0.0/0`,
      ],
      seen: () =>
        read<{ RouteTables: { Routes: { DestinationCidrBlock?: string; NatGatewayId?: string }[] }[] }>(
          'ec2',
          'DescribeRouteTables',
          { RouteTableIds: [id('network/routes-app-a')] },
          ({ RouteTables: [table] }) =>
            table?.Routes.map(
              ({ DestinationCidrBlock, NatGatewayId }) => `${DestinationCidrBlock} ${NatGatewayId}`,
            ).sort(),
        ),
    },
    'a tag of the instances removed': {
      commands: () => [
        `autoscaling delete-tags --tags ResourceId=${id('compute/group')},ResourceType=auto-scaling-group,Key=Name`,
      ],
      seen: () =>
        read<{ Tags: { Key: string; Value: string; PropagateAtLaunch: boolean }[] }>(
          'autoscaling',
          'DescribeTags',
          {},
          ({ Tags }) => Tags.map(({ Key, Value, PropagateAtLaunch }) => `${Key}=${Value} ${PropagateAtLaunch}`).sort(),
        ),
    },
    'a parameter changed': {
      commands: () => [`ssm put-parameter --name ${id('compute/parameter-host')} --value evil.example.net --overwrite`],
      seen: () =>
        read<{ Parameter: { Value: string } }>(
          'ssm',
          'GetParameter',
          { Name: id('compute/parameter-host') },
          ({ Parameter }) => Parameter.Value,
        ),
    },
    'a listener deleted': {
      commands: () => [`elbv2 delete-listener --listener-arn ${id('loadBalancer/https')}`],
      seen: () =>
        read<{ Listeners: { Port: number; Certificates: unknown; SslPolicy?: string; DefaultActions: unknown }[] }>(
          'elbv2',
          'DescribeListeners',
          { LoadBalancerArn: id('loadBalancer/balancer') },
          ({ Listeners }) =>
            Listeners.map(({ Port, Certificates, SslPolicy, DefaultActions }) => ({
              ...{ Port, Certificates, SslPolicy, DefaultActions },
            })).sort((a, b) => a.Port - b.Port),
        ),
    },
    'the limits of the group moved': {
      commands: () => [
        `autoscaling update-auto-scaling-group --auto-scaling-group-name ${id('compute/group')} --min-size 1 --max-size 40`,
      ],
      seen: () =>
        read<{ AutoScalingGroups: { MinSize: number; MaxSize: number }[] }>(
          'autoscaling',
          'DescribeAutoScalingGroups',
          {},
          ({ AutoScalingGroups }) => AutoScalingGroups.map(({ MinSize, MaxSize }) => [MinSize, MaxSize]),
        ),
    },
    'the scaling policy deleted': {
      commands: () => [`autoscaling delete-policy --auto-scaling-group-name ${id('compute/group')} --policy-name cpu`],
      seen: () =>
        read<{ ScalingPolicies: { PolicyName: string; TargetTrackingConfiguration?: object }[] }>(
          'autoscaling',
          'DescribePolicies',
          {},
          ({ ScalingPolicies }) =>
            ScalingPolicies.map(({ PolicyName, TargetTrackingConfiguration }) => ({
              PolicyName,
              TargetTrackingConfiguration,
            })),
        ),
    },
    'attributes of the target group changed': {
      commands: () => [
        `elbv2 modify-target-group-attributes --target-group-arn ${id('loadBalancer/targets')} --attributes Key=stickiness.enabled,Value=false Key=deregistration_delay.timeout_seconds,Value=3600`,
      ],
      seen: () =>
        read<{ Attributes: unknown }>(
          'elbv2',
          'DescribeTargetGroupAttributes',
          { TargetGroupArn: id('loadBalancer/targets') },
          ({ Attributes }) => Attributes,
        ),
    },
    'a policy that gives the role everything, in the place of its own': {
      commands: () => [
        `iam put-role-policy --role-name ${roleName()} --policy-name own-logs --policy-document ${everything}`,
      ],
      seen: () =>
        read<{ PolicyDocument: string }>(
          'iam',
          'GetRolePolicy',
          { RoleName: roleName(), PolicyName: 'own-logs' },
          ({ PolicyDocument }) => JSON.parse(decodeURIComponent(PolicyDocument)) as unknown,
        ),
    },
    'a record pointed elsewhere': {
      commands: () => [`route53 change-resource-record-sets --hosted-zone-id ${zone} --change-batch ${elsewhere}`],
      seen: () =>
        read<{ ResourceRecordSets: { Name: string; Type: string }[] }>(
          'route53',
          'ListResourceRecordSets',
          { HostedZoneId: zone },
          ({ ResourceRecordSets }) => ResourceRecordSets.filter(({ Type }) => Type === 'A'),
        ),
    },
    'the log kept for a day only': {
      commands: () => [`logs put-retention-policy --log-group-name ${id('compute/log-group')} --retention-in-days 1`],
      seen: () =>
        read<{ logGroups: { logGroupName: string; retentionInDays?: number }[] }>(
          'logs',
          'DescribeLogGroups',
          {},
          ({ logGroups }) => logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
        ),
    },
  };
}
