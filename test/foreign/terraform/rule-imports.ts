import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';

interface Rule {
  readonly SecurityGroupRuleId: string;
  readonly GroupId: string;
  readonly IsEgress: boolean;
  readonly FromPort: number;
  readonly CidrIpv6?: string;
}

/** By the web tier's key, the rules that are open to the world. */
const worldRules: Readonly<Record<string, readonly [port: number, v6: boolean]>> = {
  https4: [443, false],
  https6: [443, true],
  http4: [80, false],
  http6: [80, true],
};

/** AWS gives every rule an id of its own, which the operator has no use for: Terraform has a resource for each. */
export async function importsOfRules(
  world: VirtualWorld,
  store: VirtualStore,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const answer = await world.other<{ SecurityGroupRules: Rule[] }>('ec2', 'DescribeSecurityGroupRules', {});
  const rule = (node: string, fits: (rule: Rule) => boolean): string => {
    const group = world.idOf(store, node);
    const [found, ...more] = answer.SecurityGroupRules.filter((one) => one.GroupId === group && fits(one));
    if (!found || more.length > 0) throw new Error(`${node} has ${more.length + (found ? 1 : 0)} such rules`);
    return found.SecurityGroupRuleId;
  };
  const [ingress, egress] = ['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule'];
  const fromWorld = Object.entries(worldRules).map(([key, [port, v6]]) => [
    `${ingress}.world["${key}"]`,
    rule('network/sg-alb', (one) => !one.IsEgress && one.FromPort === port && (one.CidrIpv6 !== undefined) === v6),
  ]);
  const data = [5432, 3306, 6379, 11211].map((port) => [
    `${ingress}.data["${port}"]`,
    rule('network/sg-data', ({ FromPort }) => FromPort === port),
  ]);
  return new Map([
    [
      'network/sg-alb',
      {
        ...(Object.fromEntries(fromWorld) as Record<string, string>),
        [`${egress}.alb`]: rule('network/sg-alb', ({ IsEgress }) => IsEgress),
      },
    ],
    [
      'network/sg-app',
      {
        [`${ingress}.app`]: rule('network/sg-app', ({ IsEgress }) => !IsEgress),
        [`${egress}.app`]: rule('network/sg-app', ({ IsEgress }) => IsEgress),
      },
    ],
    ['network/sg-data', Object.fromEntries(data) as Record<string, string>],
  ]);
}
