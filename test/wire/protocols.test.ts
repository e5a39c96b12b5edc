import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toFault } from '../../operator/aws/errors.ts';
import { AwsError } from '../../simulator/aws/core/aws-error.ts';
import { serviceIds } from '../../simulator/aws/core/service-model.ts';
import { toCbor } from '../../simulator/aws/front/cbor.ts';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { sdkCall } from './sdk-call.ts';
import { scriptedAws, type ScriptedAws } from './scripted.ts';
import { refused, spoken } from './spoken.ts';

describe('the JavaScript SDK, over sockets', () => {
  let aws: ScriptedAws;
  let front: JudgedFront;
  const script = new Map<string, object | AwsError>();

  beforeAll(async () => {
    aws = scriptedAws(script);
    front = await judgedFront({ aws });
  });
  afterAll(() => front.close());

  test.each(spoken)('$service:$operation is understood both ways ($where)', async (one) => {
    const call = `${one.service}:${one.operation}`;
    script.set(call, one.output);
    const answer = await sdkCall(front.endpoint, one.service, one.operation, one.input);
    expect(aws.asked.at(-1)).toMatchObject({ call, input: one.input });
    expect(answer).toEqual(one.output);
    expect(front.wire.misfits).toEqual([]);
  });

  test.each(refused)('%s:%s is refused in the words of AWS', async (service, operation, input, code, status) => {
    script.set(`${service}:${operation}`, new AwsError(code, 'so says <AWS>', status));
    const error = await sdkCall(front.endpoint, service, operation, input).catch((thrown: unknown) => thrown);
    const fault = toFault(error, { service, operation });
    expect(fault.facts.code).toBe(code);
    expect(fault.message).toContain('so says <AWS>');
    expect(error).toMatchObject({
      $metadata: { httpStatusCode: status, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
    });
    expect(front.wire.misfits).toEqual([]);
  });

  test('a HEAD is refused by its status alone', async () => {
    for (const [status, code, kind] of [
      [404, 'NoSuchBucket', 'absent'],
      [403, 'AccessDenied', 'denied'],
      [301, 'PermanentRedirect', 'foreign'],
    ] as const) {
      script.set('s3:HeadBucket', new AwsError(code, 'never told', status));
      const error = await sdkCall(front.endpoint, 's3', 'HeadBucket', { Bucket: 'acme' }).catch(
        (thrown: unknown) => thrown,
      );
      expect(toFault(error, { service: 's3', operation: 'HeadBucket' }).kind).toBe(kind);
    }
  });
});

describe('beside the usual', () => {
  const exchanges: Exchange[] = [];
  let aws: ScriptedAws;
  let front: JudgedFront;

  beforeAll(async () => {
    aws = scriptedAws(new Map([['s3control:GetPublicAccessBlock', { PublicAccessBlockConfiguration: {} }]]));
    front = await judgedFront({ aws, record: (exchange) => void exchanges.push(exchange) });
  });
  afterAll(() => front.close());

  /** Sends what a client would, of whom only the credential scope counts. */
  const send = (
    service: string,
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/eu-central-1/${service}/aws4_request`;
      const asked = httpRequest(
        `${front.endpoint}${path}`,
        { method, headers: { authorization, ...headers } },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on('data', (chunk: Buffer) => chunks.push(chunk));
          reply.on('end', () =>
            resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      asked.on('error', reject).end(body);
    });

  test.each([
    ['acme.content.s3.eu-central-1.amazonaws.com', '/a/b?x-id=GetObject', 'GetObject', 'acme.content'],
    ['acme.s3.amazonaws.com', '/?policy', 'GetBucketPolicy', 'acme'],
    ['acme.localhost:4566', '/?list-type=2', 'ListObjectsV2', 'acme'],
    ['s3.eu-central-1.amazonaws.com', '/acme?cors', 'GetBucketCors', 'acme'],
    ['127.0.0.1:4566', '/acme/?cors', 'GetBucketCors', 'acme'],
  ])('a bucket is named by the host or by the path: %s%s', async (host, path, operation, Bucket) => {
    await send('s3', 'GET', path, { host });
    expect(aws.asked.at(-1)).toMatchObject({ call: `s3:${operation}`, input: { Bucket } });
  });

  test.each([
    '123456789012.s3-control.eu-central-1.amazonaws.com',
    '123456789012.s3-control.cn-north-1.amazonaws.com.cn',
    '123456789012.localhost:4566',
    '127.0.0.1:4566',
  ])('an account is named by a header, whatever the host says: %s', async (host) => {
    const headers = { host, 'x-amz-account-id': '123456789012' };
    await send('s3', 'GET', '/v20180820/configuration/publicAccessBlock', headers);
    const input = { AccountId: '123456789012' };
    expect(aws.asked.at(-1)).toEqual({ call: 's3control:GetPublicAccessBlock', input });
  });

  test('a stream arrives without its frames, and its trailer is none of the object', async () => {
    const Body = Readable.from([Buffer.from('first, '), Buffer.from('second')]);
    const settings = { requestChecksumCalculation: 'WHEN_SUPPORTED', requestStreamBufferSize: false };
    const input = { Bucket: 'acme', Key: 'a', Body, ContentLength: 13, ContentEncoding: 'identity' };
    await sdkCall(front.endpoint, 's3', 'PutObject', input, settings);
    const frames = '7;chunk-signature=1\r\nfirst, \r\n6;chunk-signature=2\r\nsecond\r\n0;chunk-signature=3\r\n\r\n';
    const streaming = {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'content-encoding': 'aws-chunked',
    };
    await send('s3', 'PUT', '/acme/b', streaming, frames);
    const [ofSdk, byHand] = aws.asked
      .slice(-2)
      .map(({ input: { Body: sent } }: { input: { Body?: Uint8Array } }) => Buffer.from(sent ?? []).toString());
    expect([ofSdk, byHand]).toEqual(['first, second', 'first, second']);
    expect(aws.asked.at(-1)?.input).not.toHaveProperty('ContentEncoding');
  });

  test('a bucket is not made where something else of it is meant that is not simulated', async () => {
    const before = aws.asked.length;
    expect(await send('s3', 'PUT', '/acme?website')).toMatchObject({ status: 404 });
    expect(aws.asked).toHaveLength(before);
    expect(front.wire.taken()).toMatchObject([{ call: 's3:CreateBucket', path: '?website', rule: 'unknown' }]);
  });

  test.each([
    ['smithy-rpc-v2-cbor', 'application/cbor'],
    ['json', 'application/x-amz-json-1.0'],
    ['query', 'text/xml;charset=UTF-8'],
  ])('CloudWatch is spoken in %s', async (protocol, type) => {
    const head = { 'content-type': 'application/x-www-form-urlencoded' };
    if (protocol === 'query')
      await send('monitoring', 'POST', '/', head, 'Action=DeleteAlarms&Version=2010-08-01&AlarmNames.member.1=slow');
    else {
      const target = { 'x-amz-target': 'GraniteServiceVersion20100801.DeleteAlarms' };
      const json = { 'content-type': 'application/x-amz-json-1.0', ...target };
      const cbor = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
      if (protocol === 'json') await send('monitoring', 'POST', '/', json, '{"AlarmNames":["slow"]}');
      else
        await send(
          ...(['monitoring', 'POST', '/service/GraniteServiceVersion20100801/operation/DeleteAlarms'] as const),
          cbor,
          toCbor({ AlarmNames: ['slow'] }),
        );
    }
    expect(aws.asked.at(-1)).toEqual({ call: 'cloudwatch:DeleteAlarms', input: { AlarmNames: ['slow'] } });
    expect(exchanges.at(-1)).toMatchObject({ misfits: [], reply: { status: 200, headers: { 'content-type': type } } });
  });
});

test('every service is spoken', () => {
  const before = ['sts', 'autoscaling', 'elbv2', 'iam', 'acm', 'ssm', 'logs'];
  const all = new Set<string>([...spoken.map(({ service }) => service), ...before]);
  expect(serviceIds.filter((service) => !all.has(service))).toEqual([]);
});
