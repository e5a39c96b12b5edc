import { expect, test } from 'vitest';
import { subjects } from '../../bench/subjects.ts';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { refreshes } from '../../simulator/aws/autoscaling/refresh-state.ts';
import { standardVcpus } from '../../simulator/aws/ec2/launching.ts';
import { instances, isAlive } from '../../simulator/aws/ec2/instances.ts';
import { VirtualOperator } from '../support/virtual-operator.ts';

const minute = 60_000;

test('a rollout that AWS gave up for too few vCPUs is tried again by whichever process leads, until there are enough', async () => {
  const world = new VirtualOperator({ latencyMillis: [50, 150] });
  world.start();
  const store = await world.post({ namespace: 'shops', name: 'acme' }, subjects['web-tier'].spec(0));
  await world.until(() => world.isReady(store), 'it is ready');
  const alive = () => world.aws.world.collection(homeRegion, instances).all().filter(isAlive);
  world.aws.world.quotas.set(standardVcpus, 2 * alive().length);
  await world.patch(store, { spec: { compute: { image: { ssmParameter: null, id: seededImages.next } } } });
  const begun = () =>
    world.aws.world
      .collection(homeRegion, refreshes)
      .all()
      .map(({ startedAt }) => startedAt / minute);
  const stalled = () => world.condition(store, 'Stalled');
  await world.until(() => stalled()?.message?.includes('tried again at about') === true, 'it says when', 20);
  expect(stalled()).toMatchObject({ status: 'True', reason: 'Refused' });
  expect(stalled()?.message).toContain('the last launch failed: You have requested more vCPU capacity');
  await world.until(() => begun().length === 2, 'it is tried again', 16);
  world.kill();
  await world.until(() => begun().length === 5, 'it is tried again, ever more slowly', 5 * 60);
  // It is under way, and no change that somebody sets back.
  await world.advance(minute);
  expect(stalled()).toMatchObject({ status: 'False' });
  const [, ...pauses] = begun().map((at, turn, all) => at - (all[turn - 1] ?? 0));
  for (const [turn, least] of [15, 30, 60, 120].entries()) {
    expect(pauses[turn]).toBeGreaterThanOrEqual(least);
    expect(pauses[turn]).toBeLessThan(least + 15);
  }
  await world.until(() => stalled()?.status === 'True', 'that is given up, too', 20);
  expect(stalled()).toMatchObject({ reason: 'Refused' });
  world.aws.world.quotas.delete(standardVcpus);
  await world.until(() => world.isReady(store), 'it is rolled out', 5 * 60);
  await world.advance(10 * minute);
  expect(new Set(alive().map(({ imageId }) => imageId))).toEqual(new Set([seededImages.next]));
});
