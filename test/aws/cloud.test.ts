import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { s3Settings, type Outcome } from '../../operator/aws/cloud.ts';
import { Pacing } from '../../operator/aws/pacing.ts';
import { AddressedS3Control } from '../../operator/aws/s3-control.ts';
import type { Cloud } from '../../operator/model/ports.ts';
import { realTimers } from '../../operator/runtime/clock.ts';
import { judgedConnect } from '../support/judged-cloud.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { createSimulatedAws, type SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';

let aws: SimulatedAws;
let front: JudgedFront;
let cloud: Cloud;
let outcomes: Outcome[];
const stop = new AbortController();

beforeEach(async () => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
  front = await judgedFront({ aws });
  outcomes = [];
  const observe = (outcome: Outcome) => outcomes.push(outcome);
  cloud = await judgedConnect(front, 'eu-central-1', { pacing: new Pacing(realTimers), signal: stop.signal, observe });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await front.close();
});

const sent = (operation: string): number =>
  aws.world.ledger.calls().filter((call) => call.operation === operation).length;

describe('the real clients, over sockets', () => {
  test('know the account they work in', () => {
    expect(cloud.account).toBe('111122223333');
  });

  test.each(['reset', 'throttle', 'internal'] as const)('send a write once, also after %s', async (error) => {
    aws.world.faults.add({ operation: 'CreateVpc', error, when: 'after' });
    await expect(
      cloud.at('eu-central-1', 'change').ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }),
    ).rejects.toMatchObject({
      kind: error === 'throttle' ? 'throttled' : 'transient',
    });
    expect(sent('CreateVpc')).toBe(1);
    expect(aws.world.ledger.existing({ type: 'ec2/vpc' })).toHaveLength(1);
  });

  test('try a read again', async () => {
    aws.world.faults.add({ operation: 'DescribeVpcs', error: 'internal', count: 2 });
    expect((await cloud.at('eu-central-1', 'scan').ec2('DescribeVpcs', {})).Vpcs).toEqual([]);
    expect(sent('DescribeVpcs')).toBe(3);
  });

  test('tell every call and its outcome', async () => {
    aws.world.faults.add({ operation: 'DeleteVpc', error: 'deny' });
    await expect(cloud.at('eu-central-1', 'delete').ec2('DeleteVpc', { VpcId: 'vpc-0' })).rejects.toMatchObject({
      kind: 'denied',
    });
    expect(outcomes.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'GetCallerIdentity success',
      'DeleteVpc denied',
    ]);
  });

  test('send nothing once they are told to stop', async () => {
    const ended = new AbortController();
    const other = await judgedConnect(front, 'eu-central-1', { pacing: new Pacing(realTimers), signal: ended.signal });
    ended.abort();
    await expect(other.at('eu-central-1', 'change').ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).rejects.toThrow();
    expect(sent('CreateVpc')).toBe(0);
  });
});

/** A server that begins to answer, and then says what it says. */
async function beginning(then: (response: ServerResponse) => void): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '1000' });
    response.write('<DescribeVpcsResponse>');
    then(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('an answer that never ends', () => {
  test.each([
    ['is silent halfway', { silence: 200, call: 60_000 }, () => undefined],
    [
      'goes on drop by drop',
      { silence: 60_000, call: 300 },
      (response: ServerResponse) => {
        const drops = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drops));
      },
    ],
  ])('is an outcome that nobody knows: %s', async (_, limits, then) => {
    const other = await judgedConnect(front, 'eu-central-1', {
      ...{ pacing: new Pacing(realTimers), signal: stop.signal, limits },
    });
    const halting = await beginning(then);
    vi.stubEnv('AWS_ENDPOINT_URL_EC2', halting.url);
    await expect(other.at('eu-central-1', 'change').ec2('DescribeVpcs', {})).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(/^ec2:DescribeVpcs failed with TimeoutError: /) as string,
    });
    halting.close();
  });
});

/** Where a client sends what it is told to send: nobody answers but we. */
async function addressOf(ask: (given: object) => Promise<unknown>): Promise<string> {
  let asked = '';
  const handle = async ({ hostname, port, path }: { hostname: string; port?: number; path: string }) => {
    asked = `${hostname}${port ? `:${port}` : ''}${path}`;
    return { response: { statusCode: 200, headers: {}, body: Readable.from(['<_/>']) } };
  };
  await ask({ credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' }, requestHandler: { handle } });
  return asked;
}

describe('S3', () => {
  const hostAndPath = (): Promise<string> =>
    addressOf((given) =>
      new S3Client({ region: 'eu-central-1', ...given, ...s3Settings() }).send(
        new HeadBucketCommand({ Bucket: 'acme' }),
      ),
    );

  test('is asked by the bucket in the host at AWS, and by the path at an address of its own', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', '');
    expect(await hostAndPath()).toBe('acme.s3.eu-central-1.amazonaws.com/');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://simulator.test:4566');
    expect(await hostAndPath()).toBe('simulator.test:4566/acme/');
    vi.stubEnv('AWS_ENDPOINT_URL', '');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://simulator.test:4566');
    expect(await hostAndPath()).toBe('simulator.test:4566/acme/');
  });
});

describe('S3 Control', () => {
  const AccountId = '111122223333';
  const hostAndPath = (region = 'eu-central-1'): Promise<string> =>
    addressOf((given) =>
      new AddressedS3Control({ region, ...given }).send(new GetPublicAccessBlockCommand({ AccountId })),
    );
  const path = '/v20180820/configuration/publicAccessBlock';

  test.each([
    ['eu-central-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'amazonaws.com'],
  ])('is asked by the account in the host at AWS, in every partition: %s', async (region, domain) => {
    vi.stubEnv('AWS_ENDPOINT_URL', '');
    expect(await hostAndPath(region)).toBe(`${AccountId}.s3-control.${region}.${domain}${path}`);
  });

  test('is asked without the account at an address of its own, of which there may be no more than a number', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    expect(await hostAndPath()).toBe(`127.0.0.1:4566${path}`);
    vi.stubEnv('AWS_ENDPOINT_URL_S3_CONTROL', 'http://simulator.test:4567/aws');
    expect(await hostAndPath()).toBe(`simulator.test:4567/aws${path}`);
    vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true');
    expect(await hostAndPath()).toBe(`${AccountId}.s3-control.eu-central-1.amazonaws.com${path}`);
  });

  test('tells the block of an account, that there is none, and that nobody may read it', async () => {
    const read = () => cloud.at('eu-central-1', 'scan').s3control('GetPublicAccessBlock', { AccountId });
    await expect(read()).rejects.toMatchObject({ facts: { code: 'NoSuchPublicAccessBlockConfiguration' } });
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    const input = { AccountId, PublicAccessBlockConfiguration };
    await aws.handle({ ...{ service: 's3control', operation: 'PutPublicAccessBlock' }, input, region: 'us-east-1' });
    expect(await read()).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false },
    });
    aws.world.faults.add({ service: 's3control', error: 'deny' });
    await expect(read()).rejects.toMatchObject({ kind: 'denied', facts: { code: 'AccessDenied' } });
  });
});
