import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { whenGone } from './dependants.ts';
import { filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { subnets } from './subnets.ts';

interface NetworkAcl extends Tagged {
  readonly vpcId: string;
}

/** A VPC's default network ACL: AWS makes it with the VPC, and it goes with it. */
export const networkAcls = kind<NetworkAcl>('network-acl', { exists: () => false });

export function makeDefaultNetworkAcl(request: Request, vpcId: string): void {
  const id = request.id('acl');
  request.in(networkAcls).put(id, { id, tags: {}, vpcId });
}

whenGone((request, ground, id) => {
  if (ground !== 'vpc') return;
  for (const acl of request.in(networkAcls).all()) if (acl.vpcId === id) request.in(networkAcls).remove(acl.id);
});

const filters: FilterTable<NetworkAcl> = {
  'network-acl-id': ({ id }) => [id],
  'vpc-id': ({ vpcId }) => [vpcId],
  default: () => ['true'],
};

const entry = (RuleNumber: number, RuleAction: string, Egress: boolean) => ({
  RuleNumber,
  RuleAction,
  Egress,
  Protocol: '-1',
  CidrBlock: '0.0.0.0/0',
});

const told = (acl: NetworkAcl, request: Request) => ({
  NetworkAclId: acl.id,
  VpcId: acl.vpcId,
  IsDefault: true,
  OwnerId: request.account,
  Entries: [true, false].flatMap((egress) => [entry(100, 'allow', egress), entry(32767, 'deny', egress)]),
  Associations: request
    .in(subnets)
    .all()
    .filter(({ vpcId }) => vpcId === acl.vpcId)
    .map(({ id }) => ({
      NetworkAclAssociationId: `aclassoc-${id.slice('subnet-'.length)}`,
      NetworkAclId: acl.id,
      SubnetId: id,
    })),
  Tags: toTagPairs(acl.tags),
});

export const networkAclOperations: Operations = {
  DescribeNetworkAcls: (
    input: { NetworkAclIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = request.listed(networkAcls).filter(({ id }) => input.NetworkAclIds?.includes(id) ?? true);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { NetworkAcls: items.map((acl) => told(acl, request)), NextToken: next };
  },
};
