import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { addDependantRule } from './dependants.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';
import { vpcOf } from './vpc.ts';

export interface InternetGateway extends Tagged {
  readonly vpcId: string | undefined;
}

export const internetGateways = kind<InternetGateway>('internet-gateway');

const noGateway = (id: string): AwsError =>
  new AwsError('InvalidInternetGatewayID.NotFound', `The internetGateway ID '${id}' does not exist`);

export function gatewayOf(request: Request, id: string): InternetGateway {
  const found = request.in(internetGateways).get(id);
  if (!found) throw noGateway(id);
  return found;
}

addDependantRule((world, region, ground, id) =>
  ground === 'vpc'
    ? world
        .collection(region, internetGateways)
        .all()
        .find(({ vpcId }) => vpcId === id)?.id
    : undefined,
);

const filters: FilterTable<InternetGateway> = {
  'internet-gateway-id': ({ id }) => [id],
  'attachment.vpc-id': ({ vpcId }) => [vpcId],
  'attachment.state': ({ vpcId }) => [vpcId === undefined ? undefined : 'available'],
};

const told = ({ id, vpcId, tags }: InternetGateway, { account }: Request) => ({
  InternetGatewayId: id,
  OwnerId: account,
  Attachments: vpcId === undefined ? [] : [{ State: 'available', VpcId: vpcId }],
  Tags: toTagPairs(tags),
});

function attach(input: { InternetGatewayId: string; VpcId: string }, request: Request): void {
  const gateway = gatewayOf(request, input.InternetGatewayId);
  const vpc = vpcOf(request, input.VpcId);
  const all = request.in(internetGateways);
  if (gateway.vpcId !== undefined)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${gateway.id} is already attached to network ${gateway.vpcId}`,
    );
  if (all.all().some(({ vpcId }) => vpcId === vpc.id))
    throw new AwsError('InvalidParameterValue', `Network ${vpc.id} already has an internet gateway attached`);
  all.change(gateway.id, { vpcId: vpc.id });
}

function detach(input: { InternetGatewayId: string; VpcId: string }, request: Request): void {
  const gateway = gatewayOf(request, input.InternetGatewayId);
  if (gateway.vpcId !== input.VpcId)
    throw new AwsError('Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${input.VpcId}`);
  const mapped = request
    .in(networkInterfaces)
    .all()
    .some(({ vpcId, publicIp }) => vpcId === input.VpcId && publicIp !== undefined);
  if (mapped)
    throw new AwsError(
      'DependencyViolation',
      `Network ${input.VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  request.in(internetGateways).change(gateway.id, { vpcId: undefined });
}

export const gatewayOperations: Operations = {
  CreateInternetGateway: (input: { TagSpecifications?: TagSpecification[] }, request) => {
    const all = request.in(internetGateways);
    request.withinQuota(
      'Internet gateways per Region',
      5,
      all.all().length,
      'InternetGatewayLimitExceeded',
      'The maximum number of internet gateways has been reached.',
    );
    const id = request.id('igw');
    const tags = tagsAtBirth(input.TagSpecifications, 'internet-gateway');
    return { InternetGateway: told(all.put(id, { id, tags, vpcId: undefined }), request) };
  },
  DescribeInternetGateways: (
    input: { InternetGatewayIds?: string[]; Filters?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const listed = byIds(request.listed(internetGateways), input.InternetGatewayIds, ({ id }) => id, noGateway);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
    return { InternetGateways: items.map((gateway) => told(gateway, request)), NextToken: next };
  },
  AttachInternetGateway: attach,
  DetachInternetGateway: detach,
  DeleteInternetGateway: ({ InternetGatewayId }: { InternetGatewayId: string }, request) => {
    const { vpcId } = gatewayOf(request, InternetGatewayId);
    if (vpcId !== undefined)
      throw new AwsError(
        'DependencyViolation',
        `The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`,
      );
    request.in(internetGateways).remove(InternetGatewayId);
  },
};
