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

  test('wants a signature', async () => {
    const reply = await fetch(front.endpoint, { method: 'POST', body: 'Action=DescribeVpcs' });
    expect(await reply.text()).toContain('MissingAuthenticationToken');
    expect(front.wire.taken()).toMatchObject([{ side: 'request', path: 'authorization', rule: 'operation' }]);
  });
});
