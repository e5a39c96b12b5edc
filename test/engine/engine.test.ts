import { beforeEach, describe, expect, test } from 'vitest';
import { teardown } from '../../operator/engine/reconcile.ts';
import { Fault } from '../../operator/model/faults.ts';
import { GraphBuilder, type Graph } from '../../operator/model/graph.ts';
import { handle } from '../../operator/model/graph.ts';
import type { LookupType, ResourceType } from '../../operator/model/resource-type.ts';
import {
  registryOf,
  ToyCloud,
  toyLookup,
  toyType,
  type ToyOptions,
  type ToyOutputs,
  type ToyProps,
} from '../support/toy-cloud.ts';
import { acme, isSettled, ToyEngine } from '../support/toy-engine.ts';

type Toy = ResourceType<ToyProps, ToyOutputs>;
let clock: { time: number; now(): number };
let cloud: ToyCloud;
let [yard, house, named]: Toy[] = [];
let world: ToyEngine;

beforeEach(() => {
  clock = { time: 1_000_000, now: () => clock.time };
  cloud = new ToyCloud(clock);
  yard = toyType(cloud, 'toy/yard');
  house = toyType(cloud, 'toy/house', { needs: ['toy/yard'], once: 'token', replace: 'delete-first', slow: 20_000 });
  named = toyType(cloud, 'toy/named', { needs: ['toy/yard'], once: 'name', replace: 'create-first' });
  world = new ToyEngine(cloud, clock, registryOf(yard, house, named));
});

const typeOf = (toy: Toy | undefined): Toy => toy as Toy;

function graphOf(props: { size?: number; color?: string; named?: string; house?: boolean } = {}): Graph {
  const graph = new GraphBuilder();
  const ground = graph.add(typeOf(yard), 'net/yard', { size: props.size ?? 1 });
  if (props.house !== false)
    graph.add(typeOf(house), 'net/house', { below: ground.out('id'), color: props.color ?? 'red', seed: 1 });
  if (props.named) graph.add(typeOf(named), 'net/named', { color: props.named, size: 1 });
  return graph.graph();
}

const alive = (type?: string) => [...cloud.things.values()].filter((thing) => !type || thing.type === type);
const own = (thing: { node: string }) => ({ ...acme, node: thing.node as `${string}/${string}` });

describe('building', () => {
  test('a store is built, each node after what it refers to', async () => {
    await world.settle(graphOf());
    expect(cloud.writes()).toEqual(['create toy/yard net/yard', 'create toy/house net/house']);
    expect(alive('toy/house')[0]?.props).toMatchObject({ below: alive('toy/yard')[0]?.id, color: 'red' });
  });

  test('a settled store is not written again', async () => {
    await world.settle(graphOf());
    const before = cloud.writes().length;
    clock.time += 3_600_000;
    await world.settle(graphOf());
    expect(cloud.writes()).toHaveLength(before);
  });

  test('two that refer to each other are made, then introduced', async () => {
    const graph = new GraphBuilder();
    graph.add(typeOf(yard), 'net/a', { friend: handle<ToyOutputs>('net/b').out('id') });
    graph.add(typeOf(yard), 'net/b', { friend: handle<ToyOutputs>('net/a').out('id') });
    await world.settle(graph.graph());
    const [a, b] = alive('toy/yard');
    expect([a?.props['friend'], b?.props['friend']]).toEqual([b?.id, a?.id]);
  });

  test('what is looked up for a late field is waited for each time that it is asked anew', async () => {
    const graph = new GraphBuilder();
    const lookup = toyLookup(cloud, () => ({ value: 'somebody' }));
    graph.add(typeOf(yard), 'net/yard', { friend: handle<{ value: string }>('net/friend').out('value') });
    graph.add(lookup, 'net/friend', { what: 'x' });
    await expect(world.settle(graph.graph())).resolves.toBeDefined();
    clock.time += 20 * 60_000;
    const verdict = await world.pass(graph.graph());
    expect(cloud.log.filter((call) => call === 'ask toy/lookup')).toHaveLength(2);
    expect(verdict.nodes.map(({ node, standing }) => [node, standing])).toEqual([
      ['net/yard', 'ready'],
      ['net/friend', 'ready'],
    ]);
  });

  test('nothing is created before every list was read once', async () => {
    cloud.faults.push({ call: 'list toy/yard', fault: new Fault('transient', 'timeout') });
    const verdict = await world.pass(graphOf());
    expect(verdict.known).toBe(false);
    expect(cloud.writes()).toEqual([]);
  });

  test('a failing lookup stalls only what needs it, with its remedy', async () => {
    const missing = new Fault('absent', 'no such image', { field: 'spec.image', remedy: 'give another' });
    const lookup: LookupType<{ what: string }, { value: string }> = toyLookup(cloud, () => {
      throw new Fault('rejected', missing.message, missing.facts);
    });
    const graph = new GraphBuilder();
    const image = graph.add(lookup, 'net/image', { what: 'x' });
    graph.add(typeOf(yard), 'net/yard', { color: image.out('value') });
    graph.add(typeOf(yard), 'net/other', { size: 2 });
    const verdict = await world.pass(graph.graph());
    expect(verdict.nodes.map(({ node, standing }) => [node, standing])).toEqual([
      ['net/image', 'stalled'],
      ['net/yard', 'waiting'],
      ['net/other', 'progressing'],
    ]);
    expect(verdict.nodes[0]).toMatchObject({ field: 'spec.image', remedy: 'give another' });
  });
});

describe('creating once', () => {
  test('a creation without token is not sent when it could not be journaled', async () => {
    world.journalFault = new Fault('busy', 'somebody wrote first');
    await world.pass(graphOf({ house: false }));
    expect([world.journalWrites, cloud.writes()]).toEqual([1, []]);
    await world.settle(graphOf({ house: false }));
    expect(alive('toy/yard')).toHaveLength(1);
  });

  test('what another process has announced is waited for from now on, whatever the time was on its clock', async () => {
    const at = clock.time - 30 * 60_000;
    world.journal = [{ node: 'net/yard', incarnation: '', at }];
    const verdict = await world.pass(graphOf());
    expect(verdict.nodes[0]).toMatchObject({ node: 'net/yard', reason: 'UnknownOutcome' });
    const before = clock.time;
    await world.settle(graphOf());
    expect(alive('toy/yard').map(({ born }) => born >= before + 5 * 60_000)).toEqual([true]);
  });

  test('all creations of one moment share one write to the journal', async () => {
    const graph = new GraphBuilder();
    for (const name of ['a', 'b', 'c'] as const) graph.add(typeOf(yard), `net/${name}`, { size: 1 });
    await world.pass(graph.graph());
    expect([world.journalWrites, alive().length]).toEqual([1, 3]);
  });

  test('a lost reply leaves one resource, found by its tags', async () => {
    cloud.faults.push({ call: 'create toy/yard', fault: new Fault('transient', 'timeout'), after: true });
    await world.settle(graphOf());
    expect(alive('toy/yard')).toHaveLength(1);
  });

  test('a lost reply with lists that lag behind leaves one resource', async () => {
    cloud.lag = 120_000;
    cloud.change();
    clock.time += 200_000;
    cloud.faults.push({ call: 'create toy/yard', fault: new Fault('transient', 'timeout'), after: true });
    await world.settle(graphOf(), undefined, 400);
    expect(alive('toy/yard')).toHaveLength(1);
  });

  test('a lost request is sent again after the window of doubt', async () => {
    cloud.faults.push({ call: 'create toy/yard', fault: new Fault('transient', 'timeout') });
    const began = clock.time;
    await world.settle(graphOf(), undefined, 400);
    expect(alive('toy/yard')).toHaveLength(1);
    expect((alive('toy/yard')[0]?.born ?? 0) - began).toBeGreaterThanOrEqual(300_000);
  });

  test('a crash between the effect and the reply leaves one resource, although lists lag', async () => {
    cloud.lag = 60_000;
    cloud.change();
    clock.time += 100_000;
    cloud.faults.push({ call: 'create toy/yard', fault: new Fault('transient', 'killed'), after: true });
    await world.pass(graphOf());
    world.restart();
    await world.settle(graphOf(), undefined, 400);
    expect(alive('toy/yard')).toHaveLength(1);
  });

  test.each([
    ['as long as we reckon with', 25_000, 0],
    ['longer', 60_000, 1],
  ])(
    'a lost resource is made again once, although the reply is lost, lists lag %s and the process dies',
    async (...[, lag, spare]) => {
      await world.settle(graphOf());
      const [lost] = alive('toy/house');
      cloud.remove(lost?.id as string);
      clock.time += 200_000;
      cloud.lag = lag;
      cloud.faults.push({ call: 'create toy/house', fault: new Fault('transient', 'timeout'), after: true });
      while (cloud.faults.length > 0) {
        await world.pass(graphOf());
        clock.time += 10_000;
      }
      await world.pass(graphOf());
      world.restart();
      await world.settle(graphOf(), undefined, 400);
      expect(alive('toy/house')).toHaveLength(1);
      // A second one goes as one too many.
      expect(cloud.writes().filter((call) => call.startsWith('delete'))).toHaveLength(spare);
    },
  );

  test.each([
    ['is made under another token when AWS refuses the used one', false],
    ['comes once, although lists lag, the reply is lost and the process dies', true],
  ])('what was taken out and is wanted again %s', async (_what, dies) => {
    house = toyType(cloud, 'toy/house', { needs: ['toy/yard'], once: 'token', refusesUsedTokens: true });
    world = new ToyEngine(cloud, clock, registryOf(typeOf(yard), house, typeOf(named)));
    const creations = () => cloud.log.filter((call) => call.startsWith('create toy/house')).length;
    await world.settle(graphOf());
    await world.settle(graphOf({ house: false }));
    expect(alive('toy/house')).toEqual([]);
    if (dies) cloud.lag = 20_000;
    while (creations() < 2) {
      await world.pass(graphOf());
      clock.time += 1_000;
    }
    if (dies) cloud.faults.push({ call: 'create toy/house', fault: new Fault('transient', 'timeout'), after: true });
    while (cloud.faults.length > 0) {
      await world.pass(graphOf());
      clock.time += 1_000;
    }
    if (dies) world.restart();
    await world.settle(graphOf(), undefined, 400);
    expect(alive('toy/house')).toHaveLength(1);
    expect(cloud.writes().filter((call) => call.startsWith('delete toy/house'))).toHaveLength(1);
    // Refused, made, and after a restart refused once more: then the list tells that it is there.
    expect(creations()).toBe(dies ? 4 : 3);
  });

  test('what status remembers is not made again because a young process reads lists that lag', async () => {
    cloud.lag = 20_000;
    let made = false;
    for (let i = 0; i < 200 && !made; i++) {
      await world.pass(graphOf());
      made = alive('toy/house').length > 0;
      clock.time += made ? 1_000 : 5_000;
    }
    world.restart();
    await world.settle(graphOf(), undefined, 400);
    expect(world.cloud.log.filter((call) => call.startsWith('create toy/house'))).toHaveLength(1);
  });

  test('nor because another process has made it a moment ago, and lists lag', async () => {
    cloud.lag = 20_000;
    for (let i = 0; i < 6; i++, clock.time += 10_000) await world.pass(graphOf({ house: false }));
    const another = new ToyEngine(cloud, clock, world.registry);
    for (let i = 0; alive('toy/house').length === 0 && i < 20; i++, clock.time += 1_000) await another.pass(graphOf());
    [world.mirror, world.journal] = [another.mirror, another.journal];
    await world.settle(graphOf(), undefined, 400);
    expect(world.cloud.log.filter((call) => call.startsWith('create toy/house'))).toHaveLength(1);
  });

  test('what died is made again under a token of its own: AWS answers the used one with the dead', async () => {
    await world.settle(graphOf());
    cloud.remove(alive('toy/house')[0]?.id as string);
    for (let i = 0; i < 60 && alive('toy/house').length === 0; i++) {
      clock.time += 10_000;
      await world.pass(graphOf());
    }
    expect(alive('toy/house')).toHaveLength(1);
  });

  test('a refused creation is not waited for', async () => {
    cloud.faults.push({ call: 'create toy/yard', fault: new Fault('busy', 'not now') });
    const began = clock.time;
    await world.settle(graphOf({ house: false }));
    expect(clock.time - began).toBeLessThan(60_000);
  });

  test('a resource with our name but not our tags is left alone, and said so', async () => {
    await world.settle(graphOf({ named: 'blue' }));
    const [mine] = alive('toy/named');
    cloud.remove(mine?.id as string);
    cloud.put({ type: 'toy/named', owner: undefined, key: mine?.key, props: {}, readyAt: 0 });
    world.restart();
    const before = cloud.log.length;
    const verdict = await world.pass(graphOf({ named: 'blue' }));
    expect(verdict.nodes.at(-1)).toMatchObject({ standing: 'stalled', reason: 'Foreign' });
    // Not even tried: what AWS makes by putting it (an alarm, a dashboard, a topic) would become ours.
    expect(cloud.log.slice(before).filter((call) => call.startsWith('create'))).toEqual([]);
    expect(alive('toy/named')).toHaveLength(1);
  });

  test('of two candidates the elder stays and the younger goes', async () => {
    await world.settle(graphOf({ house: false }));
    clock.time += 1000;
    cloud.put({ type: 'toy/yard', owner: own({ node: 'net/yard' }), props: { size: 1 }, readyAt: 0 });
    clock.time += 200_000;
    await world.settle(graphOf({ house: false }));
    expect(alive('toy/yard').map(({ born }) => born)).toEqual([1_000_000]);
  });
});

describe('drift', () => {
  test('a changed value is set back with one write', async () => {
    await world.settle(graphOf({ size: 3 }));
    world.order = { applied: true };
    (alive('toy/yard')[0] as { props: object }).props = { size: 9 };
    cloud.change();
    const before = cloud.writes().length;
    clock.time += 130_000;
    await world.settle(graphOf({ size: 3 }));
    expect(cloud.writes().slice(before)).toEqual([expect.stringContaining('update toy/yard')]);
    expect(world.verdicts.flatMap(({ happenings }) => happenings).at(-1)).toMatchObject({ kind: 'DriftHealed' });
  });

  test('stale lists after an own write do not make it write again', async () => {
    cloud.lag = 20_000;
    await world.settle(graphOf({ size: 3 }), undefined, 400);
    const before = cloud.writes().length;
    await world.settle(graphOf({ size: 4 }), undefined, 400);
    expect(cloud.writes().slice(before)).toHaveLength(1);
  });

  test('a deleted resource comes back, but only once its absence is sure', async () => {
    await world.settle(graphOf());
    const [lost] = alive('toy/house');
    cloud.remove(lost?.id as string);
    clock.time += 130_000;
    await world.settle(graphOf(), undefined, 400);
    expect(alive('toy/house')).toHaveLength(1);
    expect(alive('toy/house')[0]?.id).not.toBe(lost?.id);
  });

  test('a list that lacks a resource once makes nothing anew', async () => {
    await world.settle(graphOf());
    const before = [...cloud.things];
    const [there] = alive('toy/house');
    cloud.remove(there?.id as string);
    clock.time += 130_000;
    for (let i = 0; i < 3; i++) await world.pass(graphOf());
    for (const [id, thing] of before) cloud.things.set(id, thing);
    cloud.change();
    await world.settle(graphOf(), undefined, 400);
    expect(alive('toy/house')).toEqual([there]);
    expect(cloud.log.filter((call) => call.startsWith('create toy/house'))).toHaveLength(1);
  });

  test('mode Observe reports drift and writes nothing', async () => {
    await world.settle(graphOf({ size: 3 }));
    (alive('toy/yard')[0] as { props: object }).props = { size: 9 };
    cloud.change();
    clock.time += 130_000;
    world.order = { act: false, applied: true };
    const before = cloud.writes().length;
    const verdict = await world.pass(graphOf({ size: 3 }));
    expect(verdict.nodes[0]).toMatchObject({ standing: 'drifted', fields: ['size'], action: 'update' });
    expect(cloud.writes()).toHaveLength(before);
  });
});

describe('what AWS refuses', () => {
  const refusal = (call: string) => ({ call, fault: new Fault('rejected', 'not so') });
  const homeOf = (props: { size?: number; color?: string }): Graph => {
    const specFields = { seed: 'spec.home.seed', color: 'spec.home.color', size: 'spec.home.size' };
    const graph = new GraphBuilder();
    graph.add(typeOf(house), 'net/house', { color: 'red', size: 1, ...props }, { specFields });
    return graph.graph();
  };

  test.each([
    ['of a creation: the part of the store that it comes from', 'create toy/house', {}, 'spec.home'],
    ['of a change: what was to change', 'update toy/house', { size: 2 }, 'spec.home.size'],
    ['of a replacement: what it is for', 'delete toy/house', { color: 'blue' }, 'spec.home.color'],
  ])('is told with the field that a person would change, %s', async (_which, call, props, field) => {
    if (!call.startsWith('create')) await world.settle(homeOf({}));
    cloud.faults.push(refusal(call));
    let told;
    for (let i = 0; i < 20 && told === undefined; i++) {
      const { nodes } = await world.pass(homeOf(props));
      told = nodes.find(({ standing }) => standing === 'stalled');
      clock.time += 1_000;
    }
    expect(told).toMatchObject({ node: 'net/house', field });
  });
});

describe('what does not get better', () => {
  /** Passes for so long, whatever comes of them. */
  async function goOn(graph: Graph, millis: number): Promise<void> {
    const until = clock.time + millis;
    while (clock.time < until) {
      const { wakeAt } = await world.pass(graph);
      clock.time = Math.max(clock.time + 1, Math.min(wakeAt, world.engine.inventory.nextDue(), until));
    }
  }
  const stalls = () => world.verdicts.flatMap(({ happenings }) => happenings.filter(({ kind }) => kind === 'Stalled'));

  let stubborn: Toy;
  const yardOf = (size: number): Graph => {
    const graph = new GraphBuilder();
    graph.add(stubborn, 'net/yard', { size }, { specFields: { size: 'spec.size' } });
    return graph.graph();
  };
  const grown = async (options: ToyOptions = {}): Promise<Graph> => {
    stubborn = toyType(cloud, 'toy/yard', { forgetsUpdates: true, ...options });
    world = new ToyEngine(cloud, clock, registryOf(stubborn));
    await world.settle(yardOf(1));
    return yardOf(2);
  };
  const updates = () => cloud.writes().filter((call) => call.startsWith('update'));

  test('a change that AWS accepts and does not keep stalls, and is made ever more rarely', async () => {
    const graph = await grown();
    await goOn(graph, 3_600_000);
    expect(updates().length).toBeLessThan(12);
    expect(updates().length).toBeGreaterThan(4);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({
      standing: 'stalled',
      reason: 'NotKept',
      field: 'spec.size',
    });
    expect(stalls()).toHaveLength(1);
    // While it is stalled it stays so: the readings between the attempts do not make it look as if it went on.
    const since = world.verdicts.findIndex(({ nodes }) => nodes[0]?.standing === 'stalled');
    expect(new Set(world.verdicts.slice(since).map(({ nodes }) => nodes[0]?.standing))).toEqual(new Set(['stalled']));
  });

  test('another change of the same node does not wait for the one that does not stay', async () => {
    await goOn(await grown(), 600_000);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ reason: 'NotKept' });
    const before = updates().length;
    await world.pass(yardOf(3));
    expect(updates()).toHaveLength(before + 1);
  });

  describe('a change that fails for long', () => {
    const both = (): Graph => {
      const graph = new GraphBuilder();
      graph.add(typeOf(yard), 'net/yard', { size: 2, friend: 'jane' });
      return graph.graph();
    };
    const meddle = async (props: { size?: number; friend?: string }) => {
      const [thing] = alive('toy/yard');
      Object.assign(thing?.props ?? {}, props);
      cloud.change();
      await goOn(both(), 130_000);
    };
    beforeEach(async () => {
      await world.settle(both());
      for (let i = 0; i < 20; i++)
        cloud.faults.push({ call: 'update toy/yard toy/yard-1 size', fault: new Fault('denied', 'not you') });
      await meddle({ size: 9 });
      // The pauses have grown to their longest.
      await goOn(both(), 3_600_000);
      expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing: 'stalled', reason: 'AccessDenied' });
    });

    test('keeps no other change of the same node waiting', async () => {
      const before = updates().length;
      await meddle({ friend: 'joe' });
      expect(updates().slice(before)).toEqual(['update toy/yard toy/yard-1 size,friend']);
      // Both have failed: now both wait.
      await goOn(both(), 300_000);
      expect(updates()).toHaveLength(before + 1);
    });

    test('keeps one that came about, and differs again, no longer waiting', async () => {
      await meddle({ friend: 'joe' });
      for (let i = 0; i < 3; i++) {
        await meddle({ friend: 'jane' });
        const before = updates().length;
        await meddle({ friend: 'joe' });
        expect(updates()).toHaveLength(before + 1);
      }
    });
  });

  test('of what can expose a store such a change is made every minute all the same', async () => {
    const graph = await grown({ beat: 'exposure' });
    await goOn(graph, 3_600_000);
    expect(updates().length).toBeGreaterThan(30);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing: 'stalled', reason: 'NotKept' });
  });

  test('but not where it exposes nobody, and stops what is served each time', async () => {
    const graph = await grown({ beat: 'exposure', interrupts: true });
    await goOn(graph, 3_600_000);
    expect(updates().length).toBeLessThan(12);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing: 'stalled', reason: 'NotKept' });
  });

  test('drift that comes again and again, and is healed each time, is healed at once each time', async () => {
    await world.settle(graphOf({ size: 3 }));
    world.order = { applied: true };
    for (let i = 0; i < 8; i++) {
      (alive('toy/yard')[0] as { props: object }).props = { size: 9 };
      cloud.change();
      await goOn(graphOf({ size: 3 }), 200_000);
      expect(alive('toy/yard')[0]?.props['size']).toBe(3);
    }
    expect(stalls()).toEqual([]);
  });

  test.each([
    ['Unreachable', new Fault('transient', '503')],
    ['Busy', new Fault('busy', 'AWS does not know of it yet', { passing: true })],
  ])('a failure that heals by itself is told as a stall when it has not, and tried on: %s', async (reason, fault) => {
    await world.settle(graphOf({ size: 1, house: false }));
    for (let i = 0; i < 12; i++) cloud.faults.push({ call: 'update toy/yard', fault });
    await goOn(graphOf({ size: 2, house: false }), 200_000);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing: 'progressing', reason });
    await goOn(graphOf({ size: 2, house: false }), 200_000);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing: 'stalled', reason });
    expect(stalls()).toHaveLength(1);
    await world.settle(graphOf({ size: 2, house: false }));
    expect(alive('toy/yard')[0]?.props['size']).toBe(2);
  });

  test.each([
    ['busy', 'Busy', { code: 'ResourceInUse' }, 'stalled'],
    ['busy', 'Busy', {}, 'progressing'],
    ['absent', 'NotFound', { code: 'NoSuchThing' }, 'stalled'],
  ] as const)('what AWS calls %s is %s, and told as a stall after an hour if AWS says so: %o', async (...given) => {
    const [kind, reason, facts, standing] = given;
    await world.settle(graphOf({ size: 1, house: false }));
    const fault = new Fault(kind, 'in use', facts);
    for (let i = 0; i < 400; i++) cloud.faults.push({ call: 'update toy/yard', fault });
    await goOn(graphOf({ size: 2, house: false }), 3_300_000);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing: 'progressing', reason });
    await goOn(graphOf({ size: 2, house: false }), 600_000);
    expect(world.verdicts.at(-1)?.nodes[0]).toMatchObject({ standing, reason });
    cloud.faults.length = 0;
    await world.settle(graphOf({ size: 2, house: false }));
    expect(alive('toy/yard')[0]?.props['size']).toBe(2);
  });
});

describe('replacing and pruning', () => {
  describe('what AWS has failed', () => {
    const creations = () => cloud.writes().filter((call) => call === 'create toy/house net/house').length;
    const [minute, hour] = [60_000, 3_600_000];
    /** Passes until so long is over; whatever houses there are fail a while after they were asked for. */
    const failing = async (millis: number, graph = graphOf()) => {
      const until = clock.time + millis;
      while (clock.time < until) {
        const { wakeAt } = await world.pass(graph);
        for (const thing of alive('toy/house')) thing.failure = 'a CAA record forbids it';
        cloud.change();
        clock.time = Math.max(clock.time + 1_000, Math.min(wakeAt, world.engine.inventory.nextDue(), until));
      }
    };

    test('is replaced after pauses that grow to an hour', async () => {
      await failing(6 * hour);
      expect(creations()).toBeGreaterThan(6);
      expect(creations()).toBeLessThan(14);
      const before = creations();
      await failing(6 * hour);
      expect(creations() - before).toBeGreaterThan(4);
      expect(creations() - before).toBeLessThan(8);
    });

    test('is told meanwhile as a stall, once a failure, with the reason of AWS and a remedy', async () => {
      await failing(hour);
      const { nodes } = await world.pass(graphOf());
      expect(nodes[1]).toMatchObject({
        ...{ node: 'net/house', standing: 'stalled', reason: 'Failed' },
        message: expect.stringContaining('a CAA record forbids it') as string,
        remedy: expect.stringContaining('pause') as string,
      });
      const stalls = world.verdicts.flatMap(({ happenings }) => happenings).filter(({ kind }) => kind === 'Stalled');
      expect(stalls).toHaveLength(creations());
    });

    test('is replaced after the first pause by a process that begins anew', async () => {
      await failing(3 * hour);
      const before = creations();
      world.restart();
      await failing(3 * minute);
      expect(creations()).toBe(before + 1);
    });

    test('goes whatever its type says of changes, without a permission and without a field that nobody wrote', async () => {
      const graph = new GraphBuilder();
      graph.add(typeOf(yard), 'net/yard', { size: 1 }, { specFields: { size: 'spec.yard.size' } });
      await world.pass(graph.graph());
      await world.pass(graph.graph());
      for (const thing of alive('toy/yard')) thing.failure = 'no addresses';
      cloud.change();
      clock.time += 3 * minute;
      const { nodes } = await world.pass(graph.graph());
      expect(nodes[0]).toMatchObject({ standing: 'stalled', reason: 'Failed', field: undefined });
      expect(nodes[0]?.remedy).not.toContain('take back');
      await world.settle(graph.graph());
      expect(cloud.writes().filter((call) => call.includes('toy/yard'))).toEqual([
        'create toy/yard net/yard',
        'delete toy/yard toy/yard-1',
        'create toy/yard net/yard',
      ]);
      expect(world.journal).toEqual([]);
    });

    test('keeps nothing else waiting: what was mended is ready, and fails another day as if for the first time', async () => {
      await failing(3 * hour);
      for (const thing of alive('toy/house')) cloud.remove(thing.id);
      await world.settle(graphOf());
      const before = creations();
      await failing(10 * minute);
      expect(creations()).toBeGreaterThan(before + 1);
    });
  });

  test('a node that may not be replaced refuses, and says what to do', async () => {
    const withColor = (color: string) => {
      const graph = new GraphBuilder();
      graph.add(typeOf(yard), 'net/yard', { color });
      return graph.graph();
    };
    await world.settle(withColor('red'));
    const verdict = await world.pass(withColor('blue'));
    expect(verdict.nodes[0]).toMatchObject({ standing: 'stalled', reason: 'Refused', fields: ['color'] });
    expect(alive('toy/yard')).toHaveLength(1);
  });

  test('create-first makes the new one before the old one goes', async () => {
    await world.settle(graphOf({ named: 'blue' }));
    const before = cloud.writes().length;
    await world.settle(graphOf({ named: 'green' }));
    expect(
      cloud
        .writes()
        .slice(before)
        .map((call) => call.split(' ')[0]),
    ).toEqual(['create', 'delete']);
    expect(alive('toy/named').map(({ props }) => props['color'])).toEqual(['green']);
  });

  test('delete-first removes the old one, then makes the new one', async () => {
    await world.settle(graphOf({ color: 'red' }));
    const before = cloud.writes().length;
    await world.settle(graphOf({ color: 'blue' }));
    expect(
      cloud
        .writes()
        .slice(before)
        .map((call) => call.split(' ')[0]),
    ).toEqual(['delete', 'create']);
  });

  test('nothing is replaced when the live store is another one', async () => {
    await world.settle(graphOf({ color: 'red' }));
    const before = alive();
    world.order = {
      confirm: async () => {
        throw new Fault('busy', 'the store was made anew');
      },
    };
    await world.pass(graphOf({ color: 'blue' }));
    expect(alive()).toEqual(before);
  });

  test('what is wanted no more goes, and only that', async () => {
    await world.settle(graphOf({ named: 'blue' }));
    const foreign = cloud.put({
      type: 'toy/named',
      owner: { ...own({ node: 'net/named' }), uid: 'other' },
      props: {},
      readyAt: 0,
    });
    await world.settle(graphOf());
    expect(alive('toy/named').map(({ id }) => id)).toEqual([foreign.id]);
  });

  test('nothing is pruned while a list cannot be read', async () => {
    await world.settle(graphOf({ named: 'blue' }));
    world.restart();
    for (let i = 0; i < 3; i++) cloud.faults.push({ call: 'list toy/yard', fault: new Fault('denied', 'no') });
    const verdict = await world.pass(graphOf());
    expect(verdict.known).toBe(false);
    expect(alive('toy/named')).toHaveLength(1);
  });
});

describe('teardown', () => {
  const empty = () => new GraphBuilder().graph();

  test('everything goes in reverse order, and absence is read before it is called gone', async () => {
    await world.settle(graphOf({ named: 'blue' }));
    const verdict = await world.settle(empty(), teardown);
    expect(verdict.gone).toBe(true);
    expect(alive()).toEqual([]);
    expect(cloud.writes().slice(-3).at(-1)).toContain('toy/yard');
  });

  test.each([
    ['what this process has never wanted is not read once more', false],
    ['what it has wanted some time is read once more', true],
  ])('%s before a store is called gone', async (_what, isWantedOnce) => {
    if (isWantedOnce) await world.settle(graphOf({ named: 'blue' }));
    await world.settle(graphOf());
    clock.time += 20 * 60_000;
    await world.settle(graphOf());
    const before = cloud.log.length;
    await world.settle(empty(), teardown);
    const lists = cloud.log.slice(before).filter((call) => call.startsWith('list'));
    expect(lists).toContain('list toy/yard');
    expect(lists.includes('list toy/named')).toBe(isWantedOnce);
  });

  test('what a crashed creation left behind in lagging lists is found and removed', async () => {
    cloud.lag = 20_000;
    cloud.change();
    clock.time += 60_000;
    cloud.faults.push({ call: 'create toy/yard', fault: new Fault('transient', 'killed'), after: true });
    await world.pass(graphOf());
    world.restart();
    await world.settle(empty(), teardown, 400);
    expect(alive()).toEqual([]);
  });

  test('what AWS deletes several of in one call goes together, but for what it refuses', async () => {
    const several: Toy = {
      ...typeOf(house),
      async deleteAll(_aws, found) {
        const stuck = found.filter(({ props }) => props.color === 'blue');
        cloud.effect(`delete all ${found.length}`, () => {
          for (const one of found) if (!stuck.includes(one)) cloud.remove(one.id);
        });
        return new Map(stuck.map(({ id }) => [id, new Fault('refused', 'AWS keeps it')]));
      },
    };
    world = new ToyEngine(cloud, clock, registryOf(typeOf(yard), several));
    const graph = new GraphBuilder();
    const below = graph.add(typeOf(yard), 'net/yard', { size: 1 }).out('id');
    for (const [at, color] of ['red', 'green', 'blue'].entries())
      graph.add(several, `net/house-${at}`, { below, color, seed: 1 });
    await world.settle(graph.graph());
    const before = cloud.writes().length;
    const verdict = await world.pass(empty(), teardown);
    expect(cloud.writes().slice(before)).toEqual(['delete all 3']);
    expect(alive('toy/house').map(({ props }) => props.color)).toEqual(['blue']);
    expect(verdict.retained.map(({ why }) => why)).toEqual(['AWS keeps it']);
  });

  test('nothing is destroyed when the live store is another one', async () => {
    await world.settle(graphOf());
    world.order = {
      confirm: async () => {
        throw new Fault('busy', 'the store was made anew');
      },
    };
    const verdict = await world.pass(empty(), teardown);
    expect(verdict.gone).toBe(false);
    expect(alive()).toHaveLength(2);
  });

  test('a store of another owner keeps its resources', async () => {
    await world.settle(graphOf());
    cloud.put({ type: 'toy/yard', owner: { ...own({ node: 'net/yard' }), uid: 'uid-other' }, props: {}, readyAt: 0 });
    await world.settle(empty(), teardown);
    expect(alive()).toHaveLength(1);
  });

  test('what is told as being at work on after its deletion was accepted is not deleted again', async () => {
    const slow: Toy = {
      ...typeOf(yard),
      async delete(_aws, { id }) {
        cloud.effect(`delete ${id}`, () => Object.assign(cloud.things.get(id) ?? {}, { readyAt: Infinity }));
        cloud.change();
      },
    };
    world = new ToyEngine(cloud, clock, registryOf(slow));
    await world.settle(graphOf({ house: false }));
    for (let i = 0; i < 60; i++, clock.time += 5_000) await world.pass(empty(), teardown);
    expect(cloud.writes().filter((call) => call.startsWith('delete'))).toHaveLength(1);
    for (const { id } of alive()) cloud.remove(id);
    expect((await world.settle(empty(), teardown)).gone).toBe(true);
  });

  test('what AWS was at work on goes as soon as a list tells that it no longer is', async () => {
    const busy: Toy = {
      ...typeOf(yard),
      async delete(aws, found) {
        if (found.state.is === 'pending') throw new Fault('busy', 'AWS is at work on it');
        await typeOf(yard).delete(aws, found);
      },
    };
    world = new ToyEngine(cloud, clock, registryOf(busy));
    await world.settle(graphOf({ house: false }));
    const [thing] = alive();
    Object.assign(thing ?? {}, { readyAt: clock.time + 45_000 });
    cloud.change();
    const look = async (): Promise<void> => {
      world.engine.inventory.request(busy, 'eu-central-1', acme.uid, clock.time);
      await world.pass(empty(), teardown);
    };
    // Tried ever more rarely: by now only every half a minute.
    for (const end = clock.time + 40_000; clock.time < end; clock.time += 1_000) await look();
    expect(alive()).toHaveLength(1);
    clock.time += 6_000;
    await look();
    expect(alive()).toEqual([]);
  });

  test('what must be kept is kept, and listed', async () => {
    const stubborn = toyType(cloud, 'toy/yard', { refusesDelete: true });
    world = new ToyEngine(cloud, clock, registryOf(stubborn));
    const graph = new GraphBuilder();
    graph.add(stubborn, 'net/yard', { size: 1 });
    await world.settle(graph.graph());
    const verdict = await world.settle(empty(), teardown);
    const [{ id } = { id: '' }] = alive();
    expect(verdict.retained).toEqual([{ node: 'net/yard', id, type: 'toy/yard', why: 'it holds what is not ours' }]);
  });
});

test('a settled verdict says so', async () => {
  expect(isSettled(await world.settle(graphOf()))).toBe(true);
});

test('what is wanted no more waits until what takes its place is ready', async () => {
  await world.settle(graphOf());
  const [old] = alive('toy/yard');
  const moved = new GraphBuilder();
  const ground = moved.add(typeOf(yard), 'net/other-yard', { size: 1 });
  moved.add(typeOf(house), 'net/house', { below: ground.out('id'), color: 'red', seed: 1 });
  const graph = moved.graph();
  for (let i = 0; i < 60; i++) {
    await world.pass(graph);
    const [stands] = alive('toy/house');
    const isReady = stands !== undefined && stands.props['below'] !== old?.id && stands.readyAt <= clock.time;
    if (!alive('toy/yard').some(({ id }) => id === old?.id)) expect(isReady).toBe(true);
    clock.time += 2_000;
  }
  await world.settle(graph);
  expect(alive('toy/yard').map(({ owner }) => owner?.node)).toEqual(['net/other-yard']);
});
