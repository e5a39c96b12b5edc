import type { Behavior, Config, ErrorResponse, Origin, ViewerCertificate } from './stored.ts';

const none = { Quantity: 0 };
const reading = { Quantity: 2, Items: ['HEAD', 'GET'] };

/** What is left out is filled in, and told from then on. https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html */
export function withDefaults(given: Partial<Config> & Pick<Config, 'CallerReference' | 'Origins'>): Config {
  const { Origins, DefaultCacheBehavior, CacheBehaviors = none, ViewerCertificate } = given;
  const { CustomErrorResponses = none } = given;
  const behaviors = (CacheBehaviors as Config['CacheBehaviors']).Items;
  return {
    Aliases: none,
    DefaultRootObject: '',
    OriginGroups: none,
    Comment: '',
    PriceClass: 'PriceClass_All',
    Enabled: false,
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: '',
    HttpVersion: 'http2',
    IsIPV6Enabled: false,
    Staging: false,
    ...given,
    Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '', ...given.Logging },
    Origins: { ...Origins, Items: Origins.Items.map(originWithDefaults) },
    DefaultCacheBehavior: behaviorWithDefaults(DefaultCacheBehavior as Behavior),
    CacheBehaviors: behaviors
      ? {
          ...CacheBehaviors,
          Items: behaviors.map((one) => ({ ...behaviorWithDefaults(one), PathPattern: one.PathPattern })),
        }
      : none,
    CustomErrorResponses: byCode(CustomErrorResponses),
    ViewerCertificate: certificateWithDefaults(ViewerCertificate),
  };
}

/** Told in the order of their codes, in whatever order they were given. https://github.com/go-to-k/cdk-real-drift/issues/1458 */
const byCode = ({ Items, ...rest }: Config['CustomErrorResponses']): Config['CustomErrorResponses'] => ({
  ...rest,
  ...(Items ? { Items: [...Items].sort((a, b) => a.ErrorCode - b.ErrorCode).map(errorWithDefaults) } : {}),
});

/** Without a page both of its members are told, and empty. https://github.com/ansible/ansible/pull/19727 */
const errorWithDefaults = (given: ErrorResponse): ErrorResponse => ({
  ...{ ResponsePagePath: '', ResponseCode: '', ErrorCachingMinTTL: 10 },
  ...given,
});

const originWithDefaults = (origin: Origin): Origin => ({
  OriginAccessControlId: '',
  ...{ OriginPath: '', CustomHeaders: none, ConnectionAttempts: 3, ConnectionTimeout: 10 },
  ...{ OriginShield: { Enabled: false } },
  ...origin,
  ...(origin.VpcOriginConfig
    ? { VpcOriginConfig: { OriginReadTimeout: 30, OriginKeepaliveTimeout: 5, ...origin.VpcOriginConfig } }
    : {}),
});

/** A policy of no name is none: so some clients, such as Terraform, say that they want none. */
const withoutEmptyPolicies = (behavior: Behavior): Behavior =>
  Object.fromEntries(
    Object.entries(behavior).filter(([member, value]) => !(member.endsWith('PolicyId') && value === '')),
  ) as unknown as Behavior;

const behaviorWithDefaults = (behavior: Behavior): Behavior => ({
  ...{ TrustedSigners: { Enabled: false, Quantity: 0 }, TrustedKeyGroups: { Enabled: false, Quantity: 0 } },
  ...{ SmoothStreaming: false, Compress: false, FieldLevelEncryptionId: '' },
  ...{ LambdaFunctionAssociations: none, FunctionAssociations: none, GrpcConfig: { Enabled: false } },
  ...withoutEmptyPolicies(behavior),
  AllowedMethods: { ...reading, CachedMethods: reading, ...behavior.AllowedMethods },
});

const certificateWithDefaults = (given: ViewerCertificate = {}): ViewerCertificate => {
  const { ACMCertificateArn } = given;
  if (ACMCertificateArn === undefined)
    return { CloudFrontDefaultCertificate: true, SSLSupportMethod: 'vip', MinimumProtocolVersion: 'TLSv1', ...given };
  const source = { Certificate: ACMCertificateArn, CertificateSource: 'acm' };
  return { CloudFrontDefaultCertificate: false, MinimumProtocolVersion: 'TLSv1', ...given, ...source };
};
