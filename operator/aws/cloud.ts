import { STSClient } from '@aws-sdk/client-sts';
import { EC2Client } from '@aws-sdk/client-ec2';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { ACMClient } from '@aws-sdk/client-acm';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SSMClient } from '@aws-sdk/client-ssm';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { RDSClient } from '@aws-sdk/client-rds';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { S3Client } from '@aws-sdk/client-s3';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setMaxListeners } from 'node:events';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Pluggable } from '@smithy/types';
import { eitherSignal } from '../model/either-signal.ts';
import { Fault } from '../model/faults.ts';
import type { ActionClass, Service } from '../model/operations.ts';
import type { Cloud } from '../model/ports.ts';
import { commands } from './commands.ts';
import { pacedCloud, type CloudOptions } from './paced-cloud.ts';
import { AddressedS3Control } from './s3-control.ts';

const clients = {
  sts: STSClient,
  ec2: EC2Client,
  autoscaling: AutoScalingClient,
  elbv2: ElasticLoadBalancingV2Client,
  iam: IAMClient,
  acm: ACMClient,
  route53: Route53Client,
  ssm: SSMClient,
  logs: CloudWatchLogsClient,
  rds: RDSClient,
  elasticache: ElastiCacheClient,
  s3: S3Client,
  s3control: AddressedS3Control,
  cloudfront: CloudFrontClient,
  'cognito-idp': CognitoIdentityProviderClient,
  sns: SNSClient,
  sqs: SQSClient,
  lambda: LambdaClient,
  cloudwatch: CloudWatchClient,
  secretsmanager: SecretsManagerClient,
} as const;

/**
 * S3 alone needs more. Whoever stands in for AWS at an address of its own has no name for each bucket. A redirect to
 * another region is told and not followed: a bucket of a store is in the region of the store. And a checksum goes along
 * where AWS asks for one, not with every object.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
 */
export const s3Settings = () =>
  ({
    forcePathStyle: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'].some((name) => Boolean(process.env[name])),
    followRegionRedirects: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  }) as const;

export type { CloudOptions, Outcome } from './paced-cloud.ts';

export interface ConnectOptions extends CloudOptions {
  /** Added to every client: whoever wants to see commands before the SDK serialises them, which drops what it does not know. */
  readonly plugin?: Pluggable<object, object>;
  readonly limits?: Limits;
}

/** How long AWS is waited for, in milliseconds. */
export interface Limits {
  /** Until an answer begins; and then, until more of it comes. */
  readonly silence: number;
  /** For one call, with all its attempts, and until there are credentials for it. */
  readonly call: number;
}

/** An answer that stops halfway is no error to the SDK: without the second limit it would be waited for for ever. */
const defaultLimits: Limits = { silence: 30_000, call: 180_000 };

// The SDK's clients and commands pair up by service; their generic types cannot say so across a table.
interface AnyClient {
  readonly middlewareStack: { use(plugin: Pluggable<object, object>): void };
  send(command: object, options: { abortSignal: AbortSignal }): Promise<unknown>;
}
type AnyCommand = new (input: object) => object;

/**
 * The real AWS (or whatever AWS_ENDPOINT_URL names), under the SDK's default credentials. Reads are retried by the SDK;
 * writes are sent once, because the SDK re-sends creations whose answer was lost: only the engine, which
 * looks before it creates, may send a write again.
 */
export async function connect(region: string, options: ConnectOptions): Promise<Cloud> {
  const limits = options.limits ?? defaultLimits;
  const handler = new NodeHttpHandler({
    connectionTimeout: 2_000,
    requestTimeout: limits.silence,
    throwOnRequestTimeout: true,
    socketTimeout: limits.silence,
  });
  // Every call under way listens to it; Node takes more than ten listeners for a leak.
  setMaxListeners(0, options.signal);
  const made = new Map<string, AnyClient>();
  const client = (service: Service, inRegion: string, action: ActionClass): AnyClient => {
    const key = `${service}/${inRegion}/${action}`;
    const existing = made.get(key);
    if (existing) return existing;
    const fresh = new clients[service]({
      region: inRegion,
      maxAttempts: action === 'read' ? 3 : 1,
      retryMode: 'standard',
      requestHandler: handler,
      customUserAgent: 'ecomstore-operator',
      ...(service === 's3' ? s3Settings() : {}),
      // A URL of a queue says where AWS is; whoever stands in for it is somewhere else.
      ...(service === 'sqs' ? { useQueueUrlAsEndpoint: false } : {}),
    }) as unknown as AnyClient;
    if (options.plugin) fresh.middlewareStack.use(options.plugin);
    made.set(key, fresh);
    return fresh;
  };

  return pacedCloud(region, options, async ({ service, operation, input, region: inRegion, action }) => {
    const command = (commands[service] as unknown as Record<string, AnyCommand>)[operation];
    if (!command) throw new Fault('bug', `${service}:${operation} has no command: run npm run generate`);
    const send = (abortSignal: AbortSignal) =>
      client(service, inRegion, action).send(new command(input), { abortSignal });
    return within(limits.call, options.signal, send);
  });
}

/**
 * What `work` answers, or a TimeoutError after so many milliseconds, whatever it hangs on: who waits for credentials hears
 * no signal.
 */
async function within<T>(millis: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const either = eitherSignal(signal, over.signal);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error(`no whole answer within ${millis / 1000} s`), { name: 'TimeoutError' }));
      over.abort();
    }, millis);
  });
  try {
    return await Promise.race([work(either.signal), late]);
  } finally {
    clearTimeout(timer);
    either.release();
  }
}
