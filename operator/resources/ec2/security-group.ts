import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** Who may talk to whom. Rules name neighbouring groups, so nothing else gets in wherever it runs. */
export interface SecurityGroupProps {
  readonly vpcId: string;
  readonly description: string;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

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

export interface SecurityGroupOutputs {
  readonly groupId: string;
}

type GroupFound = Found<SecurityGroupProps, SecurityGroupOutputs>;
type Direction = 'ingress' | 'egress';

export const securityGroup: ResourceType<SecurityGroupProps, SecurityGroupOutputs> = {
  name: 'ec2/security-group',
  fields: {
    vpcId: 'fixed',
    description: 'fixed',
    // Late: groups name each other, so all of them are made before any rule can be.
    ingress: { mode: 'live', equal: sameRules, late: true },
    egress: { mode: 'live', equal: sameRules, late: true },
  },
  needs: ['ec2/vpc'],
  replace: 'refuse', // Load balancer and interfaces hold it; a new description is not worth that.
  once: 'name',
  key: ({ vpcId }, name) => `${vpcId}/${name}`,
  beat: 'exposure',
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) =>
      aws.ec2('DescribeSecurityGroups', { Filters: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) yield (page.SecurityGroups ?? []).map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeSecurityGroups', { GroupIds: [id] }));
    return (answer?.SecurityGroups ?? []).length > 0;
  },

  async create(aws, props, birth) {
    const { GroupId: id = '' } = await aws.ec2('CreateSecurityGroup', {
      VpcId: props.vpcId,
      GroupName: birth.name,
      Description: props.description,
      TagSpecifications: tagSpecification('security-group', birth.tags),
    });
    return {
      id,
      key: `${props.vpcId}/${birth.name}`,
      owner: birth.owner,
      state: { is: 'ready' },
      // "When you create a security group, it has no inbound rules and one outbound rule that allows all traffic."
      // https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
      props: { vpcId: props.vpcId, description: props.description, ingress: [], egress: [everythingOut] },
      outputs: { groupId: id },
    };
  },

  async update(aws, found, props, fields) {
    for (const direction of ['ingress', 'egress'] as const)
      if (fields.has(direction)) await changeRules(aws, found, direction, props[direction]);
  },

  async delete(aws, found) {
    // Groups that name each other could not be deleted one after the other.
    for (const direction of ['ingress', 'egress'] as const) await changeRules(aws, found, direction, []);
    await orAbsent(aws.ec2('DeleteSecurityGroup', { GroupId: found.id }));
  },
};

const everythingOut: Rule = { protocol: '-1', fromPort: -1, toPort: -1, cidr: '0.0.0.0/0' };

/** Adds before it revokes: traffic that is wanted is never cut off in between. */
async function changeRules(aws: Aws, found: GroupFound, direction: Direction, wanted: readonly Rule[]): Promise<void> {
  const has = found.props[direction] ?? [];
  const lacking = (list: readonly Rule[], other: readonly Rule[]) =>
    list.filter((rule) => !other.some((one) => peer(one) === peer(rule)));
  const [added, removed] = [lacking(wanted, has), lacking(has, wanted)];
  const GroupId = found.id;
  if (added.length > 0) {
    const input = { GroupId, IpPermissions: added.map(asPermission) };
    await (direction === 'ingress'
      ? aws.ec2('AuthorizeSecurityGroupIngress', input)
      : aws.ec2('AuthorizeSecurityGroupEgress', input));
  }
  if (removed.length > 0) {
    const input = { GroupId, IpPermissions: removed.map(asPermission) };
    await orAbsent<unknown>(
      direction === 'ingress'
        ? aws.ec2('RevokeSecurityGroupIngress', input)
        : aws.ec2('RevokeSecurityGroupEgress', input),
    );
  }
}

/** What makes a rule the rule it is; its description does not. */
const peer = (rule: Rule): string =>
  [rule.protocol, rule.fromPort, rule.toPort, rule.cidr ?? rule.cidr6 ?? rule.groupId ?? rule.prefixListId].join(' ');

function sameRules(wanted: readonly Rule[], found: readonly Rule[]): boolean {
  return sameMembers(wanted.map(peer), found.map(peer));
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
function fromPermission(permission: IpPermission): Rule[] {
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

function told(found: SecurityGroup): GroupFound {
  const { GroupId: id = '', VpcId: vpcId = '' } = found;
  return {
    id,
    key: `${vpcId}/${found.GroupName}`,
    owner: ownerOf(found.Tags),
    state: { is: 'ready' },
    props: {
      vpcId,
      description: found.Description,
      ingress: (found.IpPermissions ?? []).flatMap(fromPermission),
      egress: (found.IpPermissionsEgress ?? []).flatMap(fromPermission),
    },
    outputs: { groupId: id },
  };
}
