import { beforeEach, expect, test } from 'vitest';
import { Fault } from '../../operator/model/faults.ts';
import { GraphBuilder, type Graph } from '../../operator/model/graph.ts';
import type { NodeReport } from '../../operator/model/verdict.ts';
import { registryOf, ToyCloud, toyType } from '../support/toy-cloud.ts';
import { ToyEngine } from '../support/toy-engine.ts';

const minute = 60_000;
let clock: { time: number; now(): number };
let world: ToyEngine;
let graph: Graph;
let broken: { list?: Fault; detail?: Fault };

beforeEach(() => {
  clock = { time: 1_000_000, now: () => clock.time };
  const cloud = new ToyCloud(clock);
  broken = {};
  const plain = toyType(cloud, 'toy/yard');
  const yard: typeof plain = {
    ...plain,
    async *list(...given) {
      if (broken.list) throw broken.list;
      yield* plain.list(...given);
    },
    async detail(_aws, found) {
      if (broken.detail) throw broken.detail;
      return { props: { color: found.props.color } };
    },
  };
  world = new ToyEngine(cloud, clock, registryOf(yard));
  const builder = new GraphBuilder();
  builder.add(yard, 'net/yard', { size: 1 });
  graph = builder.graph();
});

/** Passes over a stretch of time, one every ten seconds; answers the last word on the only node, and all happenings. */
async function passFor(millis: number): Promise<{ report: NodeReport; told: string[] }> {
  const told: string[] = [];
  let report: NodeReport | undefined;
  for (const end = clock.time + millis; clock.time < end; clock.time += 10_000) {
    const verdict = await world.pass(graph);
    [report] = verdict.nodes;
    told.push(...verdict.happenings.map(({ kind, message }) => `${kind}: ${message}`));
  }
  return { report: report as NodeReport, told };
}

const denied = new Fault('denied', 'ec2:DescribeYards failed', { remedy: 'allow it' });

test('what AWS refuses to list any more is not called ready for long', async () => {
  await world.settle(graph);
  world.order = { applied: true };
  broken.list = denied;
  expect((await passFor(2 * minute)).report).toMatchObject({ standing: 'ready' });
  const { report, told } = await passFor(20 * minute);
  expect(report).toMatchObject({ standing: 'stalled', reason: 'AccessDenied', remedy: 'allow it', id: 'toy/yard-1' });
  expect(report.message).toContain('ec2:DescribeYards failed');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^Stalled: /);
});

test('what AWS refuses to tell the details of is not called ready for long', async () => {
  await world.settle(graph);
  broken.detail = denied;
  const { report } = await passFor(60 * minute);
  expect(report).toMatchObject({ standing: 'stalled', reason: 'AccessDenied' });
});

test('a failure of the network that lasts is no stall, but not ready either', async () => {
  await world.settle(graph);
  broken.list = new Fault('transient', 'no answer');
  expect((await passFor(7 * minute)).report).toMatchObject({ standing: 'progressing', reason: 'Unreachable' });
  expect((await passFor(30 * minute)).report).toMatchObject({ standing: 'stalled', reason: 'Unreachable' });
});

test('as soon as AWS can be read again, drift that came meanwhile is healed', async () => {
  await world.settle(graph);
  broken.list = denied;
  const thing = [...world.cloud.things.values()][0];
  if (thing) thing.props['size'] = 7;
  world.cloud.change();
  await passFor(30 * minute);
  expect(thing?.props['size']).toBe(7);
  broken = {};
  expect((await passFor(2 * minute)).report).toMatchObject({ standing: 'ready' });
  expect(thing?.props['size']).toBe(1);
});
