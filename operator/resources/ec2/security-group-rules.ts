import type { IpPermission } from '@aws-sdk/client-ec2';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';

/** One rule with one peer. */
export interface Rule {
  /** `tcp`, `udp`, or `-1` for everything. */
  readonly protocol: string;
  /** -1 where the protocol has no ports. */
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly groupId?: string;
  readonly prefixListId?: string;
  readonly description?: string;
}

type Direction = 'ingress' | 'egress';

/** Adds before it revokes: traffic that is wanted is never cut off in between. */
export async function changeRules(
  aws: Aws,
  GroupId: string,
  direction: Direction,
  has: readonly Rule[],
  wanted: readonly Rule[],
): Promise<void> {
  const lacking = (list: readonly Rule[], other: readonly Rule[]) =>
    list.filter((rule) => !other.some((one) => peer(one) === peer(rule)));
  const change = async (call: RuleCall, rules: readonly Rule[]): Promise<void> => {
    if (rules.length === 0) return;
    await calls[direction][call](aws, { GroupId, IpPermissions: rules.map(asPermission) });
  };
  const reworded = wanted.filter((rule) =>
    has.some((one) => peer(one) === peer(rule) && one.description !== rule.description),
  );
  await change('authorize', lacking(wanted, has));
  await change('describe', reworded);
  await change('revoke', lacking(has, wanted));
}

type RuleCall = 'authorize' | 'describe' | 'revoke';
type RuleInput = { readonly GroupId: string; readonly IpPermissions: IpPermission[] };

const calls: Readonly<Record<Direction, Readonly<Record<RuleCall, (aws: Aws, input: RuleInput) => Promise<unknown>>>>> =
  {
    ingress: {
      authorize: (aws, input) => aws.ec2('AuthorizeSecurityGroupIngress', input),
      describe: (aws, input) => aws.ec2('UpdateSecurityGroupRuleDescriptionsIngress', input),
      revoke: (aws, input) => orAbsent<unknown>(aws.ec2('RevokeSecurityGroupIngress', input)),
    },
    egress: {
      authorize: (aws, input) => aws.ec2('AuthorizeSecurityGroupEgress', input),
      describe: (aws, input) => aws.ec2('UpdateSecurityGroupRuleDescriptionsEgress', input),
      revoke: (aws, input) => orAbsent<unknown>(aws.ec2('RevokeSecurityGroupEgress', input)),
    },
  };

/** What makes a rule the rule it is; its description can be changed. */
const peer = (rule: Rule): string =>
  [rule.protocol, rule.fromPort, rule.toPort, rule.cidr ?? rule.cidr6 ?? rule.groupId ?? rule.prefixListId].join(' ');

/** Whether two rules let the same peer in, whatever they say of it. */
export const samePeer = (a: Rule, b: Rule): boolean => peer(a) === peer(b);

/** A group is born with a rule that says nothing of what it is for: it is a difference when it is wanted with words. */
export function sameRules(wanted: readonly Rule[], found: readonly Rule[]): boolean {
  const told = (rule: Rule): string => `${peer(rule)} ${rule.description ?? ''}`;
  return sameMembers(wanted.map(told), found.map(told));
}

function asPermission(rule: Rule): IpPermission {
  const { protocol, fromPort, toPort, cidr, cidr6, groupId, prefixListId, description: Description } = rule;
  return {
    IpProtocol: protocol,
    ...(protocol === '-1' ? {} : { FromPort: fromPort, ToPort: toPort }),
    ...(cidr === undefined ? {} : { IpRanges: [{ CidrIp: cidr, Description }] }),
    ...(cidr6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: cidr6, Description }] }),
    ...(groupId === undefined ? {} : { UserIdGroupPairs: [{ GroupId: groupId, Description }] }),
    ...(prefixListId === undefined ? {} : { PrefixListIds: [{ PrefixListId: prefixListId, Description }] }),
  };
}

/** A permission holds all peers of one protocol and range of ports; here each is a rule of its own. */
export function fromPermission(permission: IpPermission): Rule[] {
  const { IpProtocol: protocol = '-1', FromPort: fromPort = -1, ToPort: toPort = -1 } = permission;
  const rule = (from: Partial<Rule>): Rule => ({ protocol, fromPort, toPort, ...from });
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp: cidr, Description: description }) => rule({ cidr, description })),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6: cidr6, Description: description }) =>
      rule({ cidr6, description }),
    ),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId: groupId, Description: description }) =>
      rule({ groupId, description }),
    ),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId: prefixListId, Description: description }) =>
      rule({ prefixListId, description }),
    ),
  ].sort((a, b) => (peer(a) < peer(b) ? -1 : 1));
}
