const nothing = { CookiesConfig: { CookieBehavior: 'none' }, QueryStringsConfig: { QueryStringBehavior: 'none' } };
const everything = { CookiesConfig: { CookieBehavior: 'all' }, QueryStringsConfig: { QueryStringBehavior: 'all' } };

/** What is left in the cache key is the encoding that an answer is kept in. */
const cached = (isCompressed: boolean) => ({
  EnableAcceptEncodingGzip: isCompressed,
  EnableAcceptEncodingBrotli: isCompressed,
  HeadersConfig: { HeaderBehavior: 'none' },
  ...nothing,
});

const upToAYear = { MinTTL: 1, DefaultTTL: 86_400, MaxTTL: 31_536_000 };
const headers = (...Items: readonly string[]) => ({ Quantity: Items.length, Items });

export interface ManagedPolicy {
  readonly id: string;
  readonly config: { readonly Name: string; readonly [member: string]: unknown };
}

/**
 * Policies that AWS keeps for everybody, in the members that name them; not all of them, and own ones are not simulated.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
 */
export const managedPolicies = {
  CachePolicyId: [
    {
      id: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      config: {
        ...{ Name: 'Managed-CachingOptimized', ...upToAYear },
        ParametersInCacheKeyAndForwardedToOrigin: cached(true),
      },
    },
    {
      id: 'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
      config: {
        ...{ Name: 'Managed-CachingOptimizedForUncompressedObjects', ...upToAYear },
        ParametersInCacheKeyAndForwardedToOrigin: cached(false),
      },
    },
    {
      id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      config: {
        ...{ Name: 'Managed-CachingDisabled', MinTTL: 0, DefaultTTL: 0, MaxTTL: 0 },
        ParametersInCacheKeyAndForwardedToOrigin: cached(false),
      },
    },
  ],
  OriginRequestPolicyId: [
    {
      id: '216adef6-5c7f-47e4-b989-5492eafa07d3',
      config: { Name: 'Managed-AllViewer', HeadersConfig: { HeaderBehavior: 'allViewer' }, ...everything },
    },
    {
      id: 'bf0718e1-ba1e-49d1-88b1-f726733018ae',
      config: {
        Name: 'Managed-HostHeaderOnly',
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: headers('host') },
        ...nothing,
      },
    },
    {
      id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      config: {
        Name: 'Managed-AllViewerExceptHostHeader',
        HeadersConfig: { HeaderBehavior: 'allExcept', Headers: headers('host') },
        ...everything,
      },
    },
    {
      id: '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
      config: {
        Name: 'Managed-CORS-S3Origin',
        HeadersConfig: {
          HeaderBehavior: 'whitelist',
          Headers: headers('origin', 'access-control-request-headers', 'access-control-request-method'),
        },
        ...nothing,
      },
    },
  ],
  ResponseHeadersPolicyId: [
    {
      id: '67f7725c-6f97-4210-82d7-5512b31e9d03',
      config: {
        Name: 'Managed-SecurityHeadersPolicy',
        SecurityHeadersConfig: {
          XSSProtection: { Override: false, Protection: true, ModeBlock: true },
          FrameOptions: { Override: false, FrameOption: 'SAMEORIGIN' },
          ReferrerPolicy: { Override: false, ReferrerPolicy: 'strict-origin-when-cross-origin' },
          ContentTypeOptions: { Override: true },
          StrictTransportSecurity: { Override: false, AccessControlMaxAgeSec: 31_536_000 },
        },
      },
    },
  ],
} as const satisfies Readonly<Record<string, readonly ManagedPolicy[]>>;
