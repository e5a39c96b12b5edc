import { beforeEach, expect, test } from 'vitest';
import { GraphBuilder, type Graph } from '../../operator/model/graph.ts';
import { registryOf, ToyCloud, toyType } from '../support/toy-cloud.ts';
import { ToyEngine } from '../support/toy-engine.ts';

let clock: { time: number; now(): number };
let cloud: ToyCloud;
let world: ToyEngine;
let graphOf: (size: number) => Graph;

beforeEach(() => {
  clock = { time: 1_000_000, now: () => clock.time };
  cloud = new ToyCloud(clock);
  const note = toyType(cloud, 'toy/note', { named: true, replace: 'delete-first' });
  world = new ToyEngine(cloud, clock, registryOf(note));
  graphOf = (size) => {
    const graph = new GraphBuilder();
    graph.add(note, 'net/one', { size });
    graph.add(note, 'net/two', { size: 1 });
    return graph.graph();
  };
});

const lists = (from = 0): string[] => cloud.log.slice(from).filter((call) => call.startsWith('list'));

test('what was written is read back by its id where the type can, not by the whole list', async () => {
  await world.settle(graphOf(1));
  expect(lists()).toEqual(['list toy/note', 'list toy/note-1 toy/note-2 of toy/note']);
  const before = cloud.log.length;
  await world.settle(graphOf(2));
  expect(cloud.things.get('toy/note-1')?.props['size']).toBe(2);
  expect(lists(before)).toEqual(['list toy/note-1 of toy/note']);
});

test('one that its own reading lacks is missing, and is made anew only when it is lacking a read lag later', async () => {
  await world.settle(graphOf(1));
  await world.pass(graphOf(2));
  cloud.remove('toy/note-1');
  const before = cloud.log.length;
  await world.settle(graphOf(2));
  expect([...cloud.things.values()].map(({ owner }) => owner?.node).sort()).toEqual(['net/one', 'net/two']);
  expect(lists(before).filter((call) => call.startsWith('list toy/note-1 of')).length).toBeGreaterThanOrEqual(2);
});

test('a written value that no reading ever tells is waited for until all readings have spoken, and is not written again', async () => {
  const plain = toyType(cloud, 'toy/mute');
  const mute: typeof plain = {
    ...plain,
    async *list(...given) {
      for await (const page of plain.list(...given))
        yield page.map(({ props: { size: _size, ...props }, ...one }) => ({ ...one, props }));
    },
  };
  world = new ToyEngine(cloud, clock, registryOf(mute));
  const graph = new GraphBuilder();
  graph.add(mute, 'net/mute', { size: 1 });
  await world.settle(graph.graph());
  clock.time += 3_600_000;
  await world.settle(graph.graph());
  expect(cloud.writes()).toEqual(['create toy/mute net/mute']);
});

test('details that AWS tells some seconds late are not asked for before', async () => {
  const asked: number[] = [];
  const born = clock.time;
  const plain = toyType(cloud, 'toy/seal', { slow: 60_000 });
  const seal: typeof plain = {
    ...plain,
    takes: { telling: 5_000 },
    async detail(_aws, found) {
      asked.push(clock.time - born);
      return { ...found, outputs: { ...found.outputs, friend: 'told' } };
    },
  };
  const note = toyType(cloud, 'toy/note');
  world = new ToyEngine(cloud, clock, registryOf(seal, note));
  const graph = new GraphBuilder();
  const wanted = graph.add(seal, 'net/seal', { size: 1 });
  graph.add(note, 'net/note', { below: wanted.early('friend' as 'id') });
  await world.settle(graph.graph());
  expect(asked[0]).toBeGreaterThanOrEqual(5_000);
  expect(asked[0]).toBeLessThan(7_000);
});
