import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { internetGateways } from '../ec2/gateways.ts';
import { makeInterface, networkInterfaces, removeInterface } from '../ec2/network-interfaces.ts';
import { securityGroups } from '../ec2/security-groups.ts';
import { loadBalancers, type LoadBalancer } from '../elbv2/kinds.ts';
import { holdLoadBalancers } from '../elbv2/holders.ts';
import { arnOf, checkVersion, global, listPage, newId, tagsGiven, type Paged, type TagsInput } from './kinds.ts';
import { distributions, vpcOrigins, type VpcOrigin, type VpcOriginConfig } from './stored.ts';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html */
export const serviceGroupName = 'CloudFront-VPCOrigins-Service-SG';

holdLoadBalancers(({ world }, arn) =>
  world
    .collection('global', vpcOrigins)
    .all()
    .some(({ config }) => config.Arn === arn),
);

function originOf(request: Request, id: string): VpcOrigin {
  const found = global(request, vpcOrigins).get(id);
  if (!found) throw new AwsError('EntityNotFound', 'The entity was not found.', 404);
  return found;
}

const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** Network load balancers and instances can be origins too: only application load balancers are simulated. */
function balancerOf({ world }: Request, { Arn }: VpcOriginConfig): LoadBalancer {
  const found = world.collection(regionOf(Arn), loadBalancers).get(Arn);
  if (!found) throw new AwsError('InvalidArgument', `The parameter Arn is not valid: there is no ${Arn}.`);
  if (found.state !== 'active')
    throw new AwsError('InvalidArgument', `The load balancer ${Arn} is not active: it must be in the Active state.`);
  const gateways = world.collection(regionOf(Arn), internetGateways).all();
  if (!gateways.some(({ vpcId }) => vpcId === found.vpcId))
    throw new AwsError('InvalidArgument', `The VPC ${found.vpcId} has no internet gateway attached.`);
  return found;
}

function serviceGroup({ world }: Request, region: string, vpcId: string): string {
  const all = world.collection(region, securityGroups);
  const known = all.all().find((group) => group.vpcId === vpcId && group.name === serviceGroupName);
  if (known) return known.id;
  const id = `sg-0${world.random.hex(16)}`;
  const description = 'Managed by CloudFront VPC origins';
  all.put(id, { id, tags: {}, vpcId, name: serviceGroupName, description, rules: [] });
  return id;
}

/** The group goes with the last interface under it. */
function leave({ world }: Request, { config: { Arn }, interfaceIds }: VpcOrigin): void {
  const region = regionOf(Arn);
  const interfaces = world.collection(region, networkInterfaces);
  const groups = new Set(interfaceIds.flatMap((id) => interfaces.get(id)?.groupIds ?? []));
  for (const id of interfaceIds) removeInterface(world, region, id);
  for (const id of groups)
    if (!interfaces.all().some(({ groupIds }) => groupIds.includes(id)))
      world.collection(region, securityGroups).remove(id);
}

const told = (origin: VpcOrigin, request: Request) => ({
  VpcOrigin: {
    Id: origin.id,
    Arn: origin.arn,
    AccountId: request.account,
    Status: origin.status,
    CreatedTime: new Date(origin.createdAt),
    LastModifiedTime: new Date(origin.changedAt),
    VpcOriginEndpointConfig: origin.config,
  },
  ETag: origin.etag,
});

function deploy(request: Request, id: string): void {
  const { world } = request;
  const { etag } = originOf(request, id);
  world.schedule(durations.vpcOriginDeploying, () => {
    const all = global(request, vpcOrigins);
    if (all.get(id)?.etag === etag) all.change(id, { status: 'Deployed' });
  });
}

interface Create {
  readonly VpcOriginEndpointConfig: VpcOriginConfig;
  readonly Tags?: TagsInput;
}

function create({ VpcOriginEndpointConfig: config, Tags }: Create, request: Request) {
  const all = global(request, vpcOrigins);
  if (all.all().some((origin) => origin.config.Name === config.Name))
    throw new AwsError('EntityAlreadyExists', 'The entity already exists. You must provide a unique entity.', 409);
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
  request.withinQuota(
    'VPC origins per AWS account',
    25,
    all.all().length,
    'EntityLimitExceeded',
    'The entity limit has been exceeded.',
  );
  const { places, vpcId } = balancerOf(request, config);
  const region = regionOf(config.Arn);
  const groupIds = [serviceGroup(request, region, vpcId)];
  const interfaceIds = places.map(
    ({ subnetId }) =>
      makeInterface(request.world, { region, subnetId, groupIds, description: 'CloudFront VPC origin' }).id,
  );
  const id = newId(request, 'vo_');
  const made = all.put(id, {
    ...{ id, arn: arnOf(request, `vpcorigin/${id}`), tags: tagsGiven(Tags), config, etag: newId(request) },
    ...{ status: 'Deploying', deleting: false, createdAt: request.now, changedAt: request.now, interfaceIds },
  });
  deploy(request, id);
  return { ...told(made, request), Location: `https://cloudfront.amazonaws.com/2020-05-31/vpc-origin/${id}` };
}

interface ById {
  readonly Id: string;
  readonly IfMatch?: string;
}

const usedBy = (request: Request, id: string): boolean =>
  global(request, distributions)
    .all()
    .some(({ config }) => config.Origins.Items.some(({ VpcOriginConfig: vpc }) => vpc?.VpcOriginId === id));

function update({ Id, IfMatch, VpcOriginEndpointConfig: config }: ById & Create, request: Request) {
  const origin = originOf(request, Id);
  checkVersion(origin, IfMatch);
  // Whatever is changed. https://github.com/aws/aws-cdk/issues/35765
  if (usedBy(request, Id))
    throw new AwsError(
      'CannotUpdateEntityWhileInUse',
      'The specified VPC origin is currently associated with one or more distributions. Please disassociate the VPC origin from all distributions before updating or deleting.',
      409,
    );
  balancerOf(request, config);
  const changed = global(request, vpcOrigins).change(Id, {
    ...{ config, status: 'Deploying', etag: newId(request), changedAt: request.now },
  });
  deploy(request, Id);
  return told(changed, request);
}

function remove({ Id, IfMatch }: ById, request: Request) {
  const origin = originOf(request, Id);
  checkVersion(origin, IfMatch);
  if (usedBy(request, Id))
    throw new AwsError('CannotDeleteEntityWhileInUse', 'The entity cannot be deleted while it is in use.', 409);
  if (origin.status !== 'Deployed') throw new AwsError('IllegalDelete', 'Deletion is not allowed for this entity.');
  const leaving = global(request, vpcOrigins).change(Id, { status: 'Deploying', deleting: true, etag: newId(request) });
  request.world.schedule(durations.vpcOriginDeleting, () => {
    leave(request, leaving);
    global(request, vpcOrigins).remove(Id);
  });
  return told(leaving, request);
}

/** VPC origins: load balancers without a way to the internet, which CloudFront alone reaches. */
export const vpcOriginOperations: Operations = {
  CreateVpcOrigin: create,
  GetVpcOrigin: ({ Id }: ById, request) => told(originOf(request, Id), request),
  UpdateVpcOrigin: update,
  DeleteVpcOrigin: remove,
  ListVpcOrigins: (input: Paged, request) => ({
    VpcOriginList: listPage(request, vpcOrigins, input, (origin) => ({
      Id: origin.id,
      Name: origin.config.Name,
      Status: origin.status,
      CreatedTime: new Date(origin.createdAt),
      LastModifiedTime: new Date(origin.changedAt),
      Arn: origin.arn,
      AccountId: request.account,
      OriginEndpointArn: origin.config.Arn,
    })),
  }),
};
