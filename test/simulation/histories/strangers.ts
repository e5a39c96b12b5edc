import type { Random } from '../../../simulator/random.ts';
import { tagKeys } from '../../../operator/model/identity.ts';
import { homeRegion } from '../../../simulator/account.ts';
import type { LedgerEntry } from '../../../simulator/ledger.ts';
import type { Status } from '../../../operator/store/status.ts';
import type { StoreHandle, VirtualOperator } from '../../support/virtual-operator.ts';
import type { History } from './history.ts';
import type { Kept } from './users.ts';

/** One call that somebody makes in the console, who is not the operator. */
interface ConsoleCall {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

/** What may be done to a resource of a store, by its node: what is deleted here comes back, what is set is set back. */
const deeds: readonly { readonly node: string; readonly call: (entry: LedgerEntry) => ConsoleCall }[] = [
  { node: 'network/sg-app', call: ({ id }) => opened(id, 22) },
  { node: 'network/sg-alb', call: ({ id }) => opened(id, 8443) },
  { node: 'network/sg-app', call: ({ id }) => ec2('DeleteTags', { Resources: [id], Tags: [{ Key: 'Name' }] }) },
  { node: 'compute/parameter-host', call: ({ id }) => ssm('DeleteParameter', { Name: id }) },
  {
    node: 'compute/parameter-host',
    call: ({ id }) => ssm('PutParameter', { Name: id, Value: 'not.example.com', Overwrite: true }),
  },
  { node: 'loadBalancer/http', call: ({ id }) => elb('DeleteListener', { ListenerArn: id }) },
  {
    node: 'loadBalancer/balancer',
    call: ({ id }) =>
      elb('ModifyLoadBalancerAttributes', {
        LoadBalancerArn: id,
        Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '999' }],
      }),
  },
  {
    node: 'compute/group',
    call: ({ id }) => autoscaling('UpdateAutoScalingGroup', { AutoScalingGroupName: nameOf(id), MaxSize: 20 }),
  },
  {
    node: 'compute/group',
    call: ({ id }) => autoscaling('DeleteAutoScalingGroup', { AutoScalingGroupName: nameOf(id), ForceDelete: true }),
  },
  {
    node: 'compute/log-group',
    call: ({ id }) => ({
      service: 'logs',
      operation: 'PutRetentionPolicy',
      input: { logGroupName: id, retentionInDays: 7 },
    }),
  },
];

const ec2 = (operation: string, input: object): ConsoleCall => ({ service: 'ec2', operation, input });
const ssm = (operation: string, input: object): ConsoleCall => ({ service: 'ssm', operation, input });
const elb = (operation: string, input: object): ConsoleCall => ({ service: 'elbv2', operation, input });
const autoscaling = (operation: string, input: object): ConsoleCall => ({ service: 'autoscaling', operation, input });
const nameOf = (id: string): string => id.split('/').at(-1) as string;
const opened = (GroupId: string, port: number): ConsoleCall =>
  ec2('AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });

/** What a stranger did. */
export interface Meddling {
  readonly at: number;
  readonly said: string;
  /** The port that is open to the world from then on, as the ledger tells it. */
  readonly opens: string | undefined;
}

const portOf = ({ input }: ConsoleCall): string | undefined => {
  const [permission] = (input as { IpPermissions?: readonly { FromPort: number }[] }).IpPermissions ?? [];
  return permission && `tcp/${permission.FromPort}`;
};

/** Does one of them to a store that lives; answers what came of it, or undefined when there was nothing to do it to. */
export async function meddle(
  world: VirtualOperator,
  stores: readonly StoreHandle[],
  random: Random,
): Promise<Meddling | undefined> {
  const uids = new Set(stores.map(({ uid }) => uid));
  const targets = world.ledger.existing().filter(({ tags }) => uids.has(tags[tagKeys.uid] ?? ''));
  const fitting = deeds.flatMap((deed) =>
    targets.filter(({ tags }) => tags[tagKeys.node] === deed.node).map((entry) => deed.call(entry)),
  );
  const call = fitting[random.below(fitting.length)];
  if (!call) return undefined;
  const said = `${call.service}:${call.operation} ${JSON.stringify(call.input)}`;
  const at = world.timers.now();
  return world.other(call.service, call.operation, call.input).then(
    () => ({ at, said, opens: portOf(call) }),
    (error: Error) => ({ at, said: `${said}: ${error.name}`, opens: portOf(call) }),
  );
}

/**
 * Somebody takes the owner tags from a resource, and puts them back after a while. Meanwhile it is nobody's of ours: it
 * stays as it is, and there is no second one.
 */
export async function stripTags(history: History): Promise<void> {
  const { world, random, stores } = history;
  // Without tags, what no status remembers is nobody's: its second one could not be helped.
  const remembered = new Set(
    stores.flatMap(({ handle }) => {
      const { resources = [] } = (handle && (world.object(handle)?.status as Status | undefined)) ?? {};
      return resources.map(({ id }) => id);
    }),
  );
  const targets = world.ledger
    .existing({ region: homeRegion })
    .filter(({ id, type }) => type.startsWith('ec2/') && type !== 'ec2/instance' && remembered.has(id));
  const target = targets[random.below(targets.length)];
  if (!target) return history.tell('there was nothing to take tags from');
  const tags = Object.entries(target.tags).map(([Key, Value]) => ({ Key, Value }));
  for (const operation of ['DeleteTags', 'CreateTags']) {
    // Whoever is throttled tries again: tags that were not put back would be missing for ever.
    for (let tries = 0; tries < 100; tries++) {
      const outcome = await world.other('ec2', operation, { Resources: [target.id], Tags: tags }).then(
        () => undefined,
        (error: Error) => error.name,
      );
      const said = `${operation} of ${target.type} ${target.id}${outcome === undefined ? '' : `: ${outcome}`}`;
      history.tell(said);
      // Whatever it answered, it may have taken effect.
      history.meddlings.push({ at: history.now, said, opens: undefined });
      if (outcome === undefined || outcome.endsWith('NotFound')) break;
      await history.pass(10_000);
    }
    if (operation === 'DeleteTags') await history.pass((1 + random.below(10)) * 60_000);
  }
}

/** Look-alikes of a store's: what carries its names, or nearly its tags, and is nobody's of ours. */
export async function putDecoys(world: VirtualOperator, { namespace, name }: Kept): Promise<void> {
  const path = `/ecom/${namespace}/${name}X`;
  const tags = (more: object): { Key: string; Value: string }[] =>
    Object.entries({
      Name: `${name}/network/vpc`,
      [tagKeys.store]: `${namespace}/${name}`,
      [tagKeys.node]: 'network/vpc',
      ...more,
    }).map(([Key, Value]) => ({ Key, Value: String(Value) }));
  const ofAnother = tags({ [tagKeys.installation]: 'another', [tagKeys.uid]: '00000000-0000-4000-8000-00000000dead' });
  const withoutUid = tags({ [tagKeys.installation]: 'default' });
  const specification = (ResourceType: string, Tags: object[]): object[] => [{ ResourceType, Tags }];
  const { Vpc } = await world.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', {
    CidrBlock: '10.0.0.0/16',
    TagSpecifications: specification('vpc', ofAnother),
  });
  await world.other('ec2', 'CreateSecurityGroup', {
    ...{ GroupName: `${name}-sg-app`, Description: 'a look-alike', VpcId: Vpc.VpcId },
    TagSpecifications: specification('security-group', withoutUid),
  });
  await world.other('ec2', 'AllocateAddress', {
    Domain: 'vpc',
    TagSpecifications: specification('elastic-ip', withoutUid),
  });
  await world.other('ec2', 'CreateInternetGateway', {
    TagSpecifications: specification('internet-gateway', ofAnother),
  });
  await world.other('ssm', 'PutParameter', {
    Name: `${path}/host`,
    Type: 'String',
    Value: 'mine',
    Tags: withoutUid,
  });
  await world.other('logs', 'CreateLogGroup', {
    logGroupName: `${path}/app`,
    tags: { [tagKeys.store]: `${namespace}/${name}` },
  });
  const ResourceRecordSet = { Name: 'www2.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
  await world.other('route53', 'ChangeResourceRecordSets', {
    HostedZoneId: 'Z0123456789ABCDEFGHIJ',
    ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
  });
}
