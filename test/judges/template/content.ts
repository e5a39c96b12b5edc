import type { originAccessControls } from '../../../simulator/aws/cloudfront/origin-access-controls.ts';
import type {
  Behavior,
  Config,
  Counted,
  Distribution,
  ViewerCertificate,
  VpcOrigin,
} from '../../../simulator/aws/cloudfront/stored.ts';
import type { Bucket } from '../../../simulator/aws/s3/kinds.ts';
import { document, tagPairs, type Mapping, type Of, type Part } from './part.ts';

/** What the API and a template call differently in a rule for objects that grow old. */
interface LifecycleRule {
  readonly ID?: string;
  readonly Status: string;
  readonly Filter?: { readonly Prefix?: string };
  readonly Prefix?: string;
  readonly Expiration?: { readonly Days?: number; readonly ExpiredObjectDeleteMarker?: boolean };
  readonly Transitions?: readonly { readonly Days?: number; readonly StorageClass: string }[];
  readonly NoncurrentVersionExpiration?: object;
  readonly NoncurrentVersionTransitions?: readonly {
    readonly NoncurrentDays?: number;
    readonly StorageClass: string;
  }[];
  readonly AbortIncompleteMultipartUpload?: object;
}

const lifecycleRule = (rule: LifecycleRule) => ({
  ...{ Id: rule.ID, Status: rule.Status, Prefix: rule.Filter?.Prefix ?? rule.Prefix },
  ExpirationInDays: rule.Expiration?.Days,
  ExpiredObjectDeleteMarker: rule.Expiration?.ExpiredObjectDeleteMarker,
  Transitions: rule.Transitions?.map(({ Days, StorageClass }) => ({ TransitionInDays: Days, StorageClass })),
  NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration,
  NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map(({ NoncurrentDays, StorageClass }) => ({
    TransitionInDays: NoncurrentDays,
    StorageClass,
  })),
  AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
});

interface CorsRule {
  readonly ID?: string;
  readonly AllowedHeaders?: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedOrigins: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAgeSeconds?: number;
}

const corsRule = ({ ID, ExposeHeaders, MaxAgeSeconds, ...rest }: CorsRule) => ({
  ...{ Id: ID, ...rest, ExposedHeaders: ExposeHeaders, MaxAge: MaxAgeSeconds },
});

interface EncryptionRule {
  readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: string };
  readonly BucketKeyEnabled?: boolean;
}

const encryptionRule = ({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }: EncryptionRule) => ({
  ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
  BucketKeyEnabled,
});

interface Logging {
  readonly TargetBucket?: string;
  readonly TargetPrefix?: string;
}

const loggingOf = ({ TargetBucket, TargetPrefix }: Logging) => ({
  DestinationBucketName: TargetBucket,
  LogFilePrefix: TargetPrefix,
});

export const bucket: Mapping<Bucket> = (one) => [
  {
    type: 'AWS::S3::Bucket',
    ids: {
      [one.name]: 'Ref',
      [`arn:aws:s3:::${one.name}`]: 'Arn',
      [`${one.name}.s3.${one.region}.amazonaws.com`]: 'RegionalDomainName',
    },
    properties: {
      BucketName: one.name,
      OwnershipControls: { Rules: [{ ObjectOwnership: one.ownership }] },
      PublicAccessBlockConfiguration: one.block,
      VersioningConfiguration: one.versioning && { Status: one.versioning },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: (one.encryption as readonly EncryptionRule[]).map(encryptionRule),
      },
      LifecycleConfiguration: one.lifecycle && {
        Rules: (one.lifecycle.rules as readonly LifecycleRule[]).map(lifecycleRule),
      },
      CorsConfiguration: one.cors && { CorsRules: (one.cors as readonly CorsRule[]).map(corsRule) },
      LoggingConfiguration: one.logging && loggingOf(one.logging as Logging),
      Tags: tagPairs(one.tags),
    },
  },
  ...(one.policy === undefined
    ? []
    : [
        {
          type: 'AWS::S3::BucketPolicy',
          suffix: 'policy',
          properties: { Bucket: one.name, PolicyDocument: document(one.policy) },
        } satisfies Part,
      ]),
];

export const originAccessControl: Mapping<Of<typeof originAccessControls>> = ({ id, config }) => [
  {
    type: 'AWS::CloudFront::OriginAccessControl',
    ids: { [id]: 'Id' },
    properties: { OriginAccessControlConfig: config },
  },
];

/** The API's names that a template has otherwise. */
const renamed: Readonly<Record<string, string>> = {
  ACMCertificateArn: 'AcmCertificateArn',
  IAMCertificateId: 'IamCertificateId',
  SSLSupportMethod: 'SslSupportMethod',
  IsIPV6Enabled: 'IPV6Enabled',
  OriginSslProtocols: 'OriginSSLProtocols',
  CustomHeaders: 'OriginCustomHeaders',
};

const isCounted = (value: object): value is Counted<unknown> => 'Quantity' in value;

/** Lists without their counts, and the names of a template. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (isCounted(value)) return plain(value.Items ?? []);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [renamed[key] ?? key, plain(one)]));
}

function behaviorOf({ AllowedMethods, ...rest }: Behavior) {
  const methods = { AllowedMethods: AllowedMethods?.Items, CachedMethods: AllowedMethods?.CachedMethods?.Items };
  return { ...(plain(rest) as object), ...methods };
}

interface Restrictions {
  readonly GeoRestriction: { readonly RestrictionType: string; readonly Items?: readonly string[] };
}

/** Without what CloudFront tells in older words beside the newer ones. */
function viewerCertificate(told: ViewerCertificate) {
  const { CloudFrontDefaultCertificate, ACMCertificateArn, SSLSupportMethod, MinimumProtocolVersion } = told;
  if (CloudFrontDefaultCertificate === true) return { CloudFrontDefaultCertificate, MinimumProtocolVersion };
  return plain({ ACMCertificateArn, SSLSupportMethod, MinimumProtocolVersion });
}

/** Text in the API is a number in a template, and nothing where it is empty. */
const errorResponses = (told: unknown) =>
  (plain(told) as readonly { readonly ResponseCode?: string; readonly ResponsePagePath?: string }[]).map(
    ({ ResponseCode, ResponsePagePath, ...rest }) => ({
      ...rest,
      ...(ResponseCode ? { ResponseCode: Number(ResponseCode) } : {}),
      ...(ResponsePagePath ? { ResponsePagePath } : {}),
    }),
  );

function distributionConfig(config: Config) {
  const {
    CallerReference: _reference,
    OriginGroups,
    CacheBehaviors,
    CustomErrorResponses,
    DefaultCacheBehavior,
    Logging,
    Restrictions,
    ...rest
  } = config;
  const { RestrictionType, Items: Locations } = (Restrictions as Restrictions).GeoRestriction;
  return {
    ...(plain(rest) as object),
    ViewerCertificate: viewerCertificate(config.ViewerCertificate),
    CustomErrorResponses: errorResponses(CustomErrorResponses),
    OriginGroups: OriginGroups.Quantity > 0 ? plain(OriginGroups) : undefined,
    DefaultCacheBehavior: behaviorOf(DefaultCacheBehavior),
    CacheBehaviors: (CacheBehaviors.Items ?? []).map(behaviorOf),
    Logging:
      Logging.Enabled === true
        ? { Bucket: Logging.Bucket, Prefix: Logging.Prefix, IncludeCookies: Logging.IncludeCookies }
        : undefined,
    Restrictions: { GeoRestriction: { RestrictionType, Locations } },
  };
}

export const distribution: Mapping<Distribution> = ({ id, domainName, config, tags }) => [
  {
    type: 'AWS::CloudFront::Distribution',
    ids: { [id]: 'Ref', [domainName]: 'DomainName' },
    properties: { DistributionConfig: distributionConfig(config), Tags: tagPairs(tags) },
  },
];

export const vpcOrigin: Mapping<VpcOrigin> = ({ id, config, tags }) => [
  {
    type: 'AWS::CloudFront::VpcOrigin',
    ids: { [id]: 'Id' },
    properties: { VpcOriginEndpointConfig: plain(config), Tags: tagPairs(tags) },
  },
];
