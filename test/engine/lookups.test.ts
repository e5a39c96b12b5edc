import { expect, test } from 'vitest';
import { Lookups } from '../../operator/engine/lookups.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import type { AnyLookupType } from '../../operator/model/resource-type.ts';
import { registryOf, ToyCloud } from '../support/toy-cloud.ts';

const minute = 60_000;

test('an answer that nobody has asked for in a few beats is dropped, and one that is asked for is kept', async () => {
  const clock = { time: 1_000_000, now: () => clock.time };
  const cloud = new ToyCloud(clock);
  const type: AnyLookupType = {
    ...{ name: 'toy/image-lookup', is: 'lookup', scope: 'regional' },
    lookup: async (_: unknown, props: object) => props,
  } as never;
  const lookups = new Lookups({
    ...{ cloud, clock, registry: registryOf(), installation: 'default', settings: defaultSettings },
    wake: () => undefined,
  });
  for (let image = 0; image < 100; image++) await lookups.ask(type, 'eu-central-1', { image }, false);
  expect(lookups.kept).toBe(100);
  for (let turn = 0; turn < 20; turn++) {
    clock.time += 5 * minute;
    await lookups.ask(type, 'eu-central-1', { image: 7 }, false);
  }
  expect(lookups.kept).toBe(1);
});
