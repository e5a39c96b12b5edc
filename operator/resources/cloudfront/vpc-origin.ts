import type { VpcOriginEndpointConfig, VpcOriginSummary } from '@aws-sdk/client-cloudfront';
import { Fault, orAbsent } from '../../model/faults.ts';
import type { NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { asTags, ownerOf } from './tags.ts';

/** CloudFront's way into the VPC: to a load balancer that the internet does not reach. */
export interface VpcOriginProps {
  readonly loadBalancerArn: string;
  readonly httpsPort: number;
  readonly protocolPolicy: 'https-only' | 'http-only' | 'match-viewer';
}

export interface VpcOriginOutputs {
  readonly vpcOriginId: string;
}

type OriginFound = Found<VpcOriginProps, VpcOriginOutputs>;

/**
 * The zones in which CloudFront reaches nothing, one in each of these regions: its id.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origins-supported-regions
 */
export const zonesWithoutVpcOrigins: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'apne1-az3',
  'ca-central-1': 'cac1-az3',
  'us-east-1': 'use1-az3',
  'us-west-1': 'usw1-az2',
};

export const vpcOrigin: ResourceType<VpcOriginProps, VpcOriginOutputs> = {
  name: 'cloudfront/vpc-origin',
  // CloudFront changes no origin that a distribution uses (CannotUpdateEntityWhileInUse): another one takes its place.
  fields: { loadBalancerArn: 'fixed', httpsPort: 'fixed', protocolPolicy: 'fixed' },
  needs: ['elbv2/load-balancer', 'ec2/internet-gateway', 'ec2/subnet'],
  replace: 'create-first',
  once: 'journal', // CloudFront has no token for it, and does not say that names are unique.
  endedBy: 'DeleteVpcOrigin',
  beat: 'existence',
  // "It can take up to 15 minutes": nobody has seen it in fewer than a few.
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
  takes: { making: 180_000, deleting: 60_000 },
  scope: 'global',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.cloudfront('ListVpcOrigins', { Marker });
    for await (const page of pages(read, (answer) => answer.VpcOriginList?.NextMarker))
      yield await Promise.all(
        (page.VpcOriginList?.Items ?? []).map(async (found) =>
          told(found, await ownerOf(aws, scope, found.Id ?? '', found.Arn)),
        ),
      );
  },

  detailed: ['httpsPort', 'protocolPolicy'],

  async detail(aws, found) {
    const answer = await orAbsent(aws.cloudfront('GetVpcOrigin', { Id: found.id }));
    return answer?.VpcOrigin && { props: fromConfig(answer.VpcOrigin.VpcOriginEndpointConfig) };
  },

  async create(aws, props, birth) {
    const config = asConfig(birth.name, props);
    const { VpcOrigin } = await aws.cloudfront('CreateVpcOrigin', {
      VpcOriginEndpointConfig: config,
      Tags: asTags(birth.tags),
    });
    const found = told({ ...VpcOrigin, OriginEndpointArn: config.Arn }, birth.owner);
    return { ...found, props: fromConfig(config) };
  },

  async update() {
    // Every prop is fixed: decide never asks for this.
  },

  async delete(aws, found) {
    const read = await orAbsent(aws.cloudfront('GetVpcOrigin', { Id: found.id }));
    if (!read) return;
    // One that is being deleted is told as one that is being made.
    if (read.VpcOrigin?.Status === 'Deploying')
      throw new Fault('busy', `CloudFront is still at work on VPC origin ${found.id}`);
    await orAbsent(aws.cloudfront('DeleteVpcOrigin', { Id: found.id, IfMatch: read.ETag }));
  },
};

const asConfig = (Name: string, props: VpcOriginProps): VpcOriginEndpointConfig => ({
  Name,
  Arn: props.loadBalancerArn,
  HTTPPort: 80,
  HTTPSPort: props.httpsPort,
  OriginProtocolPolicy: props.protocolPolicy,
  OriginSslProtocols: { Quantity: 1, Items: ['TLSv1.2'] },
});

const fromConfig = (config: VpcOriginEndpointConfig | undefined): Partial<VpcOriginProps> => ({
  loadBalancerArn: config?.Arn,
  httpsPort: config?.HTTPSPort,
  protocolPolicy: config?.OriginProtocolPolicy,
});

function stateOf(status = 'unknown'): State {
  if (status === 'Deployed') return { is: 'ready' };
  if (status === 'Failed') return { is: 'failed', reason: 'CloudFront could not set up the VPC origin' };
  return { is: 'pending', reason: `VPC origin is ${status}` };
}

function told(found: Partial<VpcOriginSummary>, owner: NodeOwner | undefined): OriginFound {
  const { Id: id = '' } = found;
  return {
    id,
    owner,
    state: stateOf(found.Status),
    props: { loadBalancerArn: found.OriginEndpointArn },
    outputs: { vpcOriginId: id },
    bornAt: found.CreatedTime?.getTime(),
    revision: found.LastModifiedTime?.toISOString(),
  };
}
