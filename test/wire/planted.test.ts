import { afterEach, expect, test, vi } from 'vitest';
import { Pacing } from '../../operator/aws/pacing.ts';
import type { Input } from '../../operator/model/ports.ts';
import { realTimers } from '../../operator/runtime/clock.ts';
import { homeRegion } from '../../simulator/account.ts';
import { createSimulatedAws, type SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { judgedConnect, type SentCommand } from '../support/judged-cloud.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { botocoreJudges, hasBotocore } from './botocore.ts';

afterEach(() => void vi.unstubAllEnvs());

const connectTo = (front: JudgedFront, sent?: SentCommand[]) =>
  judgedConnect(front, homeRegion, { pacing: new Pacing(realTimers), signal: new AbortController().signal }, sent);

const post = (front: JudgedFront, body: string): Promise<Response> =>
  fetch(front.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/eu-central-1/ec2/aws4_request',
    },
    body,
  });

test('a front that saw a bad request throws when it closes, and says what was wrong', async () => {
  const front = await judgedFront({ aws: createSimulatedAws({ clock: new VirtualClock() }) });
  await post(front, 'Action=DescribeVpcs&Version=2016-11-15&Colour=red');
  await expect(front.close()).rejects.toThrow('request of ec2:DescribeVpcs: Colour is not known here (unknown)');
});

test('a front that gave a bad reply throws when it closes, and says what was wrong', async () => {
  const aws = createSimulatedAws({ clock: new VirtualClock() });
  const lying: SimulatedAws = { ...aws, handle: async () => ({ Vpcs: [{ IsDefault: 'perhaps' }] }) };
  const front = await judgedFront({ aws: lying });
  await post(front, 'Action=DescribeVpcs&Version=2016-11-15');
  await expect(front.close()).rejects.toThrow('reply of ec2:DescribeVpcs: Vpcs.1.IsDefault expected boolean');
});

test('what the SDK drops from an input is told all the same', async () => {
  const front = await judgedFront({ aws: createSimulatedAws({ clock: new VirtualClock() }) });
  const cloud = await connectTo(front);
  const misspelt = { CidrBlock: '10.0.0.0/16', InstanceTenanci: 'default' } as Input<'ec2', 'CreateVpc'>;
  await cloud.at(homeRegion, 'change').ec2('CreateVpc', misspelt);
  // It left no trace on the wire:
  expect(front.wire.misfits).toEqual([]);
  await expect(front.close()).rejects.toThrow('input of ec2:CreateVpc: InstanceTenanci is not known here (unknown)');
});

test.each<[string, string, 'ec2' | 'elbv2' | 'ssm', string, object]>([
  ['missing', 'VpcId is required', 'ec2', 'DeleteVpc', {}],
  ['out of bounds', 'MaxResults 4 is not within', 'ec2', 'DescribeVpcs', { MaxResults: 4 }],
  ['no such enum', "Type 'Secret' is none of", 'ssm', 'PutParameter', { Name: '/a', Value: 'x', Type: 'Secret' }],
  ['a token left to the SDK', 'ClientToken is left to the SDK', 'ec2', 'CreateRouteTable', { VpcId: 'vpc-1' }],
])('an input is told as %s', async (_, told, service, operation, input) => {
  const front = await judgedFront({ aws: createSimulatedAws({ clock: new VirtualClock() }) });
  const aws = (await connectTo(front)).at(homeRegion, 'change');
  const call = aws[service] as unknown as (operation: string, input: object) => Promise<unknown>;
  await call(operation, input).catch(() => undefined); // AWS refuses it too; here the judge is of interest.
  await expect(front.close()).rejects.toThrow(told);
});

/** A short record with one call in each protocol, for botocore to judge as it is and with a fault planted. */
async function shortRecord(): Promise<{ exchanges: Exchange[]; sent: SentCommand[] }> {
  const [exchanges, sent]: [Exchange[], SentCommand[]] = [[], []];
  const aws = createSimulatedAws({ clock: new VirtualClock() });
  const front = await judgedFront({ aws, record: (exchange) => void exchanges.push(exchange) });
  const calls = (await connectTo(front, sent)).at(homeRegion, 'change');
  await calls.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' });
  await calls.ec2('DescribeVpcs', { MaxResults: 5 });
  const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await calls.iam('CreateRole', { RoleName: 'app', AssumeRolePolicyDocument });
  await calls.route53('CreateHostedZone', { Name: 'example.com', CallerReference: 'once' });
  await calls.ssm('PutParameter', { Name: '/a', Value: 'x', Type: 'String' });
  await calls.ssm('GetParameter', { Name: '/a' });
  await front.close();
  return { exchanges, sent };
}

type Plant = (text: string) => string;
const [swap, drop]: [(a: string | RegExp, b: string) => Plant, (a: RegExp) => Plant] = [
  (a, b) => (text) => text.replace(a, b),
  (a) => (text) => text.replace(a, ''),
];

test.skipIf(!hasBotocore && process.env['CI'] !== 'true')(
  'botocore finds a short record right, and every fault that is planted into it',
  { timeout: 120_000 },
  async () => {
    const record = await shortRecord();
    expect(botocoreJudges([record]).misfits).toEqual([]);
    const told = (operation: string, side: 'request' | 'reply', plant: Plant): readonly string[] => {
      let planted = false;
      const exchanges = record.exchanges.map((exchange) => {
        if (exchange.operation !== operation) return exchange;
        const part = exchange[side] as { body: string };
        const body = plant(part.body);
        planted ||= body !== part.body;
        return { ...exchange, [side]: { ...part, body } } as Exchange;
      });
      expect(planted, `a fault in the ${side} of ${operation}`).toBe(true);
      return botocoreJudges([{ ...record, exchanges }]).misfits;
    };
    const plants: readonly (readonly [string, 'request' | 'reply', Plant])[] = [
      ['DescribeVpcs', 'request', (body) => `${body}&Colour=red`],
      ['DescribeVpcs', 'request', swap('MaxResults', 'MaxResult')],
      ['CreateRole', 'request', drop(/&RoleName=app|RoleName=app&/)],
      ['CreateHostedZone', 'request', swap('<Name>', '<Colour>red</Colour><Name>')],
      ['PutParameter', 'request', swap('"String"', '"Secret"')],
      ['CreateVpc', 'reply', swap('<isDefault>false', '<isDefault>no')],
      ['CreateVpc', 'reply', swap('<isDefault>', '<colour>red</colour><isDefault>')],
      ['CreateRole', 'reply', drop(/<RoleId>[^<]*<\/RoleId>/)],
      ['CreateRole', 'reply', swap(/<CreateDate>[^<]*/, '<CreateDate>2026-01-01')],
      ['CreateHostedZone', 'reply', swap('<Status>PENDING', '<Status>RED')],
      ['CreateHostedZone', 'reply', swap(/<SubmittedAt>[^<]*/, '<SubmittedAt>yesterday')],
      ['GetParameter', 'reply', swap('"Version":1', '"Version":"1"')],
      ['GetParameter', 'reply', swap(/"LastModifiedDate":[\d.]+/, '"LastModifiedDate":"2026-01-01T00:00:00Z"')],
      ['GetParameter', 'reply', swap('"Value"', '"Colour":"red","Value"')],
    ];
    for (const [operation, side, plant] of plants)
      expect(
        told(operation, side, plant),
        `${side} of ${operation}: ${plant(record.exchanges.find((one) => one.operation === operation)?.[side]?.body ?? '')}`,
      ).not.toEqual([]);
  },
);
