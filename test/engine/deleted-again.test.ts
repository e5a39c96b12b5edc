import { beforeEach, describe, expect, test } from 'vitest';
import { forgive } from '../../operator/engine/order.ts';
import { teardown } from '../../operator/engine/reconcile.ts';
import { GraphBuilder, type Graph } from '../../operator/model/graph.ts';
import type { ResourceType } from '../../operator/model/resource-type.ts';
import {
  registryOf,
  ToyCloud,
  toyType,
  type Thing,
  type ToyOptions,
  type ToyOutputs,
  type ToyProps,
} from '../support/toy-cloud.ts';
import { ToyEngine } from '../support/toy-engine.ts';

const minute = 60_000;
const hour = 60 * minute;

let clock: { time: number; now(): number };
let cloud: ToyCloud;
let world: ToyEngine;
let [yard, house, shed]: ResourceType<ToyProps, ToyOutputs>[] = [];

function begin(options: ToyOptions = {}): void {
  clock = { time: 1_000_000, now: () => clock.time };
  cloud = new ToyCloud(clock);
  yard = toyType(cloud, 'toy/yard', { once: 'token', replace: 'delete-first', slow: 20_000, ...options });
  house = toyType(cloud, 'toy/house', { needs: ['toy/yard'], once: 'token', replace: 'delete-first' });
  shed = toyType(cloud, 'toy/shed');
  world = new ToyEngine(cloud, clock, registryOf(yard, house, shed));
}

/** A yard, which somebody deletes; a house that stands on it; and a shed that does not. */
function graphOf({ size = 1, color = 'red', extent = 1, hasYard = true } = {}): Graph {
  const graph = new GraphBuilder();
  if (hasYard) {
    const specFields = { size: 'spec.yard.size', color: 'spec.yard.color' };
    const ground = graph.add(yard as typeof shed & object, 'net/yard', { size, color }, { specFields });
    graph.add(house as typeof shed & object, 'net/house', { below: ground.out('id') });
  }
  graph.add(shed as typeof house & object, 'net/shed', { size: extent });
  return graph.graph();
}

const yards = (): Thing[] => [...cloud.things.values()].filter(({ type }) => type === 'toy/yard');
const made = (): number => cloud.writes().filter((call) => call === 'create toy/yard net/yard').length;
const told = () => world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'net/yard');
const stalls = () => world.verdicts.flatMap(({ happenings }) => happenings.filter(({ kind }) => kind === 'Stalled'));
const remove = (): void => yards().forEach(({ id }) => cloud.remove(id));

/** Passes for so long; `meddle` comes by before each. */
async function goOn(graph: Graph, millis: number, meddle: () => void = () => undefined): Promise<void> {
  const until = clock.time + millis;
  while (clock.time < until) {
    meddle();
    const { wakeAt } = await world.pass(graph);
    clock.time = Math.max(clock.time + 1, Math.min(wakeAt, world.engine.inventory.nextDue(), until));
  }
}

/** Somebody's rule, which deletes each one as soon as it can be used. */
const rule = (): void => yards().forEach(({ id, readyAt }) => readyAt <= clock.time && cloud.remove(id));

/** From when somebody deletes it to when another one is there, in milliseconds. */
async function timeToHeal(graph: Graph): Promise<number> {
  remove();
  const [since, before] = [clock.time, made()];
  while (made() === before && clock.time - since < 2 * hour) await goOn(graph, 1_000);
  const healed = clock.time - since;
  await world.settle(graph);
  return healed;
}

/** Goes on until none is there, and none is made for now. */
async function untilItWaits(graph: Graph): Promise<void> {
  const until = clock.time + 2 * hour;
  while (clock.time < until && (told()?.standing !== 'stalled' || yards().length > 0)) await goOn(graph, 1_000, rule);
  expect(told()).toMatchObject({ standing: 'stalled', reason: 'NotKept' });
}

beforeEach(() => begin());

describe('what somebody deletes again and again', () => {
  beforeEach(async () => {
    await world.settle(graphOf());
    world.order = { applied: true };
  });

  test('is made again ever more rarely, and told once', async () => {
    await goOn(graphOf(), 24 * hour, rule);
    expect(made()).toBeLessThan(40);
    expect(made()).toBeGreaterThan(20);
    expect(told()).toMatchObject({
      ...{ standing: 'stalled', reason: 'NotKept', field: 'spec.yard' },
      message: expect.stringMatching(
        /^toy\/yard was deleted \d\d times since 1970-01-01 00:\d\d:\d\d UTC, and not by the operator \(the last was toy\/yard-\d+\); another one is made at 1970-01-0\d \d\d:\d\d:\d\d UTC$/,
      ) as string,
      remedy: 'find out in CloudTrail who calls DeleteToy for it, or change the store so that it does without',
    });
    expect(stalls().map(({ node }) => node)).toEqual(['net/yard']);
  });

  test('keeps no other node waiting, and what stands on it waits', async () => {
    await goOn(graphOf(), 3 * hour, rule);
    expect(world.verdicts.at(-1)?.nodes.map(({ node, standing }) => `${node} ${standing}`)).toEqual([
      'net/yard stalled',
      'net/house waiting',
      'net/shed ready',
    ]);
    await goOn(graphOf({ extent: 2 }), 1_000, rule);
    expect([...cloud.things.values()].find(({ type }) => type === 'toy/shed')?.props['size']).toBe(2);
  });

  test('is called stalled while another one is on its way, and is noticed when that is there', async () => {
    await goOn(graphOf(), 3 * hour, rule);
    const from = world.verdicts.length;
    for (let i = 0; told()?.standing !== 'ready' && i < 4_000; i++) await goOn(graphOf(), 1_000);
    expect(new Set(world.verdicts.slice(from, -1).map(({ nodes }) => nodes[0]?.standing))).toEqual(
      new Set(['stalled']),
    );
    expect(told()).toMatchObject({ reason: 'DeletedAgain', noticed: true });
  });

  test('is as any other once it has stood for an hour', async () => {
    const atOnce = await timeToHeal(graphOf());
    await goOn(graphOf(), 3 * hour, rule);
    await world.settle(graphOf());
    await goOn(graphOf(), 61 * minute);
    expect(told()).toMatchObject({ reason: 'UpToDate' });
    for (let i = 0; i < 3; i++) expect(await timeToHeal(graphOf())).toBeLessThanOrEqual(atOnce + 2_000);
    expect(stalls()).toHaveLength(1);
  });

  test('is made at once when something else is wanted of it, and when somebody asks for it', async () => {
    await goOn(graphOf(), 6 * hour, rule);
    await untilItWaits(graphOf());
    const before = made();
    await world.pass(graphOf({ size: 2 }));
    expect(made()).toBe(before + 1);
    await goOn(graphOf({ size: 2 }), 6 * hour, rule);
    await untilItWaits(graphOf({ size: 2 }));
    const later = made();
    forgive(world.memory);
    await world.pass(graphOf({ size: 2 }));
    expect(made()).toBe(later + 1);
  });

  test('holds up no deletion of the store', async () => {
    await goOn(graphOf(), 6 * hour, rule);
    await untilItWaits(graphOf());
    const since = clock.time;
    await world.settle(graphOf(), teardown);
    expect([...cloud.things.values()]).toEqual([]);
    expect(clock.time - since).toBeLessThan(2 * minute);
  });
});

test('what is deleted now and then is made again at once each time', async () => {
  await world.settle(graphOf());
  world.order = { applied: true };
  const healed: number[] = [];
  for (let i = 0; i < 8; i++) {
    healed.push(await timeToHeal(graphOf()));
    await goOn(graphOf(), 90 * minute);
  }
  expect(Math.max(...healed)).toBeLessThan(4 * minute);
  expect(stalls()).toEqual([]);
});

test('what keeps people out is told, and made again at once for ever', async () => {
  begin({ keepsOut: true });
  await world.settle(graphOf());
  world.order = { applied: true };
  const atOnce = await timeToHeal(graphOf());
  for (let i = 0; i < 12; i++) expect(await timeToHeal(graphOf())).toBeLessThanOrEqual(atOnce + 2_000);
  expect(stalls().map(({ node }) => node)).toEqual(['net/yard']);
});

test.each(['delete-first', 'create-first'] as const)(
  'what is replaced again and again by us is replaced at once each time: %s',
  async (replace) => {
    begin({ replace, once: 'name' });
    await world.settle(graphOf());
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      const since = clock.time;
      await world.settle(graphOf({ color: i % 2 ? 'red' : 'blue' }));
      times.push(clock.time - since);
    }
    expect(Math.max(...times)).toBeLessThan(3 * minute);
    expect(stalls()).toEqual([]);
  },
);

test('what somebody changes so that we have to replace it is replaced at once each time', async () => {
  begin({ once: 'name' });
  await world.settle(graphOf());
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    for (const yard of yards()) yard.props = { ...yard.props, color: 'blue' };
    cloud.change();
    const since = clock.time;
    await goOn(graphOf(), 2 * minute);
    await world.settle(graphOf());
    expect(yards()[0]?.props['color']).toBe('red');
    times.push(clock.time - since);
  }
  expect(Math.max(...times)).toBeLessThan(4 * minute);
  expect(stalls()).toEqual([]);
});

describe('what is taken out and put back again and again', () => {
  async function putBack(meddle: () => unknown = () => undefined): Promise<number[]> {
    await world.settle(graphOf());
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      await meddle();
      await world.settle(graphOf({ hasYard: false }));
      await goOn(graphOf({ hasYard: false }), 10 * minute);
      const since = clock.time;
      await world.settle(graphOf());
      times.push(clock.time - since);
    }
    expect(yards()).toHaveLength(1);
    return times;
  }

  test('is made at once each time', async () => {
    begin({ once: 'name' });
    expect(Math.max(...(await putBack()))).toBeLessThan(2 * minute);
    expect(stalls()).toEqual([]);
  });

  test('is made at once each time although somebody deletes it once in between', async () => {
    begin({ once: 'name' });
    expect(Math.max(...(await putBack(() => timeToHeal(graphOf()))))).toBeLessThan(2 * minute);
    expect(stalls()).toEqual([]);
  });

  test('is not called deleted by others where AWS answers a token with what is long gone', async () => {
    expect(Math.max(...(await putBack()))).toBeLessThan(10 * minute);
    expect(stalls()).toEqual([]);
  });
});
