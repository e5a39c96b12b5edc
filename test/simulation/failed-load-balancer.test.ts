import { expect, test } from 'vitest';
import { homeRegion } from '../../simulator/account.ts';
import { loadBalancers } from '../../simulator/aws/elbv2/kinds.ts';
import { VirtualOperator } from '../support/virtual-operator.ts';

const minute = 60_000;

test('a load balancer that AWS could not set up is made anew, and the store is served', async () => {
  const world = new VirtualOperator();
  const balancers = world.aws.world.collection(homeRegion, loadBalancers);
  world.start();
  const store = await world.apply('examples/production.yaml');
  const made: string[] = [];
  for (let failures = 0; failures < 2; failures++) {
    const fresh = () => balancers.all().find(({ arn }) => !made.includes(arn));
    await world.until(() => fresh() !== undefined, 'there is a load balancer', 60);
    const { arn } = fresh() as { arn: string };
    made.push(arn);
    balancers.change(arn, { state: 'failed' });
    const told = () => world.status(store)?.resources?.find(({ node }) => node === 'loadBalancer/balancer');
    await world.until(() => told()?.reason === 'Failed', 'it is told', 10);
    expect(told()?.message).toContain('AWS could not set up the load balancer');
    expect(told()?.message).not.toMatch(/accessLogs|take back|policy\.replace/);
  }
  await world.ready(store);
  expect(balancers.all().map(({ arn, state }) => [made.includes(arn), state])).toEqual([[false, 'active']]);
  await world.advance(30 * minute);
  expect(world.isReady(store)).toBe(true);
}, 60_000);
