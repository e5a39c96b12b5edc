import type * as Sts from '@aws-sdk/client-sts';
import type * as Ec2 from '@aws-sdk/client-ec2';
import type * as Autoscaling from '@aws-sdk/client-auto-scaling';
import type * as Elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import type * as Iam from '@aws-sdk/client-iam';
import type * as Acm from '@aws-sdk/client-acm';
import type * as Route53 from '@aws-sdk/client-route-53';
import type * as Ssm from '@aws-sdk/client-ssm';
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type * as Rds from '@aws-sdk/client-rds';
import type * as Elasticache from '@aws-sdk/client-elasticache';
import type * as S3 from '@aws-sdk/client-s3';
import type * as S3control from '@aws-sdk/client-s3-control';
import type * as Cloudfront from '@aws-sdk/client-cloudfront';
import type * as CognitoIdp from '@aws-sdk/client-cognito-identity-provider';
import type * as Sns from '@aws-sdk/client-sns';
import type * as Sqs from '@aws-sdk/client-sqs';
import type * as Lambda from '@aws-sdk/client-lambda';
import type * as Cloudwatch from '@aws-sdk/client-cloudwatch';
import type * as Secretsmanager from '@aws-sdk/client-secrets-manager';
import type { ActionClass, OperationOf, Service } from './operations.ts';
import type { NodeId } from './ref.ts';

interface Sdk {
  sts: typeof Sts;
  ec2: typeof Ec2;
  autoscaling: typeof Autoscaling;
  elbv2: typeof Elbv2;
  iam: typeof Iam;
  acm: typeof Acm;
  route53: typeof Route53;
  ssm: typeof Ssm;
  logs: typeof Logs;
  rds: typeof Rds;
  elasticache: typeof Elasticache;
  s3: typeof S3;
  s3control: typeof S3control;
  cloudfront: typeof Cloudfront;
  'cognito-idp': typeof CognitoIdp;
  sns: typeof Sns;
  sqs: typeof Sqs;
  lambda: typeof Lambda;
  cloudwatch: typeof Cloudwatch;
  secretsmanager: typeof Secretsmanager;
}

type CommandOf<S extends Service, O extends string> = `${O}Command` extends keyof Sdk[S]
  ? Sdk[S][`${O}Command`]
  : never;

type Command<S extends Service, O extends string> =
  CommandOf<S, O> extends new (...input: never[]) => infer C ? C : never;

/** What an operation takes, as the SDK types it: the compiler refuses unknown members, which the SDK would drop in silence. */
export type Input<S extends Service, O extends string> = Command<S, O> extends { readonly input: infer I } ? I : never;

/** What an operation answers. */
export type Output<S extends Service, O extends string> =
  Command<S, O> extends { resolveMiddleware(...parts: never[]): (...args: never[]) => Promise<{ output: infer R }> }
    ? R
    : never;

/**
 * AWS as the other rooms see it: one call, one answer. It throws a `Fault` and nothing else.
 * A write goes over the wire once; only reads are retried below this line.
 */
export type Aws = {
  readonly [S in Service]: <O extends OperationOf<S>>(operation: O, input: Input<S, O>) => Promise<Output<S, O>>;
};

/** Who goes first when calls are rationed: what a user asked for, then removals, then heals, then looking around. */
export type Priority = 'change' | 'delete' | 'heal' | 'scan';

/** What binds the calls of one caller, where calls wait for their turn. */
export interface Terms {
  /** Takes what waits out of the line: it is not sent. Left out: nothing does. */
  readonly signal?: AbortSignal;
  /** How long a call may wait, in milliseconds from now: what would wait longer is not sent, and leaves the line at once. */
  readonly patience: () => number;
  /** Asked when a call's turn has come, before it is sent: throws where it may not be any more. */
  readonly ask: (service: Service, kind: ActionClass) => void;
}

/** One account, all its regions. Global services answer alike in every region. */
export interface Cloud {
  readonly account: string;
  at(region: string, priority: Priority, terms?: Terms): Aws;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * A creation that AWS would happily do twice, noted before it is sent; the end of data, noted before a snapshot is taken of
 * it, or it is deleted; or the use of a permission to replace.
 */
export interface Intent {
  readonly node: NodeId;
  readonly incarnation: string;
  /** When the intent was written, milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Remembers intents beyond a crash. `write` replaces the store's whole list, succeeds only while nobody else has
 * written to the store since this pass read it, and throws a `busy` fault otherwise: then nothing may be created.
 */
export interface Journal {
  readonly intents: readonly Intent[];
  write(intents: readonly Intent[]): Promise<void>;
}
