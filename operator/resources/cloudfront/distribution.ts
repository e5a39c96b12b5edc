import type { DistributionConfig, DistributionSummary } from '@aws-sdk/client-cloudfront';
import { sameMembers } from '../../model/compare.ts';
import { Fault, orAbsent } from '../../model/faults.ts';
import type { NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import {
  fromConfig,
  fromTold,
  sameBehavior,
  sameBehaviors,
  sameErrorAnswers,
  sameOrigins,
  toConfig,
  type Told,
} from './distribution-config.ts';
import type { DistributionProps } from './distribution-props.ts';
import { asTags, ownerOf } from './tags.ts';

export interface DistributionOutputs {
  readonly distributionId: string;
  readonly distributionArn: string;
  /** As `d111111abcdef8.cloudfront.net`: what the records of the store's names point to. */
  readonly domainName: string;
  /** The zone that alias records to a distribution name. */
  readonly hostedZoneId: string;
}

type DistributionFound = Found<DistributionProps, DistributionOutputs>;

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html: the same for every distribution. */
const cloudFrontZoneId = 'Z2FDTNDATAQYW2';

export const distribution: ResourceType<DistributionProps, DistributionOutputs> = {
  name: 'cloudfront/distribution',
  fields: {
    aliases: { mode: 'live', equal: sameMembers },
    certificateArn: 'live',
    minimumTls: 'live',
    // The name of a load balancer beside the VPC origin that leads to another one reaches neither.
    origins: { mode: 'live', equal: sameOrigins, together: true },
    defaultBehavior: { mode: 'live', equal: sameBehavior },
    behaviors: { mode: 'live', equal: sameBehaviors },
    errorAnswers: { mode: 'live', equal: sameErrorAnswers },
    comment: 'live',
    priceClass: 'live',
    httpVersion: 'live',
    ipv6: 'live',
    geoRestriction: 'live',
    enabled: 'live',
    logs: 'live',
    rootObject: 'live',
  },
  needs: ['acm/certificate', 's3/bucket', 'cloudfront/vpc-origin', 'cloudfront/origin-access-control'],
  names: ['aliases'],
  replace: 'refuse',
  once: 'token', // CallerReference: a second creation with the same one is refused (API_DistributionConfig).
  endedBy: 'DeleteDistribution',
  beat: 'existence',
  takes: { making: 120_000 },
  scope: 'global',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.cloudfront('ListDistributions', { Marker });
    for await (const page of pages(read, (answer) => answer.DistributionList?.NextMarker))
      yield await Promise.all(
        (page.DistributionList?.Items ?? []).map(async (found) =>
          told(found, found, await ownerOf(aws, scope, found.Id ?? '', found.ARN)),
        ),
      );
  },

  detailed: ['logs', 'rootObject'],

  async detail(aws, found) {
    const answer = await orAbsent(aws.cloudfront('GetDistribution', { Id: found.id }));
    const { DistributionConfig: config, ...rest } = answer?.Distribution ?? {};
    if (!config) return undefined;
    const read = told({ ...rest, Id: found.id }, config as Partial<Told>, found.owner);
    return { ...read, props: { ...read.props, ...fromConfig(config) } };
  },

  async create(aws, props, birth) {
    const DistributionConfig: DistributionConfig = { ...toConfig(props), CallerReference: birth.token };
    const { Distribution: made = undefined } = await aws.cloudfront('CreateDistributionWithTags', {
      DistributionConfigWithTags: { DistributionConfig, Tags: asTags(birth.tags) },
    });
    const config = made?.DistributionConfig;
    const found = told(made ?? {}, (config ?? {}) as Partial<Told>, birth.owner);
    return config ? { ...found, props: { ...found.props, ...fromConfig(config) } } : found;
  },

  async update(aws, found, props) {
    const { ETag, Distribution } = await aws.cloudfront('GetDistribution', { Id: found.id });
    const current = Distribution?.DistributionConfig as DistributionConfig;
    await aws.cloudfront('UpdateDistribution', {
      Id: found.id,
      IfMatch: ETag,
      DistributionConfig: { ...toConfig(props, current), CallerReference: current.CallerReference },
    });
  },

  /** Disabled first, and deleted once it is so at every edge. */
  async delete(aws, found) {
    // The list tells when the edges have it: until then there is nothing to ask.
    if (found.state.is === 'pending' && found.props.enabled === false) throw stillDisabling(found.id);
    const read = await orAbsent(aws.cloudfront('GetDistribution', { Id: found.id }));
    const { ETag, Distribution } = read ?? {};
    if (!Distribution?.DistributionConfig) return;
    const current = Distribution.DistributionConfig;
    if (current.Enabled)
      await aws.cloudfront('UpdateDistribution', {
        ...{ Id: found.id, IfMatch: ETag, DistributionConfig: { ...current, Enabled: false } },
      });
    if (current.Enabled || Distribution.Status !== 'Deployed') throw stillDisabling(found.id);
    await orAbsent(aws.cloudfront('DeleteDistribution', { Id: found.id, IfMatch: ETag }));
  },
};

const stillDisabling = (id: string): Fault =>
  new Fault('busy', `CloudFront is disabling distribution ${id} at its edges; then it is deleted`);

/**
 * While a change travels to the edges, the old answers go on. But a new distribution answers nowhere until it is
 * deployed, and CloudFront does not tell one from the other: so neither is ready before.
 */
const stateOf = (status = 'unknown'): State =>
  status === 'Deployed' ? { is: 'ready' } : { is: 'pending', reason: `distribution is ${status}` };

type Identified = Partial<Pick<DistributionSummary, 'Id' | 'ARN' | 'Status' | 'DomainName' | 'LastModifiedTime'>>;

function told(found: Identified, config: Partial<Told>, owner: NodeOwner | undefined): DistributionFound {
  const { Id: id = '' } = found;
  return {
    id,
    owner,
    state: stateOf(found.Status),
    props: fromTold(config),
    outputs: {
      distributionId: id,
      distributionArn: found.ARN,
      domainName: found.DomainName,
      hostedZoneId: cloudFrontZoneId,
    },
    revision: found.LastModifiedTime?.toISOString(),
  };
}
