import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import type { Versioned } from './kinds.ts';

/** A list as CloudFront has them everywhere. */
export interface Counted<T> {
  readonly Quantity: number;
  readonly Items?: readonly T[];
}

export interface Origin {
  readonly Id: string;
  readonly DomainName: string;
  readonly S3OriginConfig?: { readonly OriginAccessIdentity: string };
  readonly CustomOriginConfig?: object;
  readonly VpcOriginConfig?: {
    readonly VpcOriginId: string;
    readonly OriginReadTimeout?: number;
    readonly OriginKeepaliveTimeout?: number;
  };
  readonly OriginAccessControlId?: string;
}

export interface Behavior {
  readonly TargetOriginId: string;
  readonly CachePolicyId?: string;
  readonly OriginRequestPolicyId?: string;
  readonly ResponseHeadersPolicyId?: string;
  readonly AllowedMethods?: Counted<string> & { readonly CachedMethods?: Counted<string> };
}

export interface ErrorResponse {
  readonly ErrorCode: number;
  readonly ResponsePagePath?: string;
  readonly ResponseCode?: string;
  readonly ErrorCachingMinTTL?: number;
}

export interface ViewerCertificate {
  readonly CloudFrontDefaultCertificate?: boolean;
  readonly ACMCertificateArn?: string;
  readonly IAMCertificateId?: string;
  readonly SSLSupportMethod?: string;
  readonly MinimumProtocolVersion?: string;
}

/** With all that CloudFront fills in where a caller leaves it out. */
export interface Config {
  readonly CallerReference: string;
  readonly Aliases: Counted<string>;
  readonly DefaultRootObject: string;
  readonly Origins: { readonly Quantity: number; readonly Items: readonly Origin[] };
  readonly OriginGroups: Counted<object>;
  readonly DefaultCacheBehavior: Behavior;
  readonly CacheBehaviors: Counted<Behavior & { readonly PathPattern: string }>;
  readonly CustomErrorResponses: Counted<ErrorResponse>;
  readonly Comment: string;
  readonly Logging: {
    readonly Enabled?: boolean;
    readonly IncludeCookies?: boolean;
    readonly Bucket?: string;
    readonly Prefix?: string;
  };
  readonly PriceClass: string;
  readonly Enabled: boolean;
  readonly ViewerCertificate: ViewerCertificate;
  readonly Restrictions: object;
  readonly WebACLId: string;
  readonly HttpVersion: string;
  readonly IsIPV6Enabled: boolean;
  readonly Staging: boolean;
}

export interface Distribution extends Versioned {
  readonly arn: string;
  readonly domainName: string;
  readonly tags: TagMap;
  readonly config: Config;
  readonly status: 'InProgress' | 'Deployed';
  readonly changedAt: number;
}

export const distributions: Kind<Distribution> = { type: 'cloudfront/distribution', tags: ({ tags }) => tags };

export interface VpcOriginConfig {
  readonly Name: string;
  readonly Arn: string;
  readonly HTTPPort: number;
  readonly HTTPSPort: number;
  readonly OriginProtocolPolicy: string;
  readonly OriginSslProtocols?: Counted<string>;
}

export interface VpcOrigin extends Versioned {
  readonly arn: string;
  readonly tags: TagMap;
  readonly config: VpcOriginConfig;
  readonly status: 'Deploying' | 'Deployed';
  readonly deleting: boolean;
  readonly createdAt: number;
  readonly changedAt: number;
  /** The interfaces by which CloudFront reaches into the subnets of the origin. */
  readonly interfaceIds: readonly string[];
}

export const vpcOrigins: Kind<VpcOrigin> = { type: 'cloudfront/vpc-origin', tags: ({ tags }) => tags };
