import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { sparing } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { tagKeys } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { changeRules, fromPermission, samePeer, sameRules, type Rule } from './security-group-rules.ts';
import { ownedBy, ownerOf, retagResource, tagSpecification } from './tags.ts';

/** Who may talk to whom. Rules name neighbouring groups, so nothing else gets in wherever it runs. */
export interface SecurityGroupProps {
  readonly vpcId: string;
  readonly description: string;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

export interface SecurityGroupOutputs {
  readonly groupId: string;
}

type GroupFound = Found<SecurityGroupProps, SecurityGroupOutputs>;

export const securityGroup: ResourceType<SecurityGroupProps, SecurityGroupOutputs> = {
  name: 'ec2/security-group',
  fields: {
    vpcId: 'fixed',
    description: 'seed', // For people: nothing is replaced for its sake.
    // Late: groups name each other, so all of them are made before any rule can be.
    ingress: { mode: 'live', equal: sameRules, late: true, spare: sparing(samePeer) },
    egress: { mode: 'live', equal: sameRules, late: true, spare: sparing(samePeer) },
  },
  needs: ['ec2/vpc'],
  replace: 'refuse', // Load balancer and interfaces hold it; a new description is not worth that.
  once: 'name',
  endedBy: 'DeleteSecurityGroup',
  keepsOut: true, // Without it, what was given an open group instead cannot be given this one back.
  key: ({ vpcId }, name) => `${vpcId}/${name}`,
  beat: 'exposure',
  scope: 'regional',
  // Groups name their neighbours, but for that of a load balancer which faces the internet: it may still be asked.
  closed: ({ props: { ingress = [] } }) => ({
    ingress: ingress.filter((rule) => !hasAddress(rule) || isOfFront(rule)),
  }),

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
      if (fields.has(direction))
        await changeRules(aws, found.id, direction, found.props[direction] ?? [], props[direction]);
  },

  async delete(aws, found) {
    // Groups that name each other could not be deleted one after the other.
    for (const direction of ['ingress', 'egress'] as const)
      await changeRules(aws, found.id, direction, found.props[direction] ?? [], []);
    // So could one that a group of the same store names that stays, as that of a database which is kept.
    for (const { id, props } of await othersNaming(aws, found)) {
      const rules = props.ingress ?? [];
      await changeRules(
        aws,
        id,
        'ingress',
        rules,
        rules.filter(({ groupId }) => groupId !== found.id),
      );
    }
    await orAbsent(aws.ec2('DeleteSecurityGroup', { GroupId: found.id }));
  },

  retag: (aws, { id }, tags) => retagResource(aws, id, tags),
};

const hasAddress = ({ cidr, cidr6 }: Rule): boolean => cidr !== undefined || cidr6 !== undefined;
const isOfFront = ({ protocol, fromPort, toPort }: Rule): boolean =>
  protocol === 'tcp' && fromPort === toPort && [80, 443].includes(fromPort);

/** The store's other groups whose rules let this one in. */
async function othersNaming(aws: Aws, { id, owner }: GroupFound): Promise<GroupFound[]> {
  if (!owner) return [];
  const Filters = [
    ...ownedBy(owner.installation),
    { Name: `tag:${tagKeys.uid}`, Values: [owner.uid] },
    { Name: 'ip-permission.group-id', Values: [id] },
  ];
  const groups: GroupFound[] = [];
  const read = (NextToken?: string) => aws.ec2('DescribeSecurityGroups', { Filters, NextToken });
  for await (const page of pages(read, (answer) => answer.NextToken))
    groups.push(...(page.SecurityGroups ?? []).map(told));
  return groups.filter((one) => one.id !== id);
}

const everythingOut: Rule = { protocol: '-1', fromPort: -1, toPort: -1, cidr: '0.0.0.0/0' };

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
