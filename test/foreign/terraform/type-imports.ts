import { homeRegion } from '../../../simulator/account.ts';
import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';
import { toldOf, type Addresses } from './imports.ts';

interface Node {
  readonly node: string;
  readonly type: string;
  readonly id: string;
}

type Place = (world: VirtualWorld, store: VirtualStore, node: Node) => Addresses | Promise<Addresses>;

/** `orders` of an ARN or a URL that ends with it. */
export const endOf = (name: string): string => name.split(/[/:]/).at(-1) ?? '';

const ofMessages = ({ node }: Node): boolean => node.startsWith('notifications/');

/** `orders` of `notifications/topic-orders`. */
const whatOf = ({ node }: Node): string => node.replace(/^notifications\/(image-)?[^-]+(-group)?-/, '');

/** The module in which the alarms of a region are. */
const alarmsOf = (region: string): string => (region === homeRegion ? 'module.alarms' : 'module.edge_alarms');
const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** What is told by a resource's type of where it stands, and which further resources of Terraform's it is. */
const places: Readonly<Record<string, Place>> = {
  'ec2/vpc': defaultGroup,
  'iam/role': async (world, store, own) => {
    const role = toldOf(world, store).out(own.node, 'roleName');
    return {
      ...(ofMessages(own) ? { [`aws_iam_role.function["${whatOf(own)}"]`]: role } : {}),
      ...(await policies(world, own, role)),
    };
  },
  'secretsmanager/secret': version,
  'ssm/parameter': (_world, { owner }, { id }) => ({
    [`aws_ssm_parameter.this["${id.replace(`/ecom/${owner.namespace}/${owner.name}/`, '')}"]`]: id,
  }),
  'logs/group': (_world, _store, own): Addresses =>
    ofMessages(own) ? { [`aws_cloudwatch_log_group.function["${whatOf(own)}"]`]: own.id } : {},
  'sqs/queue': (_world, _store, own) => ({
    [`aws_sqs_queue.failed["${whatOf(own)}"]`]: own.id,
    [`aws_sqs_queue_policy.failed["${whatOf(own)}"]`]: own.id,
  }),
  'sns/topic': (_world, _store, own): Addresses =>
    ofMessages(own) ? { [`aws_sns_topic.this["${whatOf(own)}"]`]: own.id } : {},
  'sns/subscription': subscription,
  'lambda/function': async (world, _store, own) => ({
    [`aws_lambda_function.this["${whatOf(own)}"]`]: endOf(own.id),
    [`aws_lambda_permission.topic["${whatOf(own)}"]`]: `${endOf(own.id)}/${await permissionOf(world, own.id)}`,
  }),
  'cloudwatch/alarm': (world, store, { node, id }) => {
    const alarms = alarmsOf(regionOf(toldOf(world, store).out(node, 'arn')));
    return { [`${alarms}.aws_cloudwatch_metric_alarm.this["${node.replace('monitoring/alarm-', '')}"]`]: id };
  },
};

/** What its type alone tells of a node. */
export const importOfType = (world: VirtualWorld, store: VirtualStore, own: Node): Addresses | Promise<Addresses> =>
  places[own.type]?.(world, store, own) ?? {};

/** AWS makes one with every VPC, and the operator empties it. */
async function defaultGroup(world: VirtualWorld, _store: VirtualStore, { id: vpcId }: Node): Promise<Addresses> {
  const { SecurityGroups } = await world.other<{ SecurityGroups: { GroupId: string; GroupName: string }[] }>(
    'ec2',
    'DescribeSecurityGroups',
    { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] },
  );
  const id = SecurityGroups.find(({ GroupName }) => GroupName === 'default')?.GroupId ?? '';
  return { 'aws_default_security_group.this': id };
}

/** Those of the instances are one resource with a key each; of the functions' each is a resource with a key a function. */
async function policies(world: VirtualWorld, own: Node, RoleName: string): Promise<Addresses> {
  const { PolicyNames } = await world.other<{ PolicyNames: string[] }>('iam', 'ListRolePolicies', { RoleName });
  const address = (name: string): string => {
    if (ofMessages(own)) return `function_${name === 'own-logs' ? 'logs' : 'failed'}["${whatOf(own)}"]`;
    return own.node === 'compute/role' ? `app["${name}"]` : 'flow';
  };
  return Object.fromEntries(PolicyNames.map((name) => [`aws_iam_role_policy.${address(name)}`, `${RoleName}:${name}`]));
}

/** The value of a secret has an id of its own. */
async function version(world: VirtualWorld, _store: VirtualStore, { id: SecretId }: Node): Promise<Addresses> {
  const { VersionId } = await world.other<{ VersionId: string }>('secretsmanager', 'GetSecretValue', { SecretId });
  return { 'aws_secretsmanager_secret_version.database': `${SecretId}|${VersionId}` };
}

/** No list tells the ARN of one that nobody has confirmed; who subscribes again is told it. */
async function subscription(world: VirtualWorld, _store: VirtualStore, { node, id }: Node): Promise<Addresses> {
  const [TopicArn = '', Protocol = '', Endpoint = ''] = id.split(' ');
  const region = regionOf(TopicArn);
  const [, topic] = /^notifications\/subscription-(.+)-[0-9a-f]{8}$/.exec(node) ?? [];
  const address =
    topic === undefined
      ? `${alarmsOf(region)}.aws_sns_topic_subscription.this["${Endpoint}"]`
      : `aws_sns_topic_subscription.this["${topic}/${Protocol}"]`;
  const input = { TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true };
  const call = { service: 'sns', operation: 'Subscribe', input, region, principal: 'somebody' };
  const { SubscriptionArn } = (await world.aws.handle(call)) as { SubscriptionArn: string };
  return { [address]: SubscriptionArn };
}

/** The id of the one statement that lets somebody call a function. */
export async function permissionOf(world: VirtualWorld, FunctionName: string): Promise<string> {
  const { Policy } = await world.other<{ Policy: string }>('lambda', 'GetPolicy', { FunctionName });
  const { Statement } = JSON.parse(Policy) as { Statement: readonly { readonly Sid: string }[] };
  return Statement.map(({ Sid }) => Sid).join();
}
