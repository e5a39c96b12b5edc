import { describe, expect, test } from 'vitest';
import { modelOf, type ServiceId } from '../../../../simulator/aws/core/service-model.ts';
import { toCbor } from '../../../../simulator/aws/front/cbor.ts';
import type { WireRequest } from '../../../../simulator/aws/front/wire.ts';
import { judgeRequest } from '../../../../simulator/aws/wire/judge-request.ts';

const s3Namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
type Headers = Readonly<Record<string, string>>;

const request = (method: string, url: string, body: string | Buffer = '', headers: Headers = {}): WireRequest => {
  const [path = '', query = ''] = url.split('?');
  return { method, path, query: new URLSearchParams(query), headers, body: Buffer.from(body) };
};
const asked = (service: ServiceId, ...parts: Parameters<typeof request>): string[] =>
  judgeRequest(modelOf(service), request(...parts)).found.map(({ rule, path }) => `${rule} ${path}`.trim());

const block = (inside: string, root = 'PublicAccessBlockConfiguration', namespace = s3Namespace): string =>
  `<${root} ${namespace}>${inside}</${root}>`;
const acls = '<BlockPublicAcls>true</BlockPublicAcls>';
const xml = { 'content-type': 'application/xml' };
const json = { 'content-type': 'application/json' };
const create = { FunctionName: 'f', Role: 'arn:aws:iam::111122223333:role/r', Code: { ZipFile: 'AAEC' } };
const cbor = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
const rpc = '/service/GraniteServiceVersion20100801/operation';

describe('a REST or CBOR request as AWS has it is found right', () => {
  test.each<[string, ServiceId, Parameters<typeof request>]>([
    [
      'a payload',
      's3',
      ['PUT', '/acme?publicAccessBlock', block(acls), { ...xml, 'x-amz-checksum-crc32': 'AAAAAA==' }],
    ],
    ['a key as it stands', 's3', ['GET', '/acme/a//b/?versionId=1']],
    ['a prefix of headers', 's3', ['PUT', '/acme/a', 'x', { 'x-amz-meta-shop': 'acme', 'cache-control': 'no-store' }]],
    ['JSON', 'lambda', ['POST', '/2015-03-31/functions', JSON.stringify(create), json]],
    [
      'a list in the query string',
      'lambda',
      [
        'DELETE',
        '/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-central-1%3A111122223333%3Afunction%3Af?tagKeys=a&tagKeys=b',
      ],
    ],
    ['CBOR', 'cloudwatch', ['POST', `${rpc}/DescribeAlarms`, toCbor({ MaxRecords: 5 }), cbor]],
  ])('%s', (_, service, parts) => expect(asked(service, ...parts)).toEqual([]));
});

describe('a fault planted in a REST or CBOR request is found', () => {
  test.each<[string, ServiceId, Parameters<typeof request>, string]>([
    ['another root', 's3', ['PUT', '/acme?publicAccessBlock', block(acls, 'Block'), xml], 'protocol body'],
    ['another namespace', 's3', ['PUT', '/acme?publicAccessBlock', block(acls, undefined, ''), xml], 'protocol body'],
    [
      'an unknown element',
      's3',
      ['PUT', '/acme?publicAccessBlock', block('<Colour>red</Colour>'), xml],
      'unknown PublicAccessBlockConfiguration.Colour',
    ],
    ['a payload that is missing', 's3', ['PUT', '/acme?publicAccessBlock'], 'required PublicAccessBlockConfiguration'],
    ['a type that is another', 's3', ['PUT', '/acme?publicAccessBlock', block(acls), json], 'protocol content-type'],
    ['a body where none is', 's3', ['GET', '/acme?policy', 'x'], 'protocol body'],
    [
      'a checksum where none is',
      's3',
      ['GET', '/acme?policy', '', { 'x-amz-checksum-crc32': 'AAAAAA==' }],
      'unknown header x-amz-checksum-crc32',
    ],
    ['an unknown word', 's3', ['GET', '/acme?policy&colour=red'], 'unknown ?colour'],
    ['an unknown header', 's3', ['PUT', '/acme/a', 'x', { 'x-amz-colour': 'red' }], 'unknown header x-amz-colour'],
    [
      'a header of a wrong type',
      's3',
      ['PUT', '/acme/a', 'x', { 'x-amz-server-side-encryption-bucket-key-enabled': 'yes' }],
      'type BucketKeyEnabled',
    ],
    [
      'a time written otherwise',
      's3',
      ['GET', '/acme/a', '', { 'if-modified-since': '2026-01-01T00:00:00Z' }],
      'type IfModifiedSince',
    ],
    [
      'no such enum in a header',
      's3',
      ['PUT', '/acme', '', { 'x-amz-object-ownership': 'Nobody' }],
      'enum ObjectOwnership',
    ],
    ['the name of another operation', 's3', ['GET', '/acme/a?x-id=PutObject'], 'unknown ?x-id'],
    ['no operation', 's3', ['PATCH', '/acme'], 'operation'],
    [
      'no operation of that word',
      'cloudfront',
      ['POST', '/2020-05-31/tagging?Operation=Paint&Resource=a'],
      'operation',
    ],
    [
      'an unknown member of JSON',
      'lambda',
      ['POST', '/2015-03-31/functions', JSON.stringify({ ...create, Colour: 1 }), json],
      'unknown Colour',
    ],
    [
      'a member of the path in JSON',
      'lambda',
      ['POST', '/2015-03-31/functions/f/policy', JSON.stringify({ FunctionName: 'f' }), json],
      'unknown FunctionName',
    ],
    [
      'a wrong type in JSON',
      'lambda',
      ['POST', '/2015-03-31/functions', JSON.stringify({ ...create, Timeout: '3' }), json],
      'type Timeout',
    ],
    ['no JSON', 'lambda', ['POST', '/2015-03-31/functions', '{', json], 'protocol body'],
    [
      'JSON of another type',
      'lambda',
      ['POST', '/2015-03-31/functions', JSON.stringify(create), xml],
      'protocol content-type',
    ],
    [
      'an unknown member of CBOR',
      'cloudwatch',
      ['POST', `${rpc}/DescribeAlarms`, toCbor({ Colour: 1 }), cbor],
      'unknown Colour',
    ],
    [
      'text for a number in CBOR',
      'cloudwatch',
      ['POST', `${rpc}/DescribeAlarms`, toCbor({ MaxRecords: '5' }), cbor],
      'type MaxRecords',
    ],
    ['no CBOR', 'cloudwatch', ['POST', `${rpc}/DescribeAlarms`, Buffer.from([0xff]), cbor], 'protocol'],
    ['another service', 'cloudwatch', ['POST', '/service/Other/operation/DescribeAlarms', '', cbor], 'operation'],
  ])('%s', (_, service, parts, finding) => expect(asked(service, ...parts)).toContain(finding));
});
