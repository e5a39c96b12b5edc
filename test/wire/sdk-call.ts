import * as cloudfront from '@aws-sdk/client-cloudfront';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as cognito from '@aws-sdk/client-cognito-identity-provider';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as s3control from '@aws-sdk/client-s3-control';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { AddressedS3Control } from '../../operator/aws/s3-control.ts';
import { homeRegion } from '../../simulator/account.ts';
import type { ServiceId } from '../../simulator/aws/core/service-model.ts';

interface AnyClient {
  send(command: object): Promise<object>;
}

const sdk: Partial<Record<ServiceId, readonly [client: string, everything: object]>> = {
  cloudfront: ['CloudFrontClient', cloudfront],
  cloudwatch: ['CloudWatchClient', cloudwatch],
  'cognito-idp': ['CognitoIdentityProviderClient', cognito],
  ec2: ['EC2Client', ec2],
  elasticache: ['ElastiCacheClient', elasticache],
  lambda: ['LambdaClient', lambda],
  rds: ['RDSClient', rds],
  route53: ['Route53Client', route53],
  s3: ['S3Client', s3],
  // The SDK's own finds no front that has no host for each account.
  s3control: ['AddressedS3Control', { ...s3control, AddressedS3Control }],
  secretsmanager: ['SecretsManagerClient', secretsmanager],
  sns: ['SNSClient', sns],
  sqs: ['SQSClient', sqs],
};

/** Calls an operation by the JavaScript SDK: what it answered, without metadata, streams read to their end. */
export async function sdkCall(
  endpoint: string,
  service: ServiceId,
  operation: string,
  input: object,
  settings: object = {},
): Promise<object> {
  const [name, everything] = sdk[service] ?? [];
  const classes = everything as Record<string, new (options: object) => unknown> | undefined;
  const [Client, Command] = [classes?.[name ?? ''], classes?.[`${operation}Command`]];
  if (!Client || !Command) throw new Error(`the SDK has no ${service}:${operation} here: add it to the table`);
  const client = new Client({
    ...{ endpoint, region: homeRegion, maxAttempts: 1 },
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    ...settings,
  }) as AnyClient;
  const { $metadata: _, ...answer } = (await client.send(new Command(input) as object)) as Record<string, unknown>;
  const body = answer['Body'] as { transformToByteArray?(): Promise<Uint8Array> } | undefined;
  if (body?.transformToByteArray) answer['Body'] = new Uint8Array(await body.transformToByteArray());
  return answer;
}
