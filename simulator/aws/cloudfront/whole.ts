import { AwsError } from '../core/aws-error.ts';
import type { Config } from './stored.ts';

/**
 * What may be left out when a distribution is made, but not when it is changed.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-overview-required-fields.html
 */
const needed = {
  config: [
    ...['Aliases', 'DefaultRootObject', 'Origins', 'DefaultCacheBehavior', 'CacheBehaviors', 'CustomErrorResponses'],
    ...['Comment', 'Logging', 'PriceClass', 'Enabled', 'ViewerCertificate', 'Restrictions', 'WebACLId'],
  ],
  origin: ['Id', 'DomainName', 'OriginPath', 'CustomHeaders'],
  vpcOrigin: ['VpcOriginId', 'OriginReadTimeout', 'OriginKeepaliveTimeout'],
  behavior: [
    ...['TargetOriginId', 'ViewerProtocolPolicy', 'AllowedMethods', 'SmoothStreaming', 'Compress'],
    ...['LambdaFunctionAssociations', 'FieldLevelEncryptionId'],
  ],
} as const;

const refuseGaps = (value: object, members: readonly string[]): void => {
  const gap = members.find((member) => (value as Record<string, unknown>)[member] === undefined);
  if (gap) throw new AwsError('IllegalUpdate', `${gap} is required for updates.`);
};

/** Nothing is merged into what there was: an update that leaves something out is refused. */
export function refuseUpdateInPart(config: Config): void {
  refuseGaps(config, needed.config);
  for (const origin of config.Origins.Items) {
    refuseGaps(origin, needed.origin);
    if (origin.VpcOriginConfig) refuseGaps(origin.VpcOriginConfig, needed.vpcOrigin);
  }
  for (const behavior of [config.DefaultCacheBehavior, ...(config.CacheBehaviors.Items ?? [])])
    refuseGaps(behavior, needed.behavior);
}
