import type {
  CacheBehavior,
  CustomErrorResponse,
  DefaultCacheBehavior,
  DistributionConfig,
  DistributionSummary,
  Origin as CloudFrontOrigin,
} from '@aws-sdk/client-cloudfront';
import type { Behavior, DistributionProps, ErrorAnswer, Method, Origin, PathBehavior } from './distribution-props.ts';

const counted = <T>(Items: readonly T[]) => ({
  Quantity: Items.length,
  ...(Items.length > 0 ? { Items: [...Items] } : {}),
});

const none = { Quantity: 0 };

/**
 * The props in CloudFront's words, with whatever else an update has to say: a distribution is only ever changed as a
 * whole, and CloudFront puts in nothing that is left out. What is none of ours stays as it is: a web ACL, how long a
 * connection to an origin may take, a log in real time.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-overview-required-fields.html
 */
export function toConfig(
  props: DistributionProps,
  was: Partial<DistributionConfig> = {},
): Omit<DistributionConfig, 'CallerReference'> {
  const { logs } = props;
  const originOf = (id: string) => was.Origins?.Items?.find(({ Id }) => Id === id);
  const behaviorOf = (path: string) => was.CacheBehaviors?.Items?.find(({ PathPattern }) => PathPattern === path);
  return {
    ...was,
    Aliases: counted(props.aliases),
    DefaultRootObject: props.rootObject,
    Origins: { Quantity: props.origins.length, Items: props.origins.map((one) => toOrigin(one, originOf(one.id))) },
    DefaultCacheBehavior: toBehavior(props.defaultBehavior, was.DefaultCacheBehavior),
    CacheBehaviors: counted(
      props.behaviors.map((one) => ({ ...toBehavior(one, behaviorOf(one.path)), PathPattern: one.path })),
    ),
    CustomErrorResponses: counted(props.errorAnswers.map(toErrorResponse)),
    Comment: props.comment,
    Logging: {
      ...{ IncludeCookies: false, ...was.Logging, Enabled: logs !== null },
      ...{ Bucket: logs?.bucket ?? '', Prefix: logs?.prefix ?? '' },
    },
    PriceClass: props.priceClass,
    Enabled: props.enabled,
    ViewerCertificate: {
      ACMCertificateArn: props.certificateArn,
      SSLSupportMethod: 'sni-only',
      MinimumProtocolVersion: props.minimumTls as 'TLSv1.2_2021',
    },
    Restrictions: { GeoRestriction: { RestrictionType: props.geoRestriction, Quantity: 0 } },
    HttpVersion: props.httpVersion,
    IsIPV6Enabled: props.ipv6,
  };
}

const toOrigin = (
  { id, domainName, vpcOriginId, readTimeoutSeconds = 30, originAccessControlId }: Origin,
  was: Partial<CloudFrontOrigin> = {},
): CloudFrontOrigin => ({
  CustomHeaders: none,
  ConnectionAttempts: 3,
  ConnectionTimeout: 10,
  OriginShield: { Enabled: false },
  ...was,
  Id: id,
  DomainName: domainName,
  OriginPath: '',
  ...(vpcOriginId === undefined
    ? // An empty identity: the access control has taken the place of the older way.
      { S3OriginConfig: { OriginAccessIdentity: '' }, OriginAccessControlId: originAccessControlId }
    : {
        VpcOriginConfig: {
          ...{ OriginKeepaliveTimeout: 5, ...was.VpcOriginConfig },
          ...{ VpcOriginId: vpcOriginId, OriginReadTimeout: readTimeoutSeconds },
        },
        OriginAccessControlId: '',
      }),
});

/** A page and its status go together; what has neither says for how long the error is kept, and that alone. */
const toErrorResponse = ({ errorCode, cachingSeconds, page }: ErrorAnswer) => ({
  ErrorCode: errorCode,
  ResponsePagePath: page?.path ?? '',
  ResponseCode: page ? String(page.responseCode) : '',
  ErrorCachingMinTTL: cachingSeconds,
});

/** What can be answered again without asking the origin is only what was read. */
const cachedMethods = ['GET', 'HEAD'] as const;

const toBehavior = (
  behavior: Behavior,
  // The older way to say what is cached, which CloudFront refuses beside a policy.
  { ForwardedValues: _, MinTTL: _min, DefaultTTL: _default, MaxTTL: _max, ...was }: Partial<DefaultCacheBehavior> = {},
): DefaultCacheBehavior => ({
  SmoothStreaming: false,
  FieldLevelEncryptionId: '',
  TrustedSigners: { Enabled: false, Quantity: 0 },
  TrustedKeyGroups: { Enabled: false, Quantity: 0 },
  ...was,
  TargetOriginId: behavior.originId,
  ViewerProtocolPolicy: behavior.viewerProtocol,
  AllowedMethods: {
    Quantity: behavior.methods.length,
    Items: [...behavior.methods],
    CachedMethods: { Quantity: 2, Items: [...cachedMethods] },
  },
  CachePolicyId: behavior.cachePolicyId,
  OriginRequestPolicyId: behavior.originRequestPolicyId,
  ResponseHeadersPolicyId: behavior.responseHeadersPolicyId,
  Compress: behavior.compress,
  LambdaFunctionAssociations: none,
  FunctionAssociations: none,
});

/** What lists and single readings both tell. */
export type Told = Pick<
  DistributionSummary,
  'Aliases' | 'Origins' | 'DefaultCacheBehavior' | 'CacheBehaviors' | 'CustomErrorResponses' | 'Comment' | 'PriceClass'
> &
  Pick<DistributionSummary, 'Enabled' | 'ViewerCertificate' | 'Restrictions' | 'HttpVersion' | 'IsIPV6Enabled'>;

export const fromTold = (found: Partial<Told>): Partial<DistributionProps> => ({
  aliases: [...(found.Aliases?.Items ?? [])].sort(),
  certificateArn: found.ViewerCertificate?.ACMCertificateArn,
  minimumTls: found.ViewerCertificate?.MinimumProtocolVersion,
  origins: (found.Origins?.Items ?? []).map(fromOrigin),
  defaultBehavior: found.DefaultCacheBehavior && fromBehavior(found.DefaultCacheBehavior),
  behaviors: (found.CacheBehaviors?.Items ?? []).map((one): PathBehavior => ({
    ...fromBehavior(one),
    path: one.PathPattern ?? '',
  })),
  errorAnswers: (found.CustomErrorResponses?.Items ?? []).map(fromErrorResponse),
  comment: found.Comment,
  priceClass: found.PriceClass as DistributionProps['priceClass'],
  httpVersion: found.HttpVersion?.toLowerCase() as DistributionProps['httpVersion'],
  ipv6: found.IsIPV6Enabled,
  geoRestriction: found.Restrictions?.GeoRestriction?.RestrictionType,
  enabled: found.Enabled,
});

/** What single readings tell beside that. */
export const fromConfig = ({ Logging, DefaultRootObject = '' }: DistributionConfig): Partial<DistributionProps> => ({
  logs: Logging?.Enabled === true ? { bucket: Logging.Bucket ?? '', prefix: Logging.Prefix ?? '' } : null,
  rootObject: DefaultRootObject,
});

const fromErrorResponse = (told: CustomErrorResponse): ErrorAnswer => ({
  errorCode: told.ErrorCode ?? 0,
  // A time that is left out is ten seconds, whatever the origin says of it.
  cachingSeconds: told.ErrorCachingMinTTL ?? 10,
  ...(told.ResponsePagePath ? { page: { path: told.ResponsePagePath, responseCode: Number(told.ResponseCode) } } : {}),
});

const fromOrigin = (origin: CloudFrontOrigin): Origin => ({
  id: origin.Id ?? '',
  domainName: origin.DomainName ?? '',
  ...(origin.VpcOriginConfig
    ? {
        vpcOriginId: origin.VpcOriginConfig.VpcOriginId,
        readTimeoutSeconds: origin.VpcOriginConfig.OriginReadTimeout,
      }
    : { originAccessControlId: origin.OriginAccessControlId ?? '' }),
});

function fromBehavior(found: DefaultCacheBehavior | CacheBehavior): Behavior {
  const functions = [
    ...(found.FunctionAssociations?.Items ?? []).map(({ FunctionARN = '' }) => FunctionARN),
    ...(found.LambdaFunctionAssociations?.Items ?? []).map(({ LambdaFunctionARN = '' }) => LambdaFunctionARN),
  ];
  return {
    originId: found.TargetOriginId ?? '',
    viewerProtocol: found.ViewerProtocolPolicy ?? 'allow-all',
    methods: (found.AllowedMethods?.Items ?? []) as Method[],
    cachePolicyId: found.CachePolicyId ?? '',
    originRequestPolicyId: found.OriginRequestPolicyId,
    responseHeadersPolicyId: found.ResponseHeadersPolicyId,
    compress: found.Compress ?? false,
    functions,
  };
}

const inAnyOrder =
  <T>(keyOf: (one: T) => string) =>
  (wanted: readonly T[], found: readonly T[]): boolean =>
    JSON.stringify(wanted.map(keyOf).sort()) === JSON.stringify(found.map(keyOf).sort());

const originKey = (one: Origin): string =>
  [one.id, one.domainName, one.vpcOriginId ?? '', one.readTimeoutSeconds ?? '', one.originAccessControlId ?? ''].join(
    ' ',
  );

/** CloudFront answers origins and methods in an order of its own. */
export const sameOrigins = inAnyOrder(originKey);

const answerKey = ({ errorCode, cachingSeconds, page }: ErrorAnswer): string =>
  [errorCode, cachingSeconds, page?.path ?? '', page?.responseCode ?? ''].join(' ');

/** CloudFront tells errors by their codes, in whatever order they were given. https://github.com/go-to-k/cdk-real-drift/issues/1458 */
export const sameErrorAnswers = inAnyOrder(answerKey);

export const sameBehavior = (wanted: Behavior, found: Behavior): boolean => behaviorKey(wanted) === behaviorKey(found);

export const sameBehaviors = (wanted: readonly PathBehavior[], found: readonly PathBehavior[]): boolean =>
  JSON.stringify(wanted.map((one) => [one.path, behaviorKey(one)])) ===
  JSON.stringify(found.map((one) => [one.path, behaviorKey(one)]));

const behaviorKey = (one: Behavior): string =>
  JSON.stringify([
    ...[one.originId, one.viewerProtocol, [...one.methods].sort(), one.cachePolicyId, one.compress],
    ...[one.originRequestPolicyId ?? '', one.responseHeadersPolicyId ?? '', [...one.functions].sort()],
  ]);
