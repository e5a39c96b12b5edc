import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { awsCliOn, describeForeign, noAwsCli } from '../support/foreign.ts';
import { addWholeStore } from './whole-store.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

/** For every type of a store: a command that lists it, and where the ids stand in the answer (JMESPath). */
const listings: readonly (readonly [node: string, command: string, query: string])[] = [
  ['network/vpc', 'ec2 describe-vpcs', 'Vpcs[].VpcId'],
  ['network/internet-gateway', 'ec2 describe-internet-gateways', 'InternetGateways[].InternetGatewayId'],
  ['network/nat-address-a', 'ec2 describe-addresses', 'Addresses[].AllocationId'],
  ['network/app-b', 'ec2 describe-subnets', 'Subnets[].SubnetId'],
  ['network/nat-a', 'ec2 describe-nat-gateways', 'NatGateways[].NatGatewayId'],
  ['network/routes-public', 'ec2 describe-route-tables', 'RouteTables[].RouteTableId'],
  ['network/s3-endpoint', 'ec2 describe-vpc-endpoints', 'VpcEndpoints[].VpcEndpointId'],
  ['network/flow-log', 'ec2 describe-flow-logs', 'FlowLogs[].FlowLogId'],
  ['network/sg-app', 'ec2 describe-security-groups', 'SecurityGroups[].GroupId'],
  ['compute/launch-template', 'ec2 describe-launch-templates', 'LaunchTemplates[].LaunchTemplateId'],
  ['compute/role', 'iam list-roles', 'Roles[].RoleId'],
  ['compute/instance-profile', 'iam list-instance-profiles', 'InstanceProfiles[].InstanceProfileId'],
  ['compute/log-group', 'logs describe-log-groups', 'logGroups[].logGroupName'],
  ['compute/parameter-host', 'ssm describe-parameters', 'Parameters[].Name'],
  ['domain/certificate', 'acm list-certificates', 'CertificateSummaryList[].CertificateArn'],
  ['loadBalancer/internal', 'elbv2 describe-load-balancers', 'LoadBalancers[].LoadBalancerArn'],
  ['loadBalancer/internal-targets', 'elbv2 describe-target-groups', 'TargetGroups[].TargetGroupArn'],
  ['database/primary', 'rds describe-db-instances', 'DBInstances[].DbiResourceId'],
  ['database/replica-2', 'rds describe-db-instances', 'DBInstances[].DbiResourceId'],
  ['database/subnet-group', 'rds describe-db-subnet-groups', 'DBSubnetGroups[].DBSubnetGroupArn'],
  ['database/parameters', 'rds describe-db-parameter-groups', 'DBParameterGroups[].DBParameterGroupArn'],
  ['identity/pool', 'cognito-idp list-user-pools --max-results 60', 'UserPools[].Id'],
  ['content/bucket', 's3api list-buckets', 'Buckets[].Name'],
  ['cdn/certificate', 'acm list-certificates --region us-east-1', 'CertificateSummaryList[].CertificateArn'],
  ['cdn/access-control', 'cloudfront list-origin-access-controls', 'OriginAccessControlList.Items[].Id'],
  ['cdn/vpc-origin', 'cloudfront list-vpc-origins', 'VpcOriginList.Items[].Id'],
  ['cdn/distribution', 'cloudfront list-distributions', 'DistributionList.Items[].Id'],
  ['cache/group', 'elasticache describe-replication-groups', 'ReplicationGroups[].ARN'],
  ['cache/users', 'elasticache describe-user-groups', 'UserGroups[].ARN'],
  ['monitoring/dashboard', 'cloudwatch list-dashboards', 'DashboardEntries[].DashboardName'],
  ['monitoring/health-check', 'route53 list-health-checks', 'HealthChecks[].Id'],
  ['notifications/topic-stock', 'sns list-topics', 'Topics[].TopicArn'],
  ['notifications/failed-stock', 'sqs list-queues', 'QueueUrls'],
  ['notifications/image-function-stock', 'lambda list-functions', 'Functions[].FunctionArn'],
  ['compute/group', 'autoscaling describe-auto-scaling-groups', 'AutoScalingGroups[].AutoScalingGroupName'],
];

describeForeign('the AWS CLI on the simulated AWS', noAwsCli, () => {
  let world: VirtualWorld;
  let store: VirtualStore;
  let front: JudgedFront;

  beforeAll(async () => {
    world = new VirtualWorld();
    store = addWholeStore(world);
    await world.settle(store);
    front = await judgedFront({ aws: world.aws });
  }, 60_000);
  afterAll(() => front.close());

  const cli = <T>(...args: readonly string[]): Promise<T> => awsCliOn(front.endpoint)<T>(...args);

  test.each(listings)('lists %s by %s', { timeout: 60_000 }, async (node, command, query) => {
    expect(await cli<string[]>(...command.split(' '), '--query', query)).toContain(world.idOf(store, node));
  });

  test('describes what hangs below a load balancer and in a zone', { timeout: 60_000 }, async () => {
    const balancer = world.idOf(store, 'loadBalancer/internal');
    const ports = ['elbv2', 'describe-listeners', '--load-balancer-arn', balancer, '--query', 'Listeners[].Port'];
    expect(await cli<number[]>(...ports)).toEqual([443]);
    const rules = ['elbv2', 'describe-rules', '--listener-arn', world.idOf(store, 'loadBalancer/internal-https')];
    const arns = await cli<string[]>(...rules, '--query', 'Rules[].RuleArn');
    expect(arns).toContain(world.idOf(store, 'identity/internal-rule-783'));
    const pool = ['--user-pool-id', world.idOf(store, 'identity/pool'), '--query', 'UserPoolClients[].ClientId'];
    const clients = await cli<string[]>('cognito-idp', 'list-user-pool-clients', ...pool);
    expect(clients).toEqual([world.idOf(store, 'identity/client')]);
    const zone = ['route53', 'list-resource-record-sets', '--hosted-zone-id', 'Z0123456789ABCDEFGHIJ'];
    const records = await cli<{ ResourceRecordSets: { Name: string; Type: string }[] }>(...zone);
    const shop = records.ResourceRecordSets.filter(({ Name }) => Name === 'boutique.example.com.');
    expect(shop.map(({ Type }) => Type)).toEqual(['A', 'AAAA']);
  });

  test('makes drift, which the operator heals', { timeout: 60_000 }, async () => {
    const group = world.idOf(store, 'network/sg-data');
    const rule = ['--group-id', group, '--protocol', 'tcp', '--port', '5432', '--cidr', '0.0.0.0/0'];
    await cli('ec2', 'authorize-security-group-ingress', ...rule);
    world.clock.advance(61_000);
    await world.pass(store);
    await world.settle(store);
    const open = world.ledger.exposures().filter(({ what, until }) => what.includes('tcp/5432') && until === undefined);
    expect(open).toEqual([]);
  });
});
