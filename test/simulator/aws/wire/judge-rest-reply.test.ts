import { describe, expect, test } from 'vitest';
import type { ServiceId } from '../../../../simulator/aws/core/service-model.ts';
import { toCbor } from '../../../../simulator/aws/front/cbor.ts';
import type { WireReply } from '../../../../simulator/aws/front/wire.ts';
import { judgeReply } from '../../../../simulator/aws/wire/judge-reply.ts';

const id = 'request-1';
const s3Namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const cdnNamespace = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';
type Headers = Readonly<Record<string, string>>;
const xml = { 'content-type': 'application/xml' };
const json = { 'content-type': 'application/json' };
const cbor = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

const reply = (service: ServiceId, body: string | Buffer, headers: Headers = {}, status = 200): WireReply => ({
  ...{ status, body: Buffer.from(body) },
  headers: { [service === 's3' ? 'x-amz-request-id' : 'x-amzn-requestid']: id, ...headers },
});
const answered = (
  service: ServiceId,
  operation: string,
  told: WireReply,
  by: Headers = {},
  method = 'POST',
): string[] =>
  judgeReply(service, operation, told, { method, headers: by }).map(({ rule, path }) => `${rule} ${path}`.trim());

const error = (code: string): string =>
  `<Error><Code>${code}</Code><Message>m</Message><BucketName>b</BucketName><RequestId>${id}</RequestId><HostId>h</HostId></Error>`;
const versioning = (inside: string, root = 'VersioningConfiguration'): string =>
  `<${root} ${s3Namespace}>${inside}</${root}>`;
const tags = `<Tags ${cdnNamespace}><Items><Tag><Key>k</Key><Value>v</Value></Tag></Items></Tags>`;
const sqsError = (type: string, old?: string): WireReply => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', ...(old ? { 'x-amzn-query-error': old } : {}) };
  return reply('sqs', JSON.stringify({ __type: type, message: 'm' }), headers, 400);
};
const old = 'AWS.SimpleQueueService.NonExistentQueue;Sender';
const named = { ...json, 'x-amzn-errortype': 'ResourceNotFoundException' };

describe('a REST or CBOR reply as AWS has it is found right', () => {
  test.each<[string, ServiceId, string, WireReply, Headers?, string?]>([
    ['a document', 's3', 'GetBucketVersioning', reply('s3', versioning('<Status>Enabled</Status>'), xml)],
    ['bytes', 's3', 'GetObject', reply('s3', 'abc', { 'Content-Length': '3', 'x-amz-meta-a': 'b' })],
    ['a part of bytes', 's3', 'GetObject', reply('s3', 'abc', { 'Content-Range': 'bytes 0-2/9' }, 206)],
    ['nothing', 's3', 'DeleteBucket', reply('s3', '', {}, 204)],
    ['an error of S3', 's3', 'GetBucketPolicy', reply('s3', error('NoSuchBucketPolicy'), xml, 404)],
    ['an error of a HEAD', 's3', 'HeadBucket', reply('s3', '', xml, 404), {}, 'HEAD'],
    ['a payload', 'cloudfront', 'ListTagsForResource', reply('cloudfront', tags, { 'content-type': 'text/xml' })],
    ['JSON', 'lambda', 'GetPolicy', reply('lambda', '{"Policy":"{}"}', json)],
    ['an error of JSON', 'lambda', 'GetFunction', reply('lambda', '{"Message":"m","Type":"User"}', named, 404)],
    ['an error with an old code', 'sqs', 'GetQueueUrl', sqsError('com.amazonaws.sqs#QueueDoesNotExist', old)],
    ['CBOR', 'cloudwatch', 'DeleteAlarms', reply('cloudwatch', toCbor({}), cbor), cbor],
    [
      'a time in CBOR',
      'cloudwatch',
      'DescribeAlarms',
      reply('cloudwatch', toCbor({ MetricAlarms: [{ StateUpdatedTimestamp: new Date(0) }] }), cbor),
      cbor,
    ],
  ])('%s', (_, service, operation, told, by, method) =>
    expect(answered(service, operation, told, by, method)).toEqual([]),
  );
});

describe('a fault planted in a REST or CBOR reply is found', () => {
  test.each<[string, ServiceId, string, WireReply, string, Headers?, string?]>([
    ['another root', 's3', 'GetBucketVersioning', reply('s3', versioning('', 'Versioning'), xml), 'protocol'],
    ['an unknown element', 's3', 'GetBucketVersioning', reply('s3', versioning('<Colour/>'), xml), 'unknown Colour'],
    ['no such enum', 's3', 'GetBucketVersioning', reply('s3', versioning('<Status>On</Status>'), xml), 'enum Status'],
    [
      'another type',
      's3',
      'GetBucketVersioning',
      reply('s3', versioning(''), { 'content-type': 'text/xml' }),
      'protocol content-type',
    ],
    ['no document', 's3', 'GetBucketVersioning', reply('s3', ''), 'protocol body'],
    ['a document too many', 's3', 'DeleteBucket', reply('s3', '<a/>', xml, 204), 'protocol body'],
    ['another status', 's3', 'DeleteBucket', reply('s3', ''), 'protocol status'],
    [
      'an unknown header',
      's3',
      'GetObject',
      reply('s3', 'abc', { 'x-amz-colour': 'red' }),
      'unknown header x-amz-colour',
    ],
    ['another length', 's3', 'GetObject', reply('s3', 'abc', { 'Content-Length': '4' }), 'protocol content-length'],
    [
      'a time written otherwise',
      's3',
      'GetObject',
      reply('s3', '', { 'Last-Modified': '2026-01-01T00:00:00Z' }),
      'type LastModified',
    ],
    ['no id', 's3', 'DeleteBucket', { ...reply('s3', '', {}, 204), headers: {} }, 'protocol x-amz-request-id'],
    [
      'an error in a wrapper',
      's3',
      'GetBucketPolicy',
      reply('s3', `<ErrorResponse>${error('NoSuchBucket')}</ErrorResponse>`, xml, 404),
      'protocol',
    ],
    ['an error of nobody', 's3', 'GetBucketPolicy', reply('s3', error('NoSuchColour'), xml, 404), 'code Code'],
    [
      'words after a HEAD',
      's3',
      'HeadBucket',
      reply('s3', error('NoSuchBucket'), xml, 404),
      'protocol body',
      {},
      'HEAD',
    ],
    [
      'a location of children',
      's3',
      'GetBucketLocation',
      reply('s3', `<LocationConstraint ${s3Namespace}><a/></LocationConstraint>`, xml),
      'unknown a',
    ],
    [
      'another namespace',
      'cloudfront',
      'ListTagsForResource',
      reply('cloudfront', '<Tags/>', { 'content-type': 'text/xml' }),
      'protocol',
    ],
    ['an unknown member of JSON', 'lambda', 'GetPolicy', reply('lambda', '{"Colour":1}', json), 'unknown Colour'],
    ['no JSON', 'lambda', 'GetPolicy', reply('lambda', '{', json), 'protocol body'],
    [
      'an error without a name',
      'lambda',
      'GetFunction',
      reply('lambda', '{"Message":"m"}', json, 404),
      'protocol x-amzn-errortype',
    ],
    [
      'an error of another status',
      'lambda',
      'GetFunction',
      reply('lambda', '{"Message":"m"}', named, 400),
      'protocol status',
    ],
    ['no old code', 'sqs', 'GetQueueUrl', sqsError('QueueDoesNotExist'), 'protocol x-amzn-query-error'],
    [
      'another old code',
      'sqs',
      'GetQueueUrl',
      sqsError('QueueDoesNotExist', 'Other;Sender'),
      'protocol x-amzn-query-error',
    ],
    ['JSON for CBOR', 'cloudwatch', 'DeleteAlarms', reply('cloudwatch', '{}', json), 'protocol content-type', cbor],
    [
      'an unknown member of CBOR',
      'cloudwatch',
      'DescribeAlarms',
      reply('cloudwatch', toCbor({ Colour: 1 }), cbor),
      'unknown Colour',
      cbor,
    ],
    [
      'a number for a time in CBOR',
      'cloudwatch',
      'DescribeAlarms',
      reply('cloudwatch', toCbor({ MetricAlarms: [{ StateUpdatedTimestamp: 1 }] }), cbor),
      'type MetricAlarms.1.StateUpdatedTimestamp',
      cbor,
    ],
  ])('%s', (_, service, operation, told, finding, by, method) =>
    expect(answered(service, operation, told, by, method)).toContain(finding),
  );
});
