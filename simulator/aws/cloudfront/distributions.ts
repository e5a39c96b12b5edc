import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { usedReferences } from '../core/used-references.ts';
import { durations } from '../durations.ts';
import { alsoUsesCertificates } from '../elbv2/certificates.ts';
import { checkConfig } from './checks.ts';
import { withDefaults } from './defaults.ts';
import { refuseUpdateInPart } from './whole.ts';
import { arnOf, checkVersion, global, listPage, newId, tagsGiven, type Paged, type TagsInput } from './kinds.ts';
import { distributions, type Config, type Distribution } from './stored.ts';

alsoUsesCertificates(({ world }, arn) =>
  world
    .collection('global', distributions)
    .all()
    .filter(({ config }) => config.ViewerCertificate.ACMCertificateArn === arn)
    .map((distribution) => distribution.arn),
);

function distributionOf(request: Request, id: string): Distribution {
  const found = global(request, distributions).get(id);
  if (!found) throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', 404);
  return found;
}

const told = (distribution: Distribution) => ({
  Distribution: {
    Id: distribution.id,
    ARN: distribution.arn,
    Status: distribution.status,
    LastModifiedTime: new Date(distribution.changedAt),
    InProgressInvalidationBatches: 0,
    DomainName: distribution.domainName,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: distribution.config,
  },
  ETag: distribution.etag,
});

/** Lists tell most of the configuration, but no logging, no root object and no caller reference. */
const summary = (distribution: Distribution) => {
  const { CallerReference: _reference, DefaultRootObject: _root, Logging: _logging, ...config } = distribution.config;
  const { id, arn, etag, status, domainName, changedAt } = distribution;
  return {
    ...{ Id: id, ARN: arn, ETag: etag, Status: status, DomainName: domainName },
    LastModifiedTime: new Date(changedAt),
    ...config,
  };
};

/** Every change travels to all edges. */
function deploy(request: Request, { id, etag }: Distribution): void {
  request.world.schedule(durations.distributionDeploying, () => {
    const all = global(request, distributions);
    if (all.get(id)?.etag === etag) all.change(id, { status: 'Deployed' });
  });
}

function make(given: Config, tags: TagsInput | undefined, request: Request) {
  const all = global(request, distributions);
  // "If CallerReference is a value that you already sent in a previous request to create a distribution, CloudFront
  // returns a DistributionAlreadyExists error." (API_DistributionConfig)
  const used = usedReferences(request.world, distributions.type);
  if (used.get(given.CallerReference))
    throw new AwsError(
      'DistributionAlreadyExists',
      'The caller reference you attempted to create the distribution with is associated with another distribution.',
      409,
    );
  request.withinQuota(
    'Distributions per AWS account',
    500,
    all.all().length,
    'TooManyDistributions',
    'Processing your request would cause you to exceed the maximum number of distributions allowed.',
  );
  const config = withDefaults(given);
  checkConfig(request, config);
  const id = newId(request);
  const made = all.put(id, {
    ...{ id, arn: arnOf(request, `distribution/${id}`), etag: newId(request), tags: tagsGiven(tags), config },
    domainName: `d${request.world.random.text('abcdefghijklmnopqrstuvwxyz0123456789', 13)}.cloudfront.net`,
    ...{ status: 'InProgress', changedAt: request.now },
  });
  used.put(given.CallerReference, { reference: given.CallerReference });
  deploy(request, made);
  return { ...told(made), Location: `https://cloudfront.amazonaws.com/2020-05-31/distribution/${id}` };
}

interface ById {
  readonly Id: string;
  readonly IfMatch?: string;
}

function update({ Id, IfMatch, DistributionConfig }: ById & { DistributionConfig: Config }, request: Request) {
  const found = distributionOf(request, Id);
  checkVersion(found, IfMatch);
  if (DistributionConfig.CallerReference !== found.config.CallerReference)
    throw new AwsError('IllegalUpdate', 'The update contains modifications that are not allowed.');
  refuseUpdateInPart(DistributionConfig);
  const config = withDefaults(DistributionConfig);
  checkConfig(request, config, Id);
  const changed = global(request, distributions).change(Id, {
    ...{ config, etag: newId(request), status: 'InProgress', changedAt: request.now },
  });
  deploy(request, changed);
  return told(changed);
}

function remove({ Id, IfMatch }: ById, request: Request): void {
  const found = distributionOf(request, Id);
  checkVersion(found, IfMatch);
  // Disabled, and disabled everywhere.
  if (found.config.Enabled || found.status !== 'Deployed')
    throw new AwsError(
      'DistributionNotDisabled',
      'The specified CloudFront distribution is not disabled. You must disable the distribution before you can delete it.',
      409,
    );
  global(request, distributions).remove(Id);
}

/** Distributions: what the world sees of a store. */
export const distributionOperations: Operations = {
  CreateDistributionWithTags: (
    {
      DistributionConfigWithTags: given,
    }: { DistributionConfigWithTags: { DistributionConfig: Config; Tags?: TagsInput } },
    request,
  ) => make(given.DistributionConfig, given.Tags, request),
  GetDistribution: ({ Id }: ById, request) => told(distributionOf(request, Id)),
  GetDistributionConfig: ({ Id }: ById, request) => {
    const { config, etag } = distributionOf(request, Id);
    return { DistributionConfig: config, ETag: etag };
  },
  UpdateDistribution: update,
  DeleteDistribution: remove,
  ListDistributions: (input: Paged, request) => ({
    DistributionList: listPage(request, distributions, input, summary),
  }),
};
