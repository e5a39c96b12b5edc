import { describe, expect, test } from 'vitest';
import { modelOf, type ServiceId } from '../../../../simulator/aws/core/service-model.ts';
import type { WireRequest } from '../../../../simulator/aws/front/wire.ts';
import { judgeRequest } from '../../../../simulator/aws/wire/judge-request.ts';

const request = ({
  body = '',
  ...parts
}: Partial<Omit<WireRequest, 'body'>> & { readonly body?: string }): WireRequest => {
  const { pathname, searchParams } = new URL(parts.path ?? '/', 'http://aws');
  return { method: 'POST', headers: {}, ...parts, path: pathname, query: searchParams, body: Buffer.from(body) };
};

const form = (service: ServiceId, Action: string, parameters: string): WireRequest => {
  const head = { Action, Version: modelOf(service).metadata.apiVersion };
  const body = [new URLSearchParams(head).toString(), parameters].filter(Boolean).join('&');
  return request({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
};

const json = (service: ServiceId, operation: string, body: object): WireRequest => {
  const target = `${modelOf(service).metadata.targetPrefix}.${operation}`;
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return request({ headers, body: JSON.stringify(body) });
};

const records = (change: string, root = 'ChangeResourceRecordSetsRequest'): WireRequest =>
  request({
    path: '/2013-04-01/hostedzone/Z1/rrset',
    headers: { 'content-type': 'application/xml' },
    body:
      `<?xml version="1.0"?><${root} xmlns="https://route53.amazonaws.com/doc/2013-04-01/">` +
      `<ChangeBatch><Changes>${change}</Changes></ChangeBatch></${root}>`,
  });
const record = (inside: string, action = 'CREATE', more = ''): WireRequest =>
  records(
    `<Change><Action>${action}</Action><ResourceRecordSet>` +
      `<Name>a.example.com</Name>${inside}</ResourceRecordSet>${more}</Change>`,
  );

const judged = (service: ServiceId, asked: WireRequest): string[] =>
  judgeRequest(modelOf(service), asked).found.map(({ rule, path }) => `${rule} ${path}`.trim());

describe('a request as AWS has it is found right', () => {
  test.each<[string, ServiceId, WireRequest]>([
    ['ec2', 'ec2', form('ec2', 'DescribeVpcs', 'MaxResults=5&Filter.1.Name=a&Filter.1.Value.1=b&Filter.1.Value.2=c')],
    ['query', 'elbv2', form('elbv2', 'CreateTargetGroup', 'Name=a&Port=80&Protocol=HTTP&Tags.member.1.Key=k')],
    ['query, with an empty list', 'elbv2', form('elbv2', 'DescribeLoadBalancers', 'Names=')],
    ['rest-xml', 'route53', record('<Type>A</Type><TTL>60</TTL>')],
    [
      'rest-xml, in the query string',
      'route53',
      request({ method: 'GET', path: '/2013-04-01/hostedzone?maxitems=10' }),
    ],
    ['json', 'ssm', json('ssm', 'PutParameter', { Name: '/a', Value: 'x', Type: 'String' })],
  ])('%s', (_, service, asked) => expect(judged(service, asked)).toEqual([]));
});

/** For each protocol: an unknown member, a misspelt optional one, a missing one, one out of bounds, a wrong enum. */
describe('a fault planted in a request is found', () => {
  test.each<[string, ServiceId, WireRequest, string]>([
    ['ec2: unknown', 'ec2', form('ec2', 'CreateVpc', 'CidrBlock=10.0.0.0%2F16&Colour=red'), 'unknown Colour'],
    ['ec2: misspelt', 'ec2', form('ec2', 'DescribeVpcs', 'Filter.1.Nmae=a'), 'unknown Filter.1.Nmae'],
    ['ec2: missing', 'ec2', form('ec2', 'DeleteVpc', ''), 'required VpcId'],
    ['ec2: out of range', 'ec2', form('ec2', 'DescribeVpcs', 'MaxResults=4'), 'range MaxResults'],
    ['ec2: no such enum', 'ec2', form('ec2', 'AllocateAddress', 'Domain=moon'), 'enum Domain'],
    ['ec2: no boolean', 'ec2', form('ec2', 'CreateVpc', 'DryRun=True'), 'type DryRun'],
    ['ec2: a gap in a list', 'ec2', form('ec2', 'DescribeVpcs', 'VpcId.2=vpc-1'), 'protocol VpcId.2'],
    ['ec2: twice', 'ec2', form('ec2', 'DeleteVpc', 'VpcId=a&VpcId=b'), 'protocol VpcId'],
    [
      'ec2: another version',
      'ec2',
      request({ ...form('ec2', 'DescribeVpcs', ''), body: 'Action=DescribeVpcs' }),
      'protocol Version',
    ],
    ['ec2: no such operation', 'ec2', form('ec2', 'PaintVpc', ''), 'operation'],
    ['query: unknown', 'elbv2', form('elbv2', 'CreateTargetGroup', 'Name=a&Colour=red'), 'unknown Colour'],
    [
      'query: misspelt',
      'elbv2',
      form('elbv2', 'CreateTargetGroup', 'Name=a&HealthChekPath=%2F'),
      'unknown HealthChekPath',
    ],
    ['query: missing', 'elbv2', form('elbv2', 'CreateTargetGroup', 'Port=80'), 'required Name'],
    ['query: out of range', 'elbv2', form('elbv2', 'CreateTargetGroup', 'Name=a&Port=70000'), 'range Port'],
    ['query: no such enum', 'elbv2', form('elbv2', 'CreateTargetGroup', 'Name=a&Protocol=SMTP'), 'enum Protocol'],
    ['query: no list', 'elbv2', form('elbv2', 'DescribeLoadBalancers', 'Names.1=a'), 'unknown Names.1'],
    [
      'rest-xml: unknown',
      'route53',
      record('<Type>A</Type><Colour>red</Colour>'),
      'unknown ChangeBatch.Changes.1.ResourceRecordSet.Colour',
    ],
    [
      'rest-xml: misspelt',
      'route53',
      record('<Type>A</Type>', 'CREATE', '<Tll>60</Tll>'),
      'unknown ChangeBatch.Changes.1.Tll',
    ],
    ['rest-xml: missing', 'route53', record('<TTL>60</TTL>'), 'required ChangeBatch.Changes.1.ResourceRecordSet.Type'],
    [
      'rest-xml: out of range',
      'route53',
      record('<Type>A</Type><TTL>-1</TTL>'),
      'range ChangeBatch.Changes.1.ResourceRecordSet.TTL',
    ],
    ['rest-xml: no such enum', 'route53', record('<Type>A</Type>', 'PAINT'), 'enum ChangeBatch.Changes.1.Action'],
    ['rest-xml: another root', 'route53', records('', 'Other'), 'protocol body'],
    [
      'rest-xml: no such parameter',
      'route53',
      request({ method: 'GET', path: '/2013-04-01/hostedzone?colour=red' }),
      'unknown ?colour',
    ],
    [
      'rest-xml: no such header',
      'route53',
      request({ method: 'GET', path: '/2013-04-01/hostedzone', headers: { 'x-amz-colour': 'red' } }),
      'unknown header x-amz-colour',
    ],
    ['json: unknown', 'ssm', json('ssm', 'PutParameter', { Name: '/a', Value: 'x', Colour: 'red' }), 'unknown Colour'],
    [
      'json: misspelt',
      'ssm',
      json('ssm', 'PutParameter', { Name: '/a', Value: 'x', Overwriet: true }),
      'unknown Overwriet',
    ],
    ['json: missing', 'ssm', json('ssm', 'PutParameter', { Name: '/a' }), 'required Value'],
    [
      'json: out of range',
      'ssm',
      json('ssm', 'GetParametersByPath', { Path: '/a', MaxResults: 11 }),
      'range MaxResults',
    ],
    ['json: no such enum', 'ssm', json('ssm', 'PutParameter', { Name: '/a', Value: 'x', Tier: 'Gold' }), 'enum Tier'],
    [
      'json: a number as text',
      'ssm',
      json('ssm', 'GetParametersByPath', { Path: '/a', MaxResults: '10' }),
      'type MaxResults',
    ],
    [
      'json: another target',
      'ssm',
      request({ headers: { 'x-amz-target': 'Other.PutParameter' }, body: '{}' }),
      'operation',
    ],
  ])('%s', (_, service, asked, finding) => expect(judged(service, asked)).toContain(finding));
});
