import { expect, test } from 'vitest';
import { pacedCloud } from '../../operator/aws/paced-cloud.ts';
import { Pacing } from '../../operator/aws/pacing.ts';
import { Lookups } from '../../operator/engine/lookups.ts';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { Fault } from '../../operator/model/faults.ts';
import type { Aws } from '../../operator/model/ports.ts';
import type { AnyLookupType } from '../../operator/model/resource-type.ts';
import { registryOf, ToyCloud } from '../support/toy-cloud.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const minute = 60_000;
const region = 'eu-central-1';

function lookups(lookup: (props: object) => Promise<object>) {
  const clock = { time: 1_000_000, now: () => clock.time };
  const type: AnyLookupType = {
    ...{ name: 'toy/image-lookup', is: 'lookup', scope: 'regional' },
    lookup: (_: unknown, props: object) => lookup(props),
  } as never;
  const asked = new Lookups({
    ...{
      cloud: new ToyCloud(clock),
      clock,
      registry: registryOf(),
      installation: 'default',
      settings: defaultSettings,
    },
    wake: () => undefined,
  });
  return { clock, asked, ask: (props: object) => asked.ask(type, region, props, false) };
}

// All stores of a region share it: by one answer that fails they would all be Ready no more.
test('what AWS told last holds while it does not answer, for three beats; what it refuses holds at once', async () => {
  let fault: Fault | undefined;
  const { clock, ask } = lookups((props) => (fault ? Promise.reject(fault) : Promise.resolve(props)));
  await ask({ image: 1 });
  fault = new Fault('transient', 'no answer');
  for (let turn = 0; turn < 6; turn++) {
    clock.time += 7 * minute;
    expect(await ask({ image: 1 })).toEqual({ image: 1 });
  }
  clock.time += 7 * minute;
  await expect(ask({ image: 1 })).rejects.toThrow('no answer');
  fault = undefined;
  clock.time += 2 * minute;
  await ask({ image: 1 });
  fault = new Fault('rejected', 'is gone');
  clock.time += 16 * minute;
  await expect(ask({ image: 1 })).rejects.toThrow('is gone');
});

test('an answer that nobody has asked for in a few beats is dropped, and one that is asked for is kept', async () => {
  const { clock, asked, ask } = lookups((props) => Promise.resolve(props));
  for (let image = 0; image < 100; image++) await ask({ image });
  expect(asked.kept).toBe(100);
  for (let turn = 0; turn < 20; turn++) {
    clock.time += 5 * minute;
    await ask({ image: 7 });
  }
  expect(asked.kept).toBe(1);
});

// A pass waits for it, and a worker for the pass: the stores of other regions wait for workers.
test('a lookup whose turn is too far off is not sent, and what AWS told last holds', async () => {
  const timers = new VirtualTimers();
  const pacing = new Pacing(timers);
  const cloud = await pacedCloud(region, { pacing, signal: new AbortController().signal }, () =>
    Promise.resolve({ Account: '111122223333', Parameter: { Value: 'ami-1' } }),
  );
  const type: AnyLookupType = {
    ...{ name: 'toy/image-lookup', is: 'lookup', scope: 'regional' },
    lookup: async (aws: Aws, { Name }: { Name: string }) => {
      const { Parameter } = await aws.ssm('GetParameter', { Name });
      return { value: Parameter?.Value };
    },
  } as never;
  const shared = { cloud, clock: timers, registry: registryOf(), settings: defaultSettings };
  const asked = new Lookups({ ...shared, installation: 'default', wake: () => undefined });
  const known = { Name: 'known' };
  expect(await asked.ask(type, region, known, false)).toEqual({ value: 'ami-1' });
  const bucket = pacing.bucket(region, 'ssm', 'read');
  for (let i = 0; i < 10; i++) bucket.throttled();
  for (let i = 0; i < 100; i++) void bucket.take('heal');
  const fault = asked.ask(type, region, { Name: 'new' }, false).catch((error: unknown) => error);
  expect(await fault).toMatchObject({ kind: 'throttled', facts: { unsent: true } });
  expect(await asked.ask(type, region, known, true)).toEqual({ value: 'ami-1' });
});
