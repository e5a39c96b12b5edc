import { expect, test } from 'vitest';
import { guarded } from '../../operator/aws/guarded.ts';
import { Fault } from '../../operator/model/faults.ts';
import { createSimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { SimulatedCloud } from '../support/simulated-cloud.ts';

test('who does not lead any more may read, and writes nothing', async () => {
  const cloud = new SimulatedCloud(createSimulatedAws({ clock: new VirtualClock() }));
  let leads = true;
  const allow = () => {
    if (!leads) throw new Fault('busy', 'this replica does not lead any more');
  };
  const terms = { signal: new AbortController().signal, patience: () => Infinity };
  const aws = guarded(cloud, allow, terms).at('eu-central-1', 'change');
  await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' });
  leads = false;
  await expect(aws.ec2('CreateVpc', { CidrBlock: '10.1.0.0/16' })).rejects.toThrow('does not lead');
  expect((await aws.ec2('DescribeVpcs', {})).Vpcs).toHaveLength(1);
  expect(cloud.writes()).toEqual(['ec2:CreateVpc']);
});
