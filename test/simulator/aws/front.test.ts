import {
  EC2Client,
  CreateVpcCommand,
  DescribeVpcsCommand,
  DescribeSecurityGroupsCommand,
  DeleteVpcCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../simulator/clock.ts';
import { judgedFront, type JudgedFront } from '../../support/judged-front.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../simulator/aws/simulated-aws.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
let front: JudgedFront;
let ec2: EC2Client;
const credentials = { accessKeyId: 'AKIASIMULATOR', secretAccessKey: 'secret' };

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  front = await judgedFront({ aws, advance: (millis) => clock.advance(millis) });
  ec2 = new EC2Client({ endpoint: front.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
});
afterEach(() => front.close());

describe('the front', () => {
  test('answers the real SDK', async () => {
    const sts = new STSClient({ endpoint: front.endpoint, region: 'eu-central-1', credentials });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111122223333');
  });

  test('makes a VPC with tags, tells of it, and deletes it', async () => {
    const Tags = [{ Key: 'ecom.io/uid', Value: 'x & <y>' }];
    const made = await ec2.send(
      new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags }] }),
    );
    expect(made.Vpc).toMatchObject({ State: 'pending', CidrBlock: '10.0.0.0/16', Tags });
    clock.advance(2000);
    const Filters = [{ Name: 'tag:ecom.io/uid', Values: ['x & <y>'] }];
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters }));
    expect(Vpcs).toMatchObject([{ VpcId: made.Vpc?.VpcId, State: 'available' }]);
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    expect(SecurityGroups).toMatchObject([
      { GroupName: 'default', IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
    ]);
    await ec2.send(new DeleteVpcCommand({ VpcId: made.Vpc?.VpcId }));
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
  });

  test('refuses with the code of AWS', async () => {
    const refused = ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] }));
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: "The filter 'colour' is invalid",
    });
    await expect(ec2.send(new DeleteVpcCommand({ VpcId: 'vpc-0123' }))).rejects.toMatchObject({
      name: 'InvalidVpcID.NotFound',
    });
  });

  test('does not have the SDK try again because simulated time is not its own', async () => {
    const usual = new EC2Client({ endpoint: front.endpoint, region: 'eu-central-1', credentials });
    for (const VpcIds of [['vpc-01'], ['vpc-02']]) {
      clock.advance(3_600_000);
      await expect(usual.send(new DescribeVpcsCommand({ VpcIds }))).rejects.toMatchObject({
        name: 'InvalidVpcID.NotFound',
      });
    }
    expect(aws.world.ledger.calls()).toHaveLength(2);
  });

  test('breaks on demand, and keeps a ledger', async () => {
    const post = (body: object) =>
      fetch(`${front.endpoint}/_simulator/faults`, { method: 'POST', body: JSON.stringify(body) });
    await post({ add: [{ service: 'ec2', operation: 'CreateVpc', error: 'reset', when: 'after', count: 1 }] });
    await expect(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).rejects.toThrow();
    await post({ add: [{ error: 'throttle', count: 1 }] });
    await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
    const ledger = (await (await fetch(`${front.endpoint}/_simulator/ledger`)).json()) as {
      existing: object[];
      calls: object;
    };
    expect(ledger.existing).toMatchObject([{ type: 'ec2/vpc', region: 'eu-central-1' }]);
    expect(ledger.calls).toMatchObject({ total: 2, writes: 1 });
  });

  test.each([
    ['not JSON', 'the body must be a JSON object'],
    ['[]', 'the body must be a JSON object'],
    ['{"ad": []}', 'there is clear and add, no ad'],
    ['{"add": {"error": "reset"}}', 'add must be a list'],
    ['{"add": [{"service": "ec3", "error": "reset"}]}', 'add[0]: there is no service "ec3"'],
    ['{"add": [{"operation": "CreateVPC", "error": "reset"}]}', 'add[0]: there is no operation "CreateVPC"'],
    ['{"add": [{"service": "iam", "operation": "CreateVpc", "error": "reset"}]}', 'no operation "CreateVpc" in iam'],
    ['{"add": [{"error": "throttled"}]}', 'error is one of timeout, reset, throttle, deny, internal'],
    ['{"add": [{"error": "deny"}, {"error": "deny", "times": 3}]}', 'add[1]: there is no times in a rule'],
    ['{"add": [{"error": "deny", "count": "3"}]}', 'count and skip are whole numbers'],
    ['{"add": [{"error": "deny", "when": "later"}]}', 'when is before or after'],
    ['{"add": [{"service": "ec2"}]}', 'a rule has an error, a latencyMillis, or both'],
  ])('a fault that could never strike is refused: %s', async (body, message) => {
    const reply = await fetch(`${front.endpoint}/_simulator/faults`, { method: 'POST', body });
    expect([reply.status, ((await reply.json()) as { message: string }).message]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
    expect(await (await fetch(`${front.endpoint}/_simulator/faults`)).json()).toEqual([]);
  });

  test('answers late on demand', async () => {
    aws.world.faults.add({ operation: 'DescribeVpcs', latencyMillis: 300 });
    const took = async (): Promise<number> => {
      const began = performance.now();
      await ec2.send(new DescribeVpcsCommand({}));
      return performance.now() - began;
    };
    expect(await took()).toBeGreaterThanOrEqual(295);
    aws.world.faults.clear();
    expect(await took()).toBeLessThan(295);
  });

  test('wants a signature', async () => {
    const reply = await fetch(front.endpoint, { method: 'POST', body: 'Action=DescribeVpcs' });
    expect(await reply.text()).toContain('MissingAuthenticationToken');
    expect(front.wire.taken()).toMatchObject([{ side: 'request', path: 'authorization', rule: 'operation' }]);
  });
});
