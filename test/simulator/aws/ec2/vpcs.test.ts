import { expect, test } from 'vitest';
import { createSimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

test('what AWS makes with a VPC goes with it, and with no other', async () => {
  const ec2 = callsTo(createSimulatedAws({ clock: new VirtualClock() }), 'ec2');
  const make = async () => (await ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? '';
  const [one, other] = [await make(), await make()];
  const parts = async (id: string) => {
    const asked = { Filters: [{ Name: 'vpc-id', Values: [id] }] };
    const { SecurityGroups = [] } = await ec2('DescribeSecurityGroups', asked);
    const { RouteTables = [] } = await ec2('DescribeRouteTables', asked);
    const { NetworkAcls = [] } = await ec2('DescribeNetworkAcls', asked);
    return [SecurityGroups.length, RouteTables.length, NetworkAcls.length];
  };
  expect(await parts(one)).toEqual([1, 1, 1]);
  await ec2('DeleteVpc', { VpcId: one });
  expect(await parts(one)).toEqual([0, 0, 0]);
  expect(await parts(other)).toEqual([1, 1, 1]);
});
