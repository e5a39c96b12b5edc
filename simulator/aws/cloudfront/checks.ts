import { certificates } from '../acm/certificates.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { everyBucket } from '../s3/kinds.ts';
import { global } from './kinds.ts';
import { managedPolicies, type ManagedPolicy } from './managed-policies.ts';
import { originAccessControls } from './origin-access-controls.ts';
import { distributions, vpcOrigins, type Behavior, type Config, type Origin } from './stored.ts';

const invalid = (why: string): AwsError => new AwsError('InvalidArgument', why);

/** What CloudFront refuses of a configuration, whether a distribution is made or changed by it. */
export function checkConfig(request: Request, config: Config, except?: string): void {
  checkQuantities(config);
  if (config.Comment.length > 128) throw invalid('The parameter Comment is too long.');
  for (const origin of config.Origins.Items) checkOrigin(request, origin);
  const ids = config.Origins.Items.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length) throw invalid('The parameter Origin Id must be unique.');
  for (const behavior of [config.DefaultCacheBehavior, ...(config.CacheBehaviors.Items ?? [])])
    checkBehavior(behavior, ids);
  checkErrorPages(config);
  checkLogs(request, config);
  checkAliases(request, config, except);
  checkCertificate(request, config);
}

/** Every list says how many members it has. */
function checkQuantities(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const { Quantity, Items } = value as { Quantity?: number; Items?: readonly unknown[] };
  if (Quantity !== undefined && Quantity !== (Items?.length ?? 0))
    throw new AwsError('InconsistentQuantities', 'The value of Quantity and the size of Items do not match.');
  for (const member of Object.values(value)) checkQuantities(member);
}

function checkOrigin(request: Request, origin: Origin): void {
  const { S3OriginConfig, CustomOriginConfig, VpcOriginConfig, OriginAccessControlId = '' } = origin;
  if ([S3OriginConfig, CustomOriginConfig, VpcOriginConfig].filter(Boolean).length !== 1)
    throw new AwsError(
      'InvalidOrigin',
      'The Amazon S3 origin server specified does not refer to a valid Amazon S3 bucket.',
    );
  if (S3OriginConfig && !/^[a-z0-9.-]+\.s3[.-][a-z0-9.-]*amazonaws\.com$/.test(origin.DomainName))
    throw new AwsError(
      'InvalidOrigin',
      'The Amazon S3 origin server specified does not refer to a valid Amazon S3 bucket.',
    );
  if (VpcOriginConfig) {
    checkVpcOrigin(request, VpcOriginConfig.VpcOriginId);
    checkReadTimeout(VpcOriginConfig);
  }
  if (OriginAccessControlId !== '' && !global(request, originAccessControls).get(OriginAccessControlId))
    throw new AwsError('InvalidOriginAccessControl', 'The origin access control is not valid.');
}

function checkVpcOrigin(request: Request, id: string): void {
  const found = global(request, vpcOrigins).get(id);
  if (!found || found.deleting) throw new AwsError('EntityNotFound', `The VPC origin ${id} was not found.`, 404);
  // "After the VPC origin is deployed, you can add it to your distributions."
  if (found.status !== 'Deployed') throw invalid(`The VPC origin ${id} is not deployed.`);
}

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginConfig.html */
function checkReadTimeout({ OriginReadTimeout = 30 }: NonNullable<Origin['VpcOriginConfig']>): void {
  if (OriginReadTimeout < 1 || OriginReadTimeout > 120)
    throw new AwsError('InvalidOriginReadTimeout', 'The read timeout specified for the origin is not valid.');
}

const missing = {
  CachePolicyId: 'NoSuchCachePolicy',
  OriginRequestPolicyId: 'NoSuchOriginRequestPolicy',
  ResponseHeadersPolicyId: 'NoSuchResponseHeadersPolicy',
} as const;

function checkBehavior(behavior: Behavior, originIds: readonly string[]): void {
  if (!originIds.includes(behavior.TargetOriginId))
    throw new AwsError('NoSuchOrigin', 'No origin exists with the specified Origin Id.', 404);
  if (behavior.CachePolicyId === undefined)
    throw new AwsError('UnsupportedOperation', 'Only behaviors with a cache policy are simulated', 501);
  for (const [member, code] of Object.entries(missing) as [keyof typeof missing, string][]) {
    const id = behavior[member];
    const known: readonly ManagedPolicy[] = managedPolicies[member];
    if (id !== undefined && !known.some((policy) => policy.id === id))
      throw new AwsError(code, `The policy ${id} does not exist.`, 404);
  }
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html */
const errorCodes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/**
 * A page goes with a status, and a status with a page (https://github.com/aws-samples/react-cors-spa/issues/19); without
 * either the error is kept for some time, and no more. A page may be served as any of these errors, or as if all were well.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomErrorResponse.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-response-code.html
 */
function checkErrorPages({ CustomErrorResponses: { Items: pages = [] } }: Config): void {
  for (const { ErrorCode, ResponsePagePath = '', ResponseCode = '' } of pages) {
    if (!errorCodes.includes(ErrorCode)) throw invalid('The parameter ErrorCode is invalid.');
    if ((ResponsePagePath === '') !== (ResponseCode === ''))
      throw invalid('CustomErrorResponse: Both or neither of ResponseCode and ResponsePagePath must be specified');
    if (ResponseCode !== '' && ![200, ...errorCodes].includes(Number(ResponseCode)))
      throw invalid('The parameter ResponseCode is invalid.');
  }
}

/** Some of those that an account has to enable first: https://github.com/aws/aws-cdk/issues/33747 */
const withoutLogs = ['af-south-1', 'ap-east-1', 'eu-south-1', 'me-south-1', 'eu-central-2'];

/**
 * CloudFront changes the ACL of the bucket, as whoever calls it. Of a bucket that is not in this account nothing is known.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
function checkLogs({ world }: Request, { Logging: { Enabled, Bucket = '' } }: Config): void {
  const found = Enabled ? everyBucket(world).find(({ name }) => Bucket.startsWith(`${name}.s3.`)) : undefined;
  if (!found) return;
  if (withoutLogs.includes(found.region))
    throw new AwsError(
      'AccessDenied',
      `You don't have permission to access the S3 bucket for CloudFront logs: ${Bucket} If you're using IAM, you need s3:GetBucketAcl and s3:PutBucketAcl permissions to create a distribution or to update log settings for an existing distribution. In addition, the S3 ACL for the bucket must grant you FULL_CONTROL.`,
      403,
    );
  if (found.ownership === 'BucketOwnerEnforced')
    throw invalid(`The S3 bucket that you specified for CloudFront logs does not enable ACL access: ${Bucket}`);
}

function checkAliases(request: Request, { Aliases: { Items: names = [] } }: Config, except: string | undefined): void {
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
  const most = request.world.quotas.get('Alternate domain names (CNAMEs) per distribution') ?? 100;
  if (names.length > most)
    throw new AwsError(
      'TooManyDistributionCNAMEs',
      'Your request contains more CNAMEs than are allowed per distribution.',
    );
  const taken = global(request, distributions)
    .all()
    .filter(({ id }) => id !== except)
    .flatMap(({ config }) => config.Aliases.Items ?? []);
  if (names.some((name) => taken.includes(name)))
    throw new AwsError(
      'CNAMEAlreadyExists',
      'One or more of the CNAMEs you provided are already associated with a different resource.',
      409,
    );
}

const badCertificate = (why: string): AwsError => new AwsError('InvalidViewerCertificate', why);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
function checkCertificate(
  { world, now }: Request,
  { ViewerCertificate, Aliases: { Items: names = [] } }: Config,
): void {
  const { ACMCertificateArn: arn, SSLSupportMethod } = ViewerCertificate;
  if (arn === undefined) {
    if (names.length > 0)
      throw badCertificate(
        'To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.',
      );
    return;
  }
  if (SSLSupportMethod === undefined) throw invalid('The parameter SSLSupportMethod is required.');
  const found = world.collection('us-east-1', certificates).get(arn);
  const isKnown = found?.issuedAt !== undefined && now - found.issuedAt >= durations.certificateKnownToCloudFront;
  if (found?.status !== 'ISSUED' || !isKnown)
    throw badCertificate(
      "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
    );
  if (!names.every((name) => found.names.some((pattern) => covers(pattern, name))))
    throw badCertificate(
      "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add.",
    );
}

const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2));
