import type { Ref, Wanted } from '../../model/ref.ts';
import type { Behavior, ErrorAnswer, Origin, PathBehavior } from '../../resources/cloudfront/distribution-props.ts';
import { distribution } from '../../resources/cloudfront/distribution.ts';
import { vpcOrigin } from '../../resources/cloudfront/vpc-origin.ts';
import { edgeCertificateOf, type Site } from '../site.ts';
import { addCertificate, addValidation, givenCertificate, type Domain, type Proof } from './domain.ts';
import type { LoadBalancing } from './load-balancer.ts';
import { allow, publish, type Offer } from './offer.ts';
import { recordsOf, type Front } from './records.ts';

type CdnSpec = NonNullable<Site['spec']['cdn']>;

/** Where the content of a store lies, for CloudFront to fetch. */
export type BucketOrigin = { readonly [K in 'domainName' | 'originAccessControlId']: Ref<string> };

/**
 * Policies that AWS keeps, the same in every account.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and its neighbours.
 */
const managed = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  /** As long as the origin's Cache-Control says, a day where it says nothing; compressed. */
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  /** All of the viewer's headers, cookies and query strings. */
  allViewer: '216adef6-5c7f-47e4-b989-5492eafa07d3',
  hostHeaderOnly: 'bf0718e1-ba1e-49d1-88b1-f726733018ae',
  securityHeaders: '67f7725c-6f97-4210-82d7-5512b31e9d03',
} as const;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
const home = 'us-east-1';
const toApplication = 'application';
const toContent = 'content';

/** The CDN: the only way in. It asks the load balancer inside the VPC, and the bucket where the store has content. */
export function composeCdn(
  site: Site,
  domain: Domain,
  balancer: LoadBalancing,
  bucket: BucketOrigin | undefined,
): { readonly front: Front; readonly distributionArn: Ref<string>; readonly offer: Offer } {
  const { graph, spec, owner } = site;
  const cdn = spec.cdn as CdnSpec;
  const way = graph.add(vpcOrigin, 'cdn/vpc-origin', {
    loadBalancerArn: balancer.loadBalancerArn,
    httpsPort: 443,
    protocolPolicy: 'https-only',
  });
  const application = {
    ...{ id: toApplication, domainName: balancer.dnsName, vpcOriginId: way.out('vpcOriginId') },
    readTimeoutSeconds: cdn.originTimeoutSeconds,
  };
  const content = bucket && { id: toContent, ...bucket };
  const proof = proofAtTheEdge(site, cdn, domain);
  const made = graph.add(
    distribution,
    'cdn/distribution',
    {
      // CloudFront takes a name only with a certificate for it: a new one comes with the certificate that proves it.
      aliases: proof.out('names'),
      certificateArn: proof.out('certificateArn'),
      minimumTls: 'TLSv1.2_2021',
      origins: (content ? [application, content] : [application]) as readonly Wanted<Origin>[],
      defaultBehavior: dynamic,
      behaviors: cdn.staticPaths.map((path): PathBehavior => ({ path, ...(content ? stored : cached) })),
      errorAnswers: errorAnswers(cdn),
      comment: `Store ${owner.namespace}/${owner.name}`,
      priceClass: cdn.priceClass,
      httpVersion: 'http2and3',
      ipv6: true,
      geoRestriction: 'none',
      enabled: true,
      logs: cdn.logs ? { bucket: `${cdn.logs.bucket}.s3.amazonaws.com`, prefix: cdn.logs.prefix ?? '' } : null,
      rootObject: '',
    },
    {
      behind: recordsOf(site),
      specFields: {
        aliases: 'spec.domain.aliases',
        behaviors: 'spec.cdn.staticPaths',
        errorAnswers: 'spec.cdn.errorPages',
        logs: 'spec.cdn.logs',
      },
    },
  );
  return {
    front: {
      ...{ dnsName: made.out('domainName'), hostedZoneId: made.out('hostedZoneId'), evaluateHealth: false },
      settled: [made, ...balancer.settled],
      servedBy: balancer.servedBy,
    },
    distributionArn: made.out('distributionArn'),
    offer: {
      parameters: [
        publish(site, 'cdn', 'cdn/host', made.out('domainName'), "CloudFront's own name of the distribution"),
        publish(site, 'cdn', 'cdn/distribution-id', made.out('distributionId'), 'Id of the distribution'),
      ],
      // Files that keep their names are kept at the edge until the application says that they are others.
      policies: { 'refresh-cdn': allow(['cloudfront:CreateInvalidation'], [made.out('distributionArn')]) },
    },
  };
}

/**
 * Errors that CloudFront keeps, for ten seconds where nothing else is said, `Cache-Control: no-store` or not. What it keeps
 * has neither cookies nor query strings to be told apart by: one customer's error would be everybody's.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const keptErrors = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504] as const;

/** No error is kept for anybody else, but where the store says for how long. */
function errorAnswers({ errorPages }: CdnSpec): ErrorAnswer[] {
  const said = errorPages.map(({ errorCode, path, responseCode = errorCode, cachingSeconds = 0 }) => ({
    ...{ errorCode, cachingSeconds },
    ...(path === undefined ? {} : { page: { path, responseCode } }),
  }));
  const left = keptErrors.filter((code) => !said.some(({ errorCode }) => errorCode === code));
  return [...said, ...left.map((errorCode) => ({ errorCode, cachingSeconds: 0 }))];
}

/** What every path has in common. */
const secure = {
  viewerProtocol: 'redirect-to-https',
  responseHeadersPolicyId: managed.securityHeaders,
  compress: true,
  functions: [],
} as const;

/** Every request goes to the application as the viewer made it: sessions and sign-in are in its cookies and headers. */
const dynamic: Behavior = {
  ...secure,
  originId: toApplication,
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
  cachePolicyId: managed.cachingDisabled,
  originRequestPolicyId: managed.allViewer,
};

/**
 * Static files of the application: they are kept, whoever asks. It is told the host, which its certificate has to name,
 * and no cookies: then CloudFront takes `Set-Cookie` out of answers, which would give one viewer's session, and the
 * load balancer's stickiness, to all who come after.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
 */
const cached: Behavior = {
  ...secure,
  originId: toApplication,
  methods: ['GET', 'HEAD', 'OPTIONS'],
  cachePolicyId: managed.cachingOptimized,
  originRequestPolicyId: managed.hostHeaderOnly,
};

/** Static files of the bucket, which is asked under its own name. */
const stored: Behavior = {
  ...secure,
  originId: toContent,
  methods: ['GET', 'HEAD', 'OPTIONS'],
  cachePolicyId: managed.cachingOptimized,
};

/**
 * CloudFront takes certificates from us-east-1 alone. One that is requested there is proven by the records of the load
 * balancer's: they are the same for a name in all regions of an account.
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
function proofAtTheEdge(site: Site, cdn: CdnSpec, domain: Domain): Proof {
  const { domain: given } = site.spec;
  if (cdn.certificateArn !== undefined)
    return givenCertificate(site, 'cdn/certificate', cdn.certificateArn, 'spec.cdn.certificateArn', home);
  if (edgeCertificateOf(site.spec) === 'domain/certificate') return domain.certificate;
  const requested = addCertificate(site, 'cdn/certificate', home);
  if (given.certificateArn !== undefined) addValidation(site, requested, domain.zoneId);
  return requested;
}
