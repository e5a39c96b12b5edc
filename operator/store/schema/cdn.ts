import { z } from 'zod';
import { distinct, listOf, oneOf, rule, text, whole, withRules } from './words.ts';

/** Codes that CloudFront has pages for: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html */
const errorCodes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504] as const;

/** As what a page may be served: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-response-code.html */
const responseCodes = [200, ...errorCodes] as const;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern */
const path = { max: 255, min: 2, pattern: '^/[A-Za-z0-9_.*$/~"\'@:+&?-]+$' };

const errorPage = withRules(
  z
    .strictObject({
      errorCode: oneOf('The status that the origin has answered.', errorCodes),
      path: text("The page that is shown instead, best one of staticPaths. Left out: the origin's own answer.", {
        ...path,
        example: '/static/sorry.html',
      }).optional(),
      responseCode: oneOf('The status that goes with the page. Left out: errorCode.', responseCodes).optional(),
      cachingSeconds: whole(
        'How long everybody who asks for the same path gets the error, whoever caused it, before CloudFront asks again. Left out: not at all.',
        0,
        31_536_000,
      ).optional(),
    })
    .describe('What is done with one error.'),
  [
    rule('has(self.path) || has(self.cachingSeconds)', {
      wrong: 'the error has neither a page nor a time',
      remedy: 'give path, or cachingSeconds, or leave the error out',
      at: '.path',
      reason: 'FieldValueRequired',
    }),
    rule('!has(self.responseCode) || has(self.path)', {
      wrong: 'responseCode goes with a page, and there is none',
      remedy: 'give path, or leave responseCode out',
      at: '.responseCode',
    }),
  ],
);

/** The CDN before the store: CloudFront, which alone reaches the load balancer then. */
export const cdn = withRules(
  z
    .strictObject({
      priceClass: z
        .enum(['PriceClass_100', 'PriceClass_200', 'PriceClass_All'])
        .default('PriceClass_All')
        .describe(
          'From where CloudFront answers: 100 is North America, Europe and Israel, 200 all but South America and Oceania.',
        ),
      staticPaths: listOf(
        'Paths whose answers are the same for everybody: CloudFront keeps them as long as their Cache-Control says. They come from the content section where there is one, else from the application. The first that fits counts.',
        text('A path, in which a star stands for anything.', { ...path, example: '/static/*' }),
        0,
        20,
      ).default(['/static/*', '/images/*']),
      // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginConfig.html
      originTimeoutSeconds: whole(
        'How long the application may take to begin its answer, or to go on with it, before CloudFront gives up; it asks three times for what was only read. The load balancer gives up after loadBalancer.idleTimeoutSeconds.',
        1,
        120,
      ).default(30),
      errorPages: z
        .array(errorPage)
        .max(errorCodes.length)
        .meta({
          description:
            'Pages that are shown instead of errors, on every path: an API loses what its errors say. And how long errors are kept.',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['errorCode'],
        })
        .default([]),
      certificateArn: text(
        'An ACM certificate that you keep yourself, in us-east-1, for all names of the store. Left out: one is requested, proven by DNS records, and renewed.',
        {
          max: 128,
          pattern: '^arn:aws:acm:us-east-1:[0-9]{12}:certificate/[a-f0-9-]{36}$',
          example: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
        },
      ).optional(),
      logs: z
        .strictObject({
          bucket: text('An S3 bucket with ACLs enabled, in a region that no account has to enable first.', {
            max: 63,
            min: 3,
            pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
            example: 'acme-access-logs',
          }),
          prefix: text('What the names of the logs begin with.', {
            max: 255,
            min: 1,
            pattern: "^[A-Za-z0-9_.!*'()-]+(/[A-Za-z0-9_.!*'()-]+)*/?$",
            example: 'shops/acme/',
          }).optional(),
        })
        .optional()
        .describe(
          "Where the logs of requests go. CloudFront changes the bucket's ACL as the operator, whose role needs s3:GetBucketAcl and s3:PutBucketAcl on it: docs/security.md. Left out: none are written.",
        ),
    })
    .describe(
      'CloudFront before the store, for all of its names. It carries WebSockets, but not on staticPaths, and no gRPC. A store that lives gets it, or loses it, without an outage. Left out: the names lead to the load balancer.',
    ),
  [distinct('staticPaths', 'path')],
);
