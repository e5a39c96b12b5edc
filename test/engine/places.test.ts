import { beforeEach, expect, test } from 'vitest';
import { teardown } from '../../operator/engine/reconcile.ts';
import { Fault } from '../../operator/model/faults.ts';
import { GraphBuilder, type Graph } from '../../operator/model/graph.ts';
import type { AnyResourceType } from '../../operator/model/resource-type.ts';
import { registryOf, ToyCloud, toyType, type ToyProps } from '../support/toy-cloud.ts';
import { acme, ToyEngine } from '../support/toy-engine.ts';

let clock: { time: number; now(): number };
let cloud: ToyCloud;

beforeEach(() => {
  clock = { time: 1_000_000, now: () => clock.time };
  cloud = new ToyCloud(clock);
});

const kinds = () => [...cloud.things.values()].map(({ type, props }) => `${type} ${String(props['color'])}`).sort();

/** A thing's colour is the region it was made in: lists tell of one region only. */
function alarmType(): AnyResourceType {
  const toy = toyType(cloud, 'toy/alarm');
  return {
    ...toy,
    alsoInUsEast1: true,
    async *list(aws, scope) {
      for await (const page of toy.list(aws, scope))
        yield page.filter(({ props }) => (props as ToyProps).color === scope.region);
    },
  };
}

test('what must live in us-east-1 is built, kept and removed there, whatever the region of the store', async () => {
  const alarm = alarmType();
  const world = new ToyEngine(cloud, clock, registryOf(alarm));
  const graph = (here: boolean): Graph => {
    const builder = new GraphBuilder();
    if (here) builder.add(alarm, 'monitoring/near', { color: 'eu-central-1', size: 1 });
    builder.add(alarm, 'monitoring/far', { color: 'us-east-1', size: 1 }, { region: 'us-east-1' });
    return builder.graph();
  };
  await world.settle(graph(true));
  expect(kinds()).toEqual(['toy/alarm eu-central-1', 'toy/alarm us-east-1']);
  const before = cloud.writes().length;
  clock.time += 3_600_000;
  await world.settle(graph(true));
  expect(cloud.writes()).toHaveLength(before);
  world.restart();
  await world.settle({ nodes: new Map() });
  expect(kinds()).toEqual([]);
});

test('a store that goes is not gone before us-east-1 was read as well', async () => {
  const alarm = alarmType();
  const world = new ToyEngine(cloud, clock, registryOf(alarm));
  cloud.put({
    type: 'toy/alarm',
    owner: { ...acme, node: 'monitoring/far' },
    props: { color: 'us-east-1' },
    readyAt: 0,
  });
  for (let i = 0; i < 400 && !world.verdicts.at(-1)?.gone; i++) {
    await world.pass({ nodes: new Map() }, teardown);
    clock.time += 5_000;
  }
  expect(world.verdicts.at(-1)?.gone).toBe(true);
  expect(kinds()).toEqual([]);
});

test('what is journaled and listed below a parent is made once after a lost reply', async () => {
  const pool = toyType(cloud, 'toy/pool');
  const plain = toyType(cloud, 'toy/client', { needs: ['toy/pool'] });
  const client: AnyResourceType = {
    ...plain,
    parentOf: ({ below }: ToyProps) => below as string,
    parentType: 'toy/pool',
    async *list(aws, scope) {
      for await (const page of plain.list(aws, scope))
        yield page.filter(({ props }) => scope.parents.includes((props as ToyProps).below as string));
    },
  };
  const world = new ToyEngine(cloud, clock, registryOf(pool, client));
  const builder = new GraphBuilder();
  const owner = builder.add(pool, 'identity/pool', { size: 1 });
  builder.add(client, 'identity/client', { below: owner.out('id'), size: 1 });
  cloud.faults.push({ call: 'create toy/client', fault: new Fault('transient', 'lost'), after: true });
  await world.settle(builder.graph());
  expect([...cloud.things.values()].map(({ type }) => type)).toEqual(['toy/pool', 'toy/client']);
  cloud.faults.push({ call: 'create toy/client', fault: new Fault('transient', 'lost') });
  cloud.remove('toy/client-2');
  clock.time += 3_600_000;
  await world.settle(builder.graph());
  expect([...cloud.things.values()].map(({ type }) => type)).toEqual(['toy/pool', 'toy/client']);
});
