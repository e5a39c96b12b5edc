import { Readable } from 'node:stream';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { s3Settings, type Outcome } from '../../operator/aws/cloud.ts';
import { Pacing } from '../../operator/aws/pacing.ts';
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

describe('S3', () => {
  const hostAndPath = async (): Promise<string> => {
    let asked = '';
    const handle = async ({ hostname, path }: { hostname: string; path: string }) => {
      asked = `${hostname}${path}`;
      return { response: { statusCode: 200, headers: {}, body: Readable.from([]) } };
    };
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
    const requestHandler = { handle } as never;
    const client = new S3Client({ region: 'eu-central-1', credentials, requestHandler, ...s3Settings() });
    await client.send(new HeadBucketCommand({ Bucket: 'acme' }));
    return asked;
  };

  test('is asked by the bucket in the host at AWS, and by the path at an address of its own', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', '');
    expect(await hostAndPath()).toBe('acme.s3.eu-central-1.amazonaws.com/');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://simulator.test:4566');
    expect(await hostAndPath()).toBe('simulator.test/acme/');
    vi.stubEnv('AWS_ENDPOINT_URL', '');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://simulator.test:4566');
    expect(await hostAndPath()).toBe('simulator.test/acme/');
  });
});
