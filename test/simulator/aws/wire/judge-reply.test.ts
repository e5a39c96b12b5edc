import { describe, expect, test } from 'vitest';
import { answerModelOf, type ServiceId } from '../../../../simulator/aws/core/service-model.ts';
import type { WireReply } from '../../../../simulator/aws/front/wire.ts';
import { judgeReply } from '../../../../simulator/aws/wire/judge-reply.ts';

const id = 'request-1';
const typed = (type: string) => ({ 'content-type': type, 'x-amzn-requestid': id });
const xml = (body: string, status = 200): WireReply => ({
  ...{ status, headers: typed('text/xml'), body: Buffer.from(body) },
});
const json = (body: object | string, status = 200): WireReply => ({
  ...{ status, headers: typed('application/x-amz-json-1.1') },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const ec2 = (operation: string, inside: string): WireReply =>
  xml(
    `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${id}</requestId>${inside}</${operation}Response>`,
  );
const query = (service: ServiceId, operation: string, inside: string): WireReply => {
  const { xmlNamespace } = answerModelOf(service).metadata;
  const metadata = `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata>`;
  const result = `<${operation}Result>${inside}</${operation}Result>`;
  return xml(`<${operation}Response xmlns="${xmlNamespace}">${result}${metadata}</${operation}Response>`);
};
const route53 = (operation: string, inside: string): WireReply =>
  xml(`<${operation}Response xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${inside}</${operation}Response>`);

const role = (date: string, more = '', name = '<RoleName>app</RoleName>') =>
  query(
    'iam',
    'GetRole',
    `<Role><Path>/</Path>${name}<RoleId>AROA1234567890123456</RoleId><Arn>arn:aws:iam::111122223333:role/app</Arn>` +
      `<CreateDate>${date}</CreateDate>${more}</Role>`,
  );
const change = (at: string, more = '', status = '<Status>INSYNC</Status>') =>
  route53('GetChange', `<ChangeInfo><Id>/change/C1</Id>${status}<SubmittedAt>${at}</SubmittedAt>${more}</ChangeInfo>`);
const gateway = (inside: string) =>
  ec2('DescribeNatGateways', `<natGatewaySet><item><natGatewayId>nat-1</natGatewayId>${inside}</item></natGatewaySet>`);
const parameter = (part: object) => json({ Parameter: { Name: '/a', Type: 'String', Value: 'x', ...part } });
const ec2Error = (code: string) =>
  xml(
    `<Response><Errors><Error><Code>${code}</Code><Message>m</Message></Error></Errors><RequestID>${id}</RequestID></Response>`,
    400,
  );
const queryError = (code: string, status: number) =>
  xml(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`,
    status,
  );

const [good, date, seconds] = ['2026-01-01T00:00:00.000Z', '2026-01-01', 1767225600];
const judged = (service: ServiceId, operation: string, reply: WireReply): string[] =>
  judgeReply(service, operation, reply).map(({ rule, path }) => `${rule} ${path}`.trim());

describe('a reply as AWS has it is found right', () => {
  test.each<[string, ServiceId, string, WireReply]>([
    ['ec2', 'ec2', 'DescribeNatGateways', gateway(`<createTime>${good}</createTime>`)],
    ['ec2, with nothing to say', 'ec2', 'DeleteVpc', ec2('DeleteVpc', '<return>true</return>')],
    ['query', 'iam', 'GetRole', role(good)],
    ['rest-xml', 'route53', 'GetChange', change(good)],
    ['json', 'ssm', 'GetParameter', parameter({ LastModifiedDate: seconds, Version: 1 })],
    ['json, with nothing to say', 'logs', 'PutRetentionPolicy', json('')],
    ['an error of ec2', 'ec2', 'DeleteVpc', ec2Error('InvalidVpcID.NotFound')],
    ['an error of a query service', 'iam', 'GetRole', queryError('NoSuchEntity', 404)],
    ['an error of a json service', 'ssm', 'GetParameter', json({ __type: 'ParameterNotFound', message: 'm' }, 400)],
  ])('%s', (_, service, operation, reply) => expect(judged(service, operation, reply)).toEqual([]));
});

/** For each protocol: a wrong type, an unknown element, a missing required member, a badly written timestamp. */
describe('a fault planted in a reply is found', () => {
  test.each<[string, ServiceId, string, WireReply, string]>([
    [
      'ec2: a wrong type',
      'ec2',
      'DescribeVpcs',
      ec2('DescribeVpcs', '<vpcSet><item><isDefault>no</isDefault></item></vpcSet>'),
      'type Vpcs.1.IsDefault',
    ],
    ['ec2: unknown', 'ec2', 'DescribeNatGateways', gateway('<colour>red</colour>'), 'unknown natGatewaySet.1.colour'],
    // EC2's outputs have no required members; what its protocol requires is the request's id, and `return`.
    ['ec2: missing', 'ec2', 'DeleteVpc', ec2('DeleteVpc', ''), 'protocol return'],
    [
      'ec2: a bad timestamp',
      'ec2',
      'DescribeNatGateways',
      gateway(`<createTime>${date}</createTime>`),
      'type NatGateways.1.CreateTime',
    ],
    [
      'ec2: a list called otherwise',
      'ec2',
      'DescribeVpcs',
      ec2('DescribeVpcs', '<vpcSet><member/></vpcSet>'),
      'unknown vpcSet.member',
    ],
    [
      'query: a wrong type',
      'elbv2',
      'DescribeListeners',
      query('elbv2', 'DescribeListeners', '<Listeners><member><Port>http</Port></member></Listeners>'),
      'type Listeners.1.Port',
    ],
    ['query: unknown', 'iam', 'GetRole', role(good, '<Colour>red</Colour>'), 'unknown Role.Colour'],
    ['query: missing', 'iam', 'GetRole', role(good, '', ''), 'required Role.RoleName'],
    ['query: a bad timestamp', 'iam', 'GetRole', role(String(seconds)), 'type Role.CreateDate'],
    ['query: an element twice', 'iam', 'GetRole', role(good, '<Path>/</Path>'), 'protocol Role.Path'],
    [
      'rest-xml: a wrong type',
      'route53',
      'ListHostedZones',
      route53(
        'ListHostedZones',
        '<HostedZones/><Marker>a</Marker><IsTruncated>0</IsTruncated><MaxItems>100</MaxItems>',
      ),
      'type IsTruncated',
    ],
    ['rest-xml: unknown', 'route53', 'GetChange', change(good, '<Colour>red</Colour>'), 'unknown ChangeInfo.Colour'],
    ['rest-xml: missing', 'route53', 'GetChange', change(good, '', ''), 'required ChangeInfo.Status'],
    [
      'rest-xml: a bad timestamp',
      'route53',
      'GetChange',
      change('Thu, 01 Jan 2026 00:00:00 GMT'),
      'type ChangeInfo.SubmittedAt',
    ],
    [
      'rest-xml: no such enum',
      'route53',
      'GetChange',
      change(good, '', '<Status>RED</Status>'),
      'enum ChangeInfo.Status',
    ],
    ['json: a wrong type', 'ssm', 'GetParameter', parameter({ Version: '1' }), 'type Parameter.Version'],
    ['json: unknown', 'ssm', 'GetParameter', parameter({ Colour: 'red' }), 'unknown Parameter.Colour'],
    ['json: missing', 'ssm', 'ListTagsForResource', json({ TagList: [{ Key: 'a' }] }), 'required TagList.1.Value'],
    [
      'json: a bad timestamp',
      'ssm',
      'GetParameter',
      parameter({ LastModifiedDate: good }),
      'type Parameter.LastModifiedDate',
    ],
    ['another status', 'ssm', 'GetParameter', { ...parameter({}), status: 201 }, 'protocol status'],
    [
      'no id',
      'ssm',
      'GetParameter',
      { ...parameter({}), headers: { 'content-type': 'application/x-amz-json-1.1' } },
      'protocol x-amzn-requestid',
    ],
    ['ec2: an error of nobody', 'ec2', 'DeleteVpc', ec2Error('SimulatorBug'), 'code Code'],
    ['query: the error of another operation', 'iam', 'GetRole', queryError('DeleteConflict', 409), 'code Code'],
    ['query: an error with another status', 'iam', 'GetRole', queryError('NoSuchEntity', 400), 'protocol status'],
    [
      'json: an error with an unknown member',
      'ssm',
      'GetParameter',
      json({ __type: 'ParameterNotFound', message: 'm', colour: 'red' }, 400),
      'unknown colour',
    ],
  ])('%s', (_, service, operation, reply, finding) => expect(judged(service, operation, reply)).toContain(finding));
});
