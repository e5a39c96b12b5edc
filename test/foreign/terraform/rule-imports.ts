import { wayIn } from '../../../operator/store/site.ts';
import type { VirtualStore, VirtualWorld } from '../../support/virtual-world.ts';

interface Rule {
  readonly SecurityGroupRuleId: string;
  readonly GroupId: string;
  readonly IsEgress: boolean;
  readonly FromPort: number;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
  readonly PrefixListId?: string;
}

const ofBalancer = ({ IsEgress, FromPort, CidrIpv4, CidrIpv6, PrefixListId }: Rule): string => {
  if (IsEgress) return CidrIpv4 === undefined ? egress('alb') : egress('sign_in');
  if (PrefixListId !== undefined) return ingress('edge');
  return ingress(`world["${FromPort === 443 ? 'https' : 'http'}${CidrIpv6 === undefined ? 4 : 6}"]`);
};

/** Where a rule stands in the module, by its group's node. */
const placesOf = (store: VirtualStore): Readonly<Record<string, (rule: Rule) => string>> => ({
  [wayIn(store.spec).group]: ofBalancer,
  'network/sg-app': ({ IsEgress }) => (IsEgress ? egress('app') : ingress('app')),
  'network/sg-data': ({ FromPort }) => ingress(`data["${FromPort}"]`),
});

const ingress = (name: string): string => `aws_vpc_security_group_ingress_rule.${name}`;
const egress = (name: string): string => `aws_vpc_security_group_egress_rule.${name}`;

/** AWS gives every rule an id of its own, which the operator has no use for: Terraform has a resource for each. */
export async function importsOfRules(
  world: VirtualWorld,
  store: VirtualStore,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const answer = await world.other<{ SecurityGroupRules: Rule[] }>('ec2', 'DescribeSecurityGroupRules', {});
  return new Map(
    Object.entries(placesOf(store)).map(([node, place]) => {
      const own = answer.SecurityGroupRules.filter(({ GroupId }) => GroupId === world.idOf(store, node));
      const addresses = new Map(own.map((rule) => [place(rule), rule.SecurityGroupRuleId]));
      if (addresses.size < own.length) throw new Error(`two rules of ${node} have one place`);
      return [node, Object.fromEntries(addresses)];
    }),
  );
}
