import { beforeEach, describe, expect, test } from 'vitest';
import type { DataPolicy } from '../../operator/engine/keeping.ts';
import { teardown } from '../../operator/engine/reconcile.ts';
import { Fault } from '../../operator/model/faults.ts';
import { GraphBuilder, type Graph } from '../../operator/model/graph.ts';
import { ownerFromTags, ownerTags, type NodeOwner } from '../../operator/model/identity.ts';
import type { AnyResourceType, Found } from '../../operator/model/resource-type.ts';
import type { Happening, Verdict } from '../../operator/model/verdict.ts';
import { registryOf, ToyCloud, toyType } from '../support/toy-cloud.ts';
import { acme, ToyEngine } from '../support/toy-engine.ts';

let clock: { time: number; now(): number };
let cloud: ToyCloud;
let [yard, shed, database]: AnyResourceType[] = [];
let world: ToyEngine;
/** What the databases hold, by id; a page of two is deleted at a time. */
let rows: Map<string, number>;
/** By name, when a snapshot is whole. */
let snapshots: Map<string, number>;

beforeEach(() => {
  clock = { time: 1_000_000, now: () => clock.time };
  cloud = new ToyCloud(clock);
  rows = new Map();
  snapshots = new Map();
  yard = { ...toyType(cloud, 'toy/yard'), retag };
  shed = toyType(cloud, 'toy/shed', { needs: ['toy/yard'] });
  database = {
    ...toyType(cloud, 'toy/database', { needs: ['toy/yard'], replace: 'refuse' }),
    retag,
    data: {
      isEmpty: async (_aws: unknown, { id }: Found) => cloud.effect(`ask ${id}`, () => (rows.get(id) ?? 0) === 0),
      async empty(_aws: unknown, { id }: Found) {
        return cloud.effect(`empty ${id}`, () => {
          rows.set(id, Math.max(0, (rows.get(id) ?? 0) - 2));
          return rows.get(id) === 0;
        });
      },
      async snapshot(_aws: unknown, { id }: Found, name: string) {
        const whole = snapshots.get(name) ?? clock.time + 60_000;
        if (!snapshots.has(name)) cloud.effect(`snapshot ${id}`, () => snapshots.set(name, whole));
        return whole <= clock.time ? name : undefined;
      },
    },
  };
  world = new ToyEngine(cloud, clock, registryOf(yard, shed, database));
});

async function retag(_aws: unknown, { id, owner }: Found, tags: Readonly<Record<string, string | null>>) {
  cloud.effect(`retag ${id}`, () => {
    const thing = cloud.things.get(id);
    if (!thing) throw new Fault('absent', `${id} is gone`);
    const before = owner ? { ...ownerTags(owner), ...(owner.retained ? { 'ecom.io/retained': 'true' } : {}) } : {};
    const after = Object.entries({ ...before, ...tags }).filter(([, value]) => value !== null) as [string, string][];
    cloud.things.set(id, { ...thing, owner: ownerFromTags(Object.fromEntries(after)) });
    cloud.change();
  });
}

const typed = (type: AnyResourceType | undefined): AnyResourceType => type as AnyResourceType;

function storeOf(options: { database?: boolean; color?: string; adopt?: string } = {}): Graph {
  const graph = new GraphBuilder();
  const ground = graph.add(typed(yard), 'net/yard', { size: 1 });
  graph.add(typed(shed), 'net/shed', { below: ground.out('id') });
  if (options.database !== false)
    graph.add(
      typed(database),
      'database/primary',
      { below: ground.out('id'), color: options.color ?? 'red' },
      { adopt: options.adopt, specFields: { color: 'spec.database' } },
    );
  return graph.graph();
}

const idOf = (type: string): string => [...cloud.things.values()].find((thing) => thing.type === type)?.id ?? '';
const left = (): string[] => [...cloud.things.values()].map(({ type }) => type).sort();
const policy = (deletion: DataPolicy['deletion'], confirmed = false): DataPolicy => ({
  ...{ deletion, confirmed },
  confirmation: 'annotate it',
});
const beside = (from: number): string[] => cloud.writes().slice(from);

async function built(): Promise<string> {
  await world.settle(storeOf());
  rows.set(idOf('toy/database'), 5);
  return idOf('toy/database');
}

/** Passes, with status carried on, until nothing moves any more; with what was told on the way. */
async function takeDown(passes = 100, told: Happening[] = []): Promise<Verdict> {
  let verdict = await world.pass(storeOf(), teardown);
  told.push(...verdict.happenings);
  for (let i = 0; i < passes && !verdict.gone; i++) {
    clock.time += 3_000;
    world.order = { ...world.order, kept: verdict.retained };
    verdict = await world.pass(storeOf(), teardown);
    told.push(...verdict.happenings);
  }
  return verdict;
}

describe('a store that goes', () => {
  test('keeps its data and what it stands on, marked and listed; all else goes', async () => {
    const id = await built();
    const verdict = await takeDown();
    expect(verdict.gone).toBe(true);
    expect(left()).toEqual(['toy/database', 'toy/yard']);
    expect([...cloud.things.values()].map(({ owner }) => owner?.retained)).toEqual([true, true]);
    expect(verdict.retained).toEqual([
      { node: 'database/primary', id, type: 'toy/database', why: 'holds data, and policy.deletion is Retain' },
      {
        node: 'net/yard',
        id: idOf('toy/yard'),
        type: 'toy/yard',
        why: `toy/database ${id} stands on it`,
        isGround: true,
      },
    ]);
  });

  test('takes an empty one with it', async () => {
    await built();
    rows.clear();
    expect((await takeDown()).retained).toEqual([]);
    expect(left()).toEqual([]);
  });

  test('deletes nothing while AWS does not tell whether there is data', async () => {
    await built();
    for (let i = 0; i < 100; i++) cloud.faults.push({ call: 'ask', fault: new Fault('transient', 'no answer') });
    const before = cloud.writes().length;
    expect((await takeDown(20)).gone).toBe(false);
    expect(beside(before).filter((call) => call.startsWith('delete'))).toEqual([]);
  });

  test('with Snapshot deletes its database when the snapshot is whole and listed, not before', async () => {
    const id = await built();
    world.order = { data: policy('Snapshot') };
    const before = cloud.writes().length;
    const told: Happening[] = [];
    const verdict = await takeDown(100, told);
    expect(verdict.gone).toBe(true);
    expect(left()).toEqual([]);
    const [name, whole] = [...snapshots][0] ?? ['', 0];
    expect(whole).toBeLessThan(clock.time);
    expect(verdict.retained).toMatchObject([{ node: 'database/primary', id: name, type: 'toy/snapshot' }]);
    expect(beside(before).filter((call) => call.includes(id))).toEqual([`snapshot ${id}`, `delete toy/database ${id}`]);
    // Once, however often it is looked at.
    expect(told.filter(({ node }) => node === 'database/primary')).toEqual([
      {
        kind: 'FinalSnapshot',
        node: 'database/primary',
        message: `toy/database ${id} goes; its final snapshot is ${name}`,
      },
      { kind: 'Deleted', node: 'database/primary', message: `toy/database ${id} deleted` },
    ]);
  });

  test('with Snapshot keeps the database when a process dies before status lists the snapshot', async () => {
    const id = await built();
    world.order = { data: policy('Snapshot') };
    for (let i = 0; i < 60; i++) {
      world.restart();
      await world.pass(storeOf(), teardown);
      clock.time += 3_000;
    }
    expect(cloud.things.has(id)).toBe(true);
    expect(snapshots.size).toBe(1);
  });

  test('with Delete is left whole until people confirm, and says how', async () => {
    const id = await built();
    world.order = { data: policy('Delete') };
    const before = cloud.writes().length;
    const told: Happening[] = [];
    const verdict = await takeDown(20, told);
    expect(verdict.gone).toBe(false);
    // Once, however long it waits.
    const message = `policy.deletion is Delete, and nobody has confirmed that toy/database ${id} may be deleted - confirm it: annotate it; or set policy.deletion to Retain or Snapshot`;
    expect(told).toEqual([{ kind: 'Stalled', node: 'database/primary', message }]);
    expect(beside(before)).toEqual([]);
    expect(verdict.leaving.find(({ node }) => node === 'database/primary')).toMatchObject({
      standing: 'stalled',
      reason: 'ConfirmationNeeded',
      remedy: expect.stringContaining('annotate it') as unknown,
    });
  });

  test('with Delete, confirmed, is emptied page by page and gone', async () => {
    const id = await built();
    world.order = { data: policy('Delete', true) };
    const told: Happening[] = [];
    const verdict = await takeDown(100, told);
    expect(verdict.retained).toEqual([]);
    expect(left()).toEqual([]);
    expect(cloud.log.filter((call) => call === `empty ${id}`)).toHaveLength(3);
    const message = `all that toy/database ${id} holds is being deleted: policy.deletion is Delete, and it was confirmed`;
    expect(told.filter(({ node }) => node === 'database/primary')).toEqual([
      { kind: 'Emptying', node: 'database/primary', message },
      { kind: 'Deleted', node: 'database/primary', message: `toy/database ${id} deleted` },
    ]);
  });

  test('tells that it is emptied although the first page of it fails', async () => {
    const id = await built();
    world.order = { data: policy('Delete', true) };
    cloud.faults.push({ call: `empty ${id}`, fault: new Fault('transient', 'no answer') });
    const told: Happening[] = [];
    await takeDown(100, told);
    expect(left()).toEqual([]);
    expect(told.filter(({ kind }) => kind === 'Emptying')).toHaveLength(1);
  });
});

describe('a section that goes', () => {
  test('leaves its data, and the store is ready all the same', async () => {
    const id = await built();
    const verdict = await world.settle(storeOf({ database: false }));
    expect(cloud.things.get(id)?.owner?.retained).toBe(true);
    expect(cloud.things.get(idOf('toy/yard'))?.owner?.retained).toBeUndefined();
    expect(verdict.retained).toMatchObject([{ id }]);
  });

  test('takes it up again when it comes back', async () => {
    const id = await built();
    await world.settle(storeOf({ database: false }));
    const before = cloud.writes().length;
    const verdict = await world.settle(storeOf());
    expect(beside(before)).toEqual([`retag ${id}`]);
    expect(cloud.things.get(id)?.owner?.retained).toBeUndefined();
    expect(verdict.retained).toEqual([]);
  });

  test.each([
    ['empty', 'Retain', 0],
    ['confirmed to go', 'Delete', 5],
  ] as const)('that comes back while its data goes gets another one: %s', async (_, deletion, count) => {
    const id = await built();
    rows.set(id, count);
    world.order = { data: policy(deletion, true) };
    for (let i = 0; i < 20 && cloud.things.has(id); i++) {
      await world.pass(storeOf({ database: false }));
      clock.time += 3_000;
    }
    const before = cloud.writes().length;
    await world.settle(storeOf());
    expect(beside(before)).toEqual(['create toy/database database/primary']);
    expect(world.journal).toEqual([]);
  });

  test('with Delete, unconfirmed, holds up nothing but itself', async () => {
    await built();
    world.order = { data: policy('Delete') };
    const graph = new GraphBuilder();
    graph.add(typed(yard), 'net/yard', { size: 1 });
    for (let i = 0; i < 20; i++) {
      await world.pass(graph.graph());
      clock.time += 5_000;
    }
    expect(left()).toEqual(['toy/database', 'toy/yard']);
  });
});

describe('data that cannot be changed in place', () => {
  test('is not replaced unless the user names it, and then a snapshot comes first', async () => {
    const id = await built();
    for (let i = 0; i < 5; i++) await world.pass(storeOf({ color: 'blue' }));
    expect(world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'database/primary')?.reason).toBe('Refused');
    world.order = { mayReplace: new Set(['database/primary']) };
    const before = cloud.writes().length;
    const told: Happening[] = [];
    for (let i = 0; i < 80; i++) {
      clock.time += 3_000;
      const verdict = await world.pass(storeOf({ color: 'blue' }));
      told.push(...verdict.happenings);
      world.order = { ...world.order, kept: verdict.retained };
    }
    expect(told.map(({ kind }) => kind)).toEqual(['FinalSnapshot', 'Deleted', 'Created']);
    expect(beside(before)).toEqual([
      `snapshot ${id}`,
      `delete toy/database ${id}`,
      'create toy/database database/primary',
    ]);
  });
});

describe('data that AWS has failed', () => {
  test('is not replaced unless the user names it, and no field is blamed for it', async () => {
    const id = await built();
    const thing = cloud.things.get(id);
    if (thing) thing.failure = 'its storage is lost';
    cloud.change();
    clock.time += 180_000;
    const { nodes } = await world.pass(storeOf());
    const told = nodes.find(({ node }) => node === 'database/primary');
    expect(told).toMatchObject({ standing: 'stalled', reason: 'Refused', field: undefined });
    expect(told?.message).toContain('its storage is lost');
    expect(told?.remedy).toBe('allow it by policy.replace: [database/primary]');
  });
});

describe('a permission to replace', () => {
  const allowed = { mayReplace: new Set(['database/primary']) };
  const primary = () => world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'database/primary');
  /** Lets time pass for a store of one color, with status carried on. */
  async function live(color: string, passes = 80): Promise<string[]> {
    const before = cloud.writes().length;
    for (let i = 0; i < passes; i++) {
      clock.time += 3_000;
      const verdict = await world.pass(storeOf({ color }));
      world.order = { ...world.order, kept: verdict.retained };
    }
    return beside(before);
  }

  test('is good for one: months later the same entry allows nothing, and says since when', async () => {
    await built();
    world.order = allowed;
    const replaced = await live('blue');
    expect(replaced.at(-1)).toBe('create toy/database database/primary');
    expect(primary()?.standing).toBe('ready');
    clock.time += 90 * 86_400_000;
    world.restart();
    expect(await live('green')).toEqual([]);
    expect(primary()).toMatchObject({
      reason: 'Refused',
      remedy: expect.stringMatching(
        /allow it once more \(.* of toy\/database-3 on 1970-01-01\): take database\/primary out of policy.replace/,
      ) as unknown,
    });
  });

  test('is given again by taking the entry out and putting it in', async () => {
    await built();
    world.order = allowed;
    await live('blue');
    world.order = { ...world.order, mayReplace: new Set() };
    await live('blue', 1);
    expect(world.journal).toEqual([]);
    world.order = { ...world.order, ...allowed };
    clock.time += 3_600_000;
    expect((await live('green')).at(-1)).toBe('create toy/database database/primary');
  });

  test('is noted before it is used, and used to the end by the next process', async () => {
    const id = await built();
    world.order = allowed;
    cloud.faults.push({ call: `delete toy/database ${id}`, fault: new Fault('transient', 'reply lost'), after: true });
    for (let i = 0; i < 80 && cloud.things.has(id); i++) await live('blue', 1);
    expect(world.journal).toContainEqual({
      ...{ node: 'replace/database/primary', incarnation: id },
      at: expect.any(Number) as unknown,
    });
    world.restart();
    expect(await live('blue')).toEqual(['create toy/database database/primary']);
    expect(await live('green')).toEqual([]);
  });

  test('is not used where it cannot be noted', async () => {
    const id = await built();
    world.order = allowed;
    for (let i = 0; i < 80 && snapshots.size === 0; i++) await live('blue', 1);
    clock.time += 60_000;
    await world.pass(storeOf({ color: 'blue' }));
    world.order = { ...world.order, kept: world.verdicts.at(-1)?.retained ?? [] };
    world.journalFault = new Fault('busy', 'somebody else has written');
    await world.pass(storeOf({ color: 'blue' }));
    expect(cloud.things.has(id)).toBe(true);
  });

  test('allows one to be made for what is lost, and not for the next', async () => {
    cloud.remove(await built());
    clock.time += 3_600_000;
    world.order = allowed;
    const fault = new Fault('transient', 'reply lost');
    cloud.faults.push({ call: 'create toy/database', fault, after: true });
    const before = cloud.writes().length;
    for (let i = 0; i < 80 && cloud.writes().length === before; i++) await live('red', 1);
    world.restart();
    await live('red');
    expect(beside(before)).toEqual(['create toy/database database/primary']);
    expect(primary()?.standing).toBe('ready');
    cloud.remove(idOf('toy/database'));
    clock.time += 3_600_000;
    world.restart();
    expect(await live('red')).toEqual([]);
    expect(primary()).toMatchObject({
      standing: 'stalled',
      remedy: expect.stringContaining('take database/primary out of policy.replace') as unknown,
    });
  });

  test('allows it once even where the next one has the id of the one before', async () => {
    const id = await built();
    const lost = cloud.things.get(id);
    cloud.remove(id);
    clock.time += 3_600_000;
    world.order = allowed;
    await live('red', 20);
    const again = idOf('toy/database');
    // As a bucket, whose name is its id.
    cloud.things.set(id, { ...(cloud.things.get(again) ?? lost), id } as typeof lost & object);
    cloud.remove(again);
    await live('red', 40);
    expect(primary()).toMatchObject({ standing: 'ready', id });
    cloud.remove(id);
    clock.time += 3_600_000;
    expect(await live('red')).toEqual([]);
  });
});

describe('data that somebody else deletes', () => {
  test('is not made anew, empty, behind the shop: people are told, and choose', async () => {
    const id = await built();
    cloud.remove(id);
    clock.time += 3_600_000;
    const before = cloud.writes().length;
    for (let i = 0; i < 20; i++) {
      await world.pass(storeOf());
      clock.time += 60_000;
    }
    expect(beside(before)).toEqual([]);
    expect(world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'database/primary')).toMatchObject({
      standing: 'stalled',
      remedy: expect.stringContaining('policy.replace: [database/primary]') as unknown,
    });
    world.order = { mayReplace: new Set(['database/primary']) };
    clock.time += 3_600_000;
    await world.settle(storeOf());
    expect(beside(before)).toEqual(['create toy/database database/primary']);
  });

  test('is lost as well while it is wanted again after it was to go, be it as wanted yet or not', async () => {
    const id = await built();
    world.order = { data: policy('Snapshot') };
    for (let i = 0; i < 20 && snapshots.size === 0; i++) await world.pass(storeOf({ database: false }));
    expect(world.journal).toMatchObject([{ incarnation: id }]);
    await world.pass(storeOf({ color: 'blue' }));
    cloud.remove(id);
    const before = cloud.writes().length;
    for (let i = 0; i < 20; i++) {
      clock.time += 60_000;
      await world.pass(storeOf({ color: 'blue' }));
    }
    expect(beside(before)).toEqual([]);
    const told = world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'database/primary');
    expect(told?.message).toContain('nobody here has deleted it');
  });
});

describe('a store that adopts', () => {
  const heir = { ...acme, name: 'heir', uid: 'uid-heir' };
  const asHeir = (): void => {
    world = new ToyEngine(cloud, clock, registryOf(typed(yard), typed(shed), typed(database)));
    world.order = { owner: heir };
    world.uid = heir.uid;
  };
  const ownerOf = (id: string): NodeOwner | undefined => cloud.things.get(id)?.owner;

  test('takes over what it names and what that stands on, and makes the rest', async () => {
    const id = await built();
    const ground = idOf('toy/yard');
    await takeDown();
    asHeir();
    const before = cloud.writes().length;
    await world.settle(storeOf({ adopt: id }));
    expect(beside(before)).toEqual([`retag ${ground}`, `retag ${id}`, 'create toy/shed net/shed']);
    for (const one of [ground, id]) {
      expect(ownerOf(one)).toMatchObject(heir);
      expect(ownerOf(one)?.retained).toBeUndefined();
    }
  });

  test('goes on where it stopped', async () => {
    const id = await built();
    await takeDown();
    asHeir();
    cloud.faults.push({ call: `retag ${idOf('toy/yard')}`, fault: new Fault('transient', 'lost'), after: true });
    cloud.faults.push({ call: `retag ${id}`, fault: new Fault('transient', 'lost') });
    for (let i = 0; i < 20; i++) {
      world.restart();
      await world.pass(storeOf({ adopt: id }));
      clock.time += 60_000;
    }
    await world.settle(storeOf({ adopt: id }));
    expect(left()).toEqual(['toy/database', 'toy/shed', 'toy/yard']);
    expect(ownerOf(id)).toMatchObject(heir);
  });

  test('takes nothing of another namespace, until somebody in AWS hands it over', async () => {
    const id = await built();
    await takeDown();
    asHeir();
    world.order = { owner: { ...heir, namespace: 'tenants' } };
    const before = cloud.writes().length;
    for (let i = 0; i < 20; i++) {
      await world.pass(storeOf({ adopt: id }));
      clock.time += 60_000;
    }
    expect(beside(before)).toEqual([]);
    const told = world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'database/primary');
    expect(told).toMatchObject({ standing: 'stalled', reason: 'Rejected', field: 'spec.database' });
    // Whose it is, is not told to others.
    expect(told?.message).not.toContain(acme.name);
    const thing = cloud.things.get(id) as { owner?: NodeOwner };
    thing.owner = { ...(thing.owner as NodeOwner), namespace: 'tenants' };
    cloud.change();
    await world.settle(storeOf({ adopt: id }));
    expect(ownerOf(id)).toMatchObject({ ...heir, namespace: 'tenants' });
  });

  test.each([
    ['what its store has not let go of', () => idOf('toy/database'), 'Foreign'],
    ['what is not there', () => 'db-nowhere', 'Rejected'],
  ])('makes nothing while it cannot have %s', async (_what, id, reason) => {
    await built();
    asHeir();
    const before = cloud.writes().length;
    for (let i = 0; i < 20; i++) {
      await world.pass(storeOf({ adopt: id() }));
      clock.time += 60_000;
    }
    expect(beside(before)).toEqual([]);
    const told = world.verdicts.at(-1)?.nodes.find(({ node }) => node === 'database/primary');
    expect(told).toMatchObject({ standing: 'stalled', reason, field: 'spec.database' });
  });
});
