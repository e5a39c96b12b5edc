/** Where CloudFront gets what it does not have: exactly one of the two ways is given. */
export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** Through a VPC origin, over HTTPS. */
  readonly vpcOriginId?: string;
  /** How long it may take to begin its answer, or to go on with it. Of a bucket nothing is said. */
  readonly readTimeoutSeconds?: number;
  /** From a bucket, signed by an access control. */
  readonly originAccessControlId?: string;
}

/** What is done with requests: all of them, or those to some paths. */
export interface Behavior {
  readonly originId: string;
  readonly viewerProtocol: 'redirect-to-https' | 'https-only' | 'allow-all';
  readonly methods: readonly Method[];
  readonly cachePolicyId: string;
  readonly originRequestPolicyId?: string;
  readonly responseHeadersPolicyId?: string;
  readonly compress: boolean;
  /** The ARNs of functions that run at the edge; a store has none. */
  readonly functions: readonly string[];
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'OPTIONS' | 'DELETE';

export interface PathBehavior extends Behavior {
  /** As `/static/*`. */
  readonly path: string;
}

/** How an error of the origin is answered. */
export interface ErrorAnswer {
  readonly errorCode: number;
  /** For how long everybody who asks for the same path gets it, without the origin being asked. */
  readonly cachingSeconds: number;
  /** What is shown instead of the origin's answer. */
  readonly page?: { readonly path: string; readonly responseCode: number };
}

export interface StandardLogs {
  /** By its domain name, as `logs.s3.amazonaws.com`. */
  readonly bucket: string;
  readonly prefix: string;
}

/** What the world sees of a store: its names, answered at the edge. */
export interface DistributionProps {
  readonly aliases: readonly string[];
  /** In us-east-1. */
  readonly certificateArn: string;
  /** The oldest TLS that viewers may speak, with the ciphers that go with it. */
  readonly minimumTls: string;
  readonly origins: readonly Origin[];
  readonly defaultBehavior: Behavior;
  /** The first whose path fits is taken. */
  readonly behaviors: readonly PathBehavior[];
  readonly errorAnswers: readonly ErrorAnswer[];
  readonly comment: string;
  readonly priceClass: 'PriceClass_100' | 'PriceClass_200' | 'PriceClass_All';
  readonly httpVersion: 'http2' | 'http2and3';
  readonly ipv6: boolean;
  readonly geoRestriction: 'none' | 'blacklist' | 'whitelist';
  readonly enabled: boolean;
  readonly logs: StandardLogs | null;
  /** What `/` stands for; empty where the application answers it itself. */
  readonly rootObject: string;
}
