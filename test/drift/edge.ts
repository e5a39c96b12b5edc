import type { DistributionProps } from '../../operator/resources/cloudfront/distribution-props.ts';
import { distribution } from '../../operator/resources/cloudfront/distribution.ts';
import { originAccessControl } from '../../operator/resources/cloudfront/origin-access-control.ts';
import { vpcOrigin } from '../../operator/resources/cloudfront/vpc-origin.ts';
import { byUpdate } from './by-update.ts';
import { driftsOf, fixedInAws, flag, notInAws, refusedByAws, value, type Drift, type PropertyDrifts } from './drift.ts';
import type { Place } from './place.ts';

const cloudfront = (place: Place) => place.call('cloudfront');

/** CloudFront takes a change to its edges in some minutes, and the mending of it again. */
const edge = <K extends keyof DistributionProps>(
  what: string,
  field: K,
  make: (has: NonNullable<DistributionProps[K]>, place: Place) => DistributionProps[K],
): Drift => {
  const drift = byUpdate(distribution, 'cdn/distribution')(what, field, make);
  return {
    ...drift,
    make: async (place) => {
      await drift.make(place);
      place.world.clock.advance(360_000);
      place.world.aws.world.settle();
    },
    awsMinutes: 10,
  };
};

const list = <T>(items: readonly T[]): readonly T[] => items.slice(1);

export const distributionDrifts = driftsOf(distribution, {
  in: 'edge',
  node: 'cdn/distribution',
  properties: {
    aliases: {
      changed: refusedByAws('a certificate has to cover it', 'InvalidViewerCertificate', (place) =>
        edge('', 'aliases', () => ['shop.example.net']).make(place),
      ),
      removed: edge('no name', 'aliases', () => []),
      extra: refusedByAws('a certificate has to cover it', 'InvalidViewerCertificate', (place) =>
        edge('', 'aliases', (has) => [...has, 'shop.example.net']).make(place),
      ),
    },
    certificateArn: {
      changed: refusedByAws('it has to cover the names', 'InvalidViewerCertificate', (place) =>
        edge('', 'certificateArn', (has) => has.replace(/[0-9a-f]{12}$/, '000000000000')).make(place),
      ),
      removed: notInAws('names need one'),
      extra: notInAws('a distribution has one'),
    },
    minimumTls: value(edge('older TLS', 'minimumTls', () => 'TLSv1.1_2016')),
    origins: {
      changed: edge('the bucket elsewhere, and another time for the application', 'origins', (has) =>
        has.map((one) => ({
          ...one,
          ...(one.id === 'content'
            ? { domainName: 'theirs.s3.eu-central-1.amazonaws.com' }
            : { readTimeoutSeconds: 1 }),
        })),
      ),
      removed: refusedByAws('paths lead to it', 'NoSuchOrigin', (place) => edge('', 'origins', list).make(place)),
      extra: edge('one more', 'origins', (has) => [
        ...has,
        ...has.filter(({ id }) => id === 'content').map((one) => ({ ...one, id: 'theirs' })),
      ]),
    },
    defaultBehavior: value(
      edge('everything is kept, whoever asks', 'defaultBehavior', (has) => ({
        ...has,
        cachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      })),
    ),
    behaviors: {
      changed: edge('in the clear as well', 'behaviors', (has) =>
        has.map((one) => ({ ...one, viewerProtocol: 'allow-all' as const })),
      ),
      removed: edge('one fewer', 'behaviors', list),
      extra: edge('one more', 'behaviors', (has) => [...has, { ...(has[0] as (typeof has)[0]), path: '/theirs/*' }]),
    },
    errorAnswers: {
      changed: edge('pages of theirs, and kept for a minute', 'errorAnswers', (has) =>
        has.map(({ errorCode }) => ({
          ...{ errorCode, cachingSeconds: 60, page: { path: '/theirs.html', responseCode: errorCode } },
        })),
      ),
      removed: edge('none', 'errorAnswers', () => []),
      extra: edge('one more', 'errorAnswers', (has) => [...has, { errorCode: 416, cachingSeconds: 60 }]),
    },
    comment: value(edge('other words', 'comment', () => 'theirs')),
    priceClass: value(edge('fewer places', 'priceClass', () => 'PriceClass_100')),
    httpVersion: value(edge('without HTTP/3', 'httpVersion', () => 'http2')),
    ipv6: flag(edge('turned off', 'ipv6', () => false)),
    geoRestriction: nowhere('our calls name no countries, without which AWS takes no restriction'),
    enabled: flag(edge('turned off', 'enabled', () => false)),
    logs: {
      changed: edge('written to a bucket of theirs', 'logs', () => ({
        bucket: 'example-access-logs.s3.amazonaws.com',
        prefix: '',
      })),
      removed: notInAws('none are wanted'),
      extra: notInAws('there is one place for them'),
    },
    rootObject: value(edge('a page', 'rootObject', () => 'index.html')),
  },
  deleted: {
    what: 'made again, under another name of CloudFront’s: the records and the bucket follow',
    make: async (place) => {
      const Id = place.id('cdn/distribution');
      await edge('', 'enabled', () => false).make(place);
      const { ETag } = await cloudfront(place)('GetDistribution', { Id });
      await cloudfront(place)('DeleteDistribution', { Id, IfMatch: ETag });
    },
    awsMinutes: 15,
    // Itself, the two records, two parameters, the bucket's policy and the role's.
    writes: 7,
  },
});

function nowhere(why: string): PropertyDrifts {
  const cell = notInAws(why);
  return { changed: cell, removed: cell, extra: cell };
}

const inUse = (what: string): PropertyDrifts => {
  const cell = refusedByAws(what, 'CannotUpdateEntityWhileInUse', async (place) => {
    const Id = place.id('cdn/vpc-origin');
    const { ETag, VpcOrigin } = await cloudfront(place)('GetVpcOrigin', { Id });
    const VpcOriginEndpointConfig = { ...VpcOrigin?.VpcOriginEndpointConfig, HTTPSPort: 8443 };
    await cloudfront(place)('UpdateVpcOrigin' as never, { Id, IfMatch: ETag, VpcOriginEndpointConfig } as never);
  });
  return { changed: cell, removed: cell, extra: cell };
};

export const vpcOriginDrifts = driftsOf(vpcOrigin, {
  in: 'edge',
  node: 'cdn/vpc-origin',
  properties: {
    loadBalancerArn: inUse('CloudFront refuses to change one that a distribution uses'),
    httpsPort: inUse('CloudFront refuses to change one that a distribution uses'),
    protocolPolicy: inUse('CloudFront refuses to change one that a distribution uses'),
  },
  deleted: {
    what: 'CloudFront refuses while the distribution uses it',
    ends: 'refused',
    code: 'CannotDeleteEntityWhileInUse',
    make: async (place) => {
      const Id = place.id('cdn/vpc-origin');
      const { ETag } = await cloudfront(place)('GetVpcOrigin', { Id });
      await cloudfront(place)('DeleteVpcOrigin', { Id, IfMatch: ETag });
    },
    awsMinutes: 0,
    writes: 0,
  },
});

export const originAccessControlDrifts = driftsOf(originAccessControl, {
  in: 'edge',
  node: 'cdn/access-control',
  properties: {
    originType: fixedInAws('cloudfront', 'Id', 'OriginAccessControlOriginType'),
    signing: value(byUpdate(originAccessControl, 'cdn/access-control')('never', 'signing', () => 'never')),
  },
  deleted: {
    what: 'CloudFront refuses while the distribution uses it',
    ends: 'refused',
    code: 'OriginAccessControlInUse',
    make: async (place) => {
      const Id = place.id('cdn/access-control');
      const { ETag } = await cloudfront(place)('GetOriginAccessControl', { Id });
      await cloudfront(place)('DeleteOriginAccessControl', { Id, IfMatch: ETag });
    },
    awsMinutes: 0,
    writes: 0,
  },
});
