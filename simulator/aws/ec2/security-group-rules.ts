import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs, type TagMap } from '../core/tags.ts';
import { filtered, type Filter, type FilterTable } from './filters.ts';
import { rulesFrom, sameRule, type IpPermission, type Rule } from './permissions.ts';
import { weightOf } from './prefix-lists.ts';
import { groupOf, securityGroups, setRules, type SecurityGroup } from './security-groups.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';

interface RulesInput {
  readonly GroupId?: string;
  readonly IpPermissions?: IpPermission[];
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly SecurityGroupRuleIds?: string[];
  readonly TagSpecifications?: TagSpecification[];
}

const wordOf = (egress: boolean): string => (egress ? 'egress' : 'ingress');

const permissionsIn = (input: RulesInput): readonly IpPermission[] =>
  input.IpPermissions ??
  (input.CidrIp === undefined
    ? []
    : [
        {
          IpProtocol: input.IpProtocol,
          FromPort: input.FromPort,
          ToPort: input.ToPort,
          IpRanges: [{ CidrIp: input.CidrIp }],
        },
      ]);

const authorize =
  (egress: boolean) =>
  (input: RulesInput, request: Request): object => {
    const group = groupOf(request, input.GroupId ?? '');
    const wanted = rulesFrom(permissionsIn(input));
    if (wanted.length === 0)
      throw new AwsError('MissingParameter', 'The request must contain the parameter ipPermissions');
    for (const { source } of wanted) if (source.groupId !== undefined) groupOf(request, source.groupId);
    const same = group.rules.filter((rule) => rule.egress === egress);
    const double = wanted.find((rule) => same.some((known) => sameRule(known, rule)));
    if (double)
      throw new AwsError(
        'InvalidPermission.Duplicate',
        `the specified rule "peer: ${double.source.cidr ?? double.source.groupId ?? double.source.prefixListId}, ${double.protocol}, from port: ${double.fromPort}, to port: ${double.toPort}, ALLOW" already exists`,
      );
    request.withinQuota(
      'Inbound or outbound rules per security group',
      60,
      [...same, ...wanted].reduce((sum, { source }) => sum + weightOf(request.region, source.prefixListId), -1),
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
    const tags = tagsAtBirth(input.TagSpecifications, 'security-group-rule');
    const added = wanted.map((rule): Rule => ({ ...rule, id: request.id('sgr'), egress, tags }));
    setRules(request, group, [...group.rules, ...added]);
    return { Return: true, SecurityGroupRules: added.map((rule) => told(rule, group, request)) };
  };

const revoke =
  (egress: boolean) =>
  (input: RulesInput, request: Request): object => {
    const group = groupOf(request, input.GroupId ?? '');
    const wanted = rulesFrom(permissionsIn(input));
    const ids = input.SecurityGroupRuleIds ?? [];
    const goes = (rule: Rule): boolean =>
      rule.egress === egress && (ids.includes(rule.id) || wanted.some((one) => sameRule(one, rule)));
    const lost = wanted.find((one) => !group.rules.some((rule) => rule.egress === egress && sameRule(one, rule)));
    if (lost)
      throw new AwsError(
        'InvalidPermission.NotFound',
        `The specified rule does not exist in this security group (${wordOf(egress)}).`,
      );
    const lostId = ids.find((id) => !group.rules.some((rule) => rule.id === id));
    if (lostId !== undefined)
      throw new AwsError(
        'InvalidSecurityGroupRuleId.NotFound',
        `The security group rule ID '${lostId}' does not exist`,
      );
    setRules(
      request,
      group,
      group.rules.filter((rule) => !goes(rule)),
    );
    return { Return: true };
  };

const describe =
  (egress: boolean) =>
  (input: RulesInput, request: Request): object => {
    const group = groupOf(request, input.GroupId ?? '');
    const wanted = rulesFrom(permissionsIn(input));
    const rules = group.rules.map((rule) => {
      const change = wanted.find((one) => rule.egress === egress && sameRule(one, rule));
      return change ? { ...rule, description: change.description } : rule;
    });
    setRules(request, group, rules);
    return { Return: true };
  };

type ListedRule = Rule & { readonly group: SecurityGroup; readonly tags: TagMap };

const filters: FilterTable<ListedRule> = {
  'group-id': ({ group }) => [group.id],
  'security-group-rule-id': ({ id }) => [id],
};

const told = (rule: Rule, group: SecurityGroup, request: Request) => ({
  SecurityGroupRuleId: rule.id,
  SecurityGroupRuleArn: request.arn(`security-group-rule/${rule.id}`),
  GroupId: group.id,
  GroupOwnerId: request.account,
  IsEgress: rule.egress,
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort ?? -1,
  ToPort: rule.toPort ?? -1,
  Description: rule.description,
  CidrIpv4: rule.source.cidr,
  CidrIpv6: rule.source.cidr6,
  PrefixListId: rule.source.prefixListId,
  ...(rule.source.groupId === undefined
    ? {}
    : { ReferencedGroupInfo: { GroupId: rule.source.groupId, UserId: request.account } }),
  Tags: toTagPairs(rule.tags),
});

interface ModifyRules {
  readonly GroupId: string;
  readonly SecurityGroupRules: readonly {
    readonly SecurityGroupRuleId?: string;
    readonly SecurityGroupRule?: {
      readonly IpProtocol?: string;
      readonly FromPort?: number;
      readonly ToPort?: number;
      readonly CidrIpv4?: string;
      readonly CidrIpv6?: string;
      readonly PrefixListId?: string;
      readonly ReferencedGroupId?: string;
      readonly Description?: string;
    };
  }[];
}

function modify(input: ModifyRules, request: Request): object {
  const group = groupOf(request, input.GroupId);
  const rules = group.rules.map((rule) => {
    const change = input.SecurityGroupRules.find(
      ({ SecurityGroupRuleId }) => SecurityGroupRuleId === rule.id,
    )?.SecurityGroupRule;
    if (!change) return rule;
    const {
      IpProtocol = '-1',
      FromPort,
      ToPort,
      CidrIpv4,
      CidrIpv6,
      PrefixListId,
      ReferencedGroupId,
      Description,
    } = change;
    const source = { cidr: CidrIpv4, cidr6: CidrIpv6, prefixListId: PrefixListId, groupId: ReferencedGroupId };
    const ports =
      IpProtocol === '-1' ? { fromPort: undefined, toPort: undefined } : { fromPort: FromPort, toPort: ToPort };
    return { ...rule, protocol: IpProtocol, ...ports, source, description: Description };
  });
  setRules(request, group, rules);
  return { Return: true };
}

export const securityGroupRuleOperations: Operations = {
  AuthorizeSecurityGroupIngress: authorize(false),
  AuthorizeSecurityGroupEgress: authorize(true),
  RevokeSecurityGroupIngress: revoke(false),
  RevokeSecurityGroupEgress: revoke(true),
  UpdateSecurityGroupRuleDescriptionsIngress: describe(false),
  UpdateSecurityGroupRuleDescriptionsEgress: describe(true),
  ModifySecurityGroupRules: modify,
  DescribeSecurityGroupRules: (
    input: { SecurityGroupRuleIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const all = request
      .listed(securityGroups)
      .flatMap((group) => group.rules.map((rule): ListedRule => ({ ...rule, group })));
    const named = all.filter(({ id }) => input.SecurityGroupRuleIds?.includes(id) ?? true);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(named, input.Filters, filters), page);
    return { SecurityGroupRules: items.map((rule) => told(rule, rule.group, request)), NextToken: next };
  },
};
