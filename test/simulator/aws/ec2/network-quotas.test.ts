import { expect, test } from 'vitest';
import { createSimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

const region = 'eu-central-1';

async function ground() {
  const clock = new VirtualClock();
  const aws = createSimulatedAws({ clock });
  const ec2 = callsTo(aws, 'ec2');
  const vpc = async () => (await ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? '';
  return { clock, aws, ec2, vpc };
}

test('a zone takes five NAT gateways; those that are gone do not count, and another zone has its own', async () => {
  const { clock, aws, ec2, vpc } = await ground();
  aws.world.quotas.set('Elastic IP addresses per Region', 10);
  const VpcId = await vpc();
  const { InternetGateway } = await ec2('CreateInternetGateway', {});
  const gateway = { InternetGatewayId: InternetGateway?.InternetGatewayId ?? '' };
  await ec2('AttachInternetGateway', { ...gateway, VpcId });
  const subnet = async (zone: string, third: number) =>
    (await ec2('CreateSubnet', { VpcId, CidrBlock: `10.0.${third}.0/24`, AvailabilityZone: `${region}${zone}` })).Subnet
      ?.SubnetId ?? '';
  const [inA, inB] = [await subnet('a', 0), await subnet('b', 1)];
  const nat = async (SubnetId: string) => {
    const { AllocationId = '' } = await ec2('AllocateAddress', { Domain: 'vpc' });
    return (await ec2('CreateNatGateway', { SubnetId, AllocationId })).NatGateway?.NatGatewayId ?? '';
  };
  const first = await nat(inA);
  for (let made = 1; made < 5; made++) await nat(inA);
  await expect(nat(inA)).rejects.toMatchObject({ code: 'NatGatewayLimitExceeded' });
  await nat(inB);
  await ec2('DeleteNatGateway', { NatGatewayId: first });
  clock.advance(10 * 60_000);
  await nat(inA);
});

test('a region takes twenty gateway endpoints', async () => {
  const { aws, ec2, vpc } = await ground();
  aws.world.quotas.set('VPCs per Region', 100);
  const endpoint = async () =>
    ec2('CreateVpcEndpoint', { VpcId: await vpc(), ServiceName: `com.amazonaws.${region}.s3` });
  for (let made = 0; made < 20; made++) await endpoint();
  await expect(endpoint()).rejects.toMatchObject({ code: 'VpcEndpointLimitExceeded' });
});
