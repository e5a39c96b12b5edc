import { afterAll, describe, expect, test } from 'vitest';
import { defaultSettings } from '../../operator/engine/settings.ts';
import { staleness, timeToBelieveAbsence } from '../../operator/engine/staleness.ts';
import { fieldOf, type AnyResourceType } from '../../operator/model/resource-type.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import { registry } from '../../operator/resources/index.ts';
import { compose } from '../../operator/store/compose.ts';
import { modelOf, type ServiceId } from '../../simulator/aws/core/service-model.ts';
import { driftKinds, isNever, type Drift, type DriftKind, type Never, type TypeDrifts } from '../drift/drift.ts';
import { drifts } from '../drift/index.ts';
import { Place, type PlaceName } from '../drift/place.ts';
import { movedBetween, picture } from '../drift/picture.ts';
import { isSettled } from '../support/virtual-world.ts';

const second = 1_000;
const minute = 60 * second;
/** A pass and one call or two: what is seen on the beat is written at once. */
const atOnce = 5 * second;
/** Reading back what was written, and settling. */
const readBack = 40 * second;

interface Healed {
  readonly what: string;
  readonly seen: number;
  readonly writes: number;
  readonly reads: number;
}
const healed: Healed[] = [];

const seconds = (millis: number): string => `${Math.round(millis / second)} s`;

afterAll(() => {
  const slowest = (list: readonly Healed[]) => seconds(Math.max(0, ...list.map(({ seen }) => seen)));
  const on = (beat: number) => healed.filter(({ what }) => boundOf.get(what) === beat);
  const [deletions, properties] = [true, false].map((of) =>
    healed.filter(({ what }) => what.endsWith(' deleted') === of),
  ) as [Healed[], Healed[]];
  const most = (list: readonly Healed[], what: 'writes' | 'reads') => Math.max(0, ...list.map((one) => one[what]));
  const beats = [...new Set(boundOf.values())].sort((a, b) => a - b);
  console.log(
    [
      `${healed.length} drifts of properties and deletions healed`,
      ...beats.map(
        (beat) => `within ${seconds(beat)}: ${on(beat).length}, the slowest seen after ${slowest(on(beat))}`,
      ),
      `writes for a property at most ${most(properties, 'writes')}, calls once seen at most ${most(properties, 'reads')} reads (beats included)`,
      `writes for a deleted resource at most ${most(deletions, 'writes')}`,
    ].join('\n'),
  );
});
const boundOf = new Map<string, number>();

/** Stores are built once for each type, and built anew after a case that failed. */
const places = new Map<string, Place>();
async function placeFor(type: string, name: PlaceName): Promise<Place> {
  const place = places.get(`${type} ${name}`) ?? (await Place.at(name));
  places.delete(`${type} ${name}`);
  return place;
}

const writesSince = (place: Place, count: number): string[] => place.world.cloud.writes().slice(count);

/** What the property's own type is, in the words of the graph. */
function wantedOf({ store, world }: Place, node: string, property: string): unknown {
  const { nodes } = compose({ owner: store.owner, account: world.cloud.account, spec: store.spec });
  return nodes.get(node as NodeId)?.props[property];
}

/** Makes a drift and watches it heal: within its time, with few writes, and with nothing else moved. */
async function heals(place: Place, type: AnyResourceType, what: string, drift: Drift, bound: number): Promise<void> {
  const { world } = place;
  const before = picture(world.aws.world);
  await drift.make(place);
  const destroyedBefore = destroyed(place, type, drift);
  expect(movedBetween(before, picture(world.aws.world)), 'the drift was made').not.toEqual([]);
  const made = world.clock.now();
  const writes = world.cloud.writes().length;
  const seen = await place.until(() => writesSince(place, writes).length > 0, bound + atOnce);
  expect(seen, `is seen within ${seconds(bound)}`).toBeDefined();
  const calls = world.cloud.sent.length;
  const settled = await place.until(
    () => isSettled(place.store.last as NonNullable<typeof place.store.last>),
    (drift.awsMinutes ?? 0) * minute + readBack,
  );
  expect(openNodes(place), `is settled after ${seconds(settled ?? 0)}`).toEqual([]);
  // Instances that start meanwhile in the wrong place keep their address until they are replaced.
  const open = world.ledger
    .exposures()
    .filter(({ from, until = world.clock.now() }) => from >= made && until - from > bound + atOnce);
  expect(open, 'closed in time').toEqual([]);
  if (!drift.awsMinutes) expect(destroyed(place, type, drift), 'nothing was replaced').toEqual(destroyedBefore);
  await drift.tidy?.(place);
  expect(movedBetween(before, picture(world.aws.world)), 'nothing else moved').toEqual([]);
  expect(writesSince(place, writes), 'writes').toHaveLength(
    Math.min(writesSince(place, writes).length, drift.writes ?? 1),
  );
  // The reads that see it through, with whatever beats of the same services come round meanwhile.
  const sent = world.cloud.sent.slice(calls);
  const services = new Set(
    world.cloud.sent
      .filter(({ write }) => write)
      .slice(writes)
      .map(({ service }) => service),
  );
  const reads = sent.filter(({ service, write }) => !write && services.has(service)).length;
  if (!drift.awsMinutes)
    expect(reads + writesSince(place, writes).length, 'calls').toBeLessThanOrEqual(drift.calls ?? 12);
  boundOf.set(what, bound);
  healed.push({ what, seen: seen as number, writes: writesSince(place, writes).length, reads });
}

const openNodes = ({ store }: Place): string[] =>
  [...(store.last?.nodes ?? []), ...(store.last?.leaving ?? [])]
    .filter(({ standing }) => standing !== 'ready')
    .map(({ node, standing, message }) => `${node} is ${standing}: ${message}`);

/** Instances come and go with their health; a launch template by itself may not move one. */
const destroyed = ({ world }: Place, { name }: AnyResourceType, { destroys = [] }: Drift): string[] =>
  world.ledger
    .history()
    .filter(({ type, destroyed: at }) => at !== undefined && !destroys.includes(type))
    .map(({ type, id }) => `${type} ${id}`)
    // A prefix of sign-in pages is changed by giving up the old one.
    .filter((what) => !what.startsWith('cognito/domain '))
    .filter((what) => name === 'ec2/launch-template' || !/^ec2\/(instance|volume|network-interface) /.test(what))
    .sort();

/** What is not ours to keep stays as somebody made it. */
async function isLeft(place: Place, drift: Drift): Promise<void> {
  const { world } = place;
  await drift.make(place);
  const drifted = picture(world.aws.world);
  const writes = world.cloud.writes().length;
  await place.until(() => false, 2 * defaultSettings.beats.settings);
  expect(writesSince(place, writes)).toEqual([]);
  expect(movedBetween(drifted, picture(world.aws.world))).toEqual([]);
  expect(openNodes(place)).toEqual([]);
  await drift.tidy?.(place);
}

/** A reason why something cannot happen is believed as far as it can be checked. */
async function isHonest(
  { type, node }: TypeDrifts,
  property: string,
  kind: DriftKind,
  reason: Never,
  place: () => Promise<Place>,
): Promise<void> {
  const { mode } = fieldOf(type, property);
  switch (reason.because) {
    case 'fixed-in-aws': {
      expect(mode).not.toBe('live');
      const [service, id, value] = reason.members as [ServiceId, string, string];
      const { operations, shapes } = modelOf(service);
      const changing = Object.entries(operations)
        .filter(([name]) => !/^(Create|Describe|List|Get|Run|Allocate|Request|Delete|Import)/.test(name))
        .filter(([, { input }]) => {
          const members = Object.keys((input && shapes[input.shape]?.members) ?? {});
          return members.includes(id) && members.includes(value);
        })
        .map(([name]) => name)
        .filter((name) => !linking.includes(name));
      expect(changing, `calls that take ${id} and ${value}`).toEqual([]);
      return;
    }
    case 'refused-by-aws':
      await expect(reason.attempt?.(await place())).rejects.toMatchObject({ code: reason.code });
      return;
    case 'two-values':
      expect(kind).toBe('removed');
      expect(typeof wantedOf(await place(), node, property)).toBe('boolean');
      return;
    case 'one-value':
      expect(kind).toBe('extra');
      expect(Array.isArray(wantedOf(await place(), node, property))).toBe(false);
      return;
    case 'none-wanted':
      expect(wantedOf(await place(), node, property) ?? []).toEqual([]);
      return;
    case 'always-set':
      expect(kind).toBe('removed');
      return;
    case 'not-in-aws':
      return;
  }
}

/** Data that somebody deletes is not made anew: whoever looks is told. */
async function staysLost(place: Place, node: string): Promise<void> {
  const { world } = place;
  const writes = world.cloud.writes().length;
  await place.until(() => false, 30 * minute);
  const made = writesSince(place, writes).filter((write) => write.includes('Create'));
  expect(made).toEqual([]);
  const report = place.store.last?.nodes.find((one) => one.node === node);
  expect(report).toMatchObject({ standing: 'stalled', remedy: expect.stringContaining('policy.replace') as unknown });
}

/** These take the ids of two resources and tie them together; they change neither. */
const linking = ['AttachInternetGateway', 'DetachInternetGateway'];

test('everything of the registry has its drifts', () => {
  expect(drifts.map(({ type }) => type.name).sort()).toEqual(registry.resources.map(({ name }) => name).sort());
  for (const { type, properties } of drifts)
    expect(Object.keys(properties).sort()).toEqual(Object.keys(type.fields).sort());
});

test('what only details tell is said to be so', async () => {
  const all = await Promise.all(
    (['production', 'own zone', 'mysql', 'redis', 'memcached', 'edge', 'notifications'] as const).map((name) =>
      Place.at(name),
    ),
  );
  for (const { type } of drifts) {
    const told = all.flatMap(({ world, store }) =>
      world.engine.inventory
        .shelf(type, store.spec.region)
        .ofStore(store.owner.uid)
        .flatMap((entry) => Object.keys(entry.listed.props)),
    );
    const kept = Object.keys(type.fields).filter((name) => fieldOf(type, name).mode !== 'seed');
    const untold = kept.filter((name) => !told.includes(name));
    expect([type.name, (type.detailed ?? []).toSorted()]).toEqual([type.name, untold.sort()]);
  }
});

test('there are 150 drifts of properties and more', () => {
  const cells = drifts.flatMap(({ properties }) => Object.values(properties).flatMap((one) => Object.values(one)));
  const own = cells.filter((cell) => !isNever(cell)).length;
  const made = own + drifts.flatMap(({ more = [] }) => more).length;
  console.log(
    `${made} drifts of properties are made, ${cells.length - own} cannot be made, ${drifts.length} deletions`,
  );
  expect(made).toBeGreaterThanOrEqual(150);
});

function makes(one: TypeDrifts, property: string, kind: DriftKind, drift: Drift): void {
  const { type } = one;
  test(`${property}, ${kind}: ${drift.what}`, async () => {
    const at = drift.in ?? one.in;
    const place = await placeFor(type.name, at);
    const bound = staleness(type, property, defaultSettings);
    if (drift.exposes) expect(bound).toBe(defaultSettings.beats.exposure);
    if (drift.ends === 'left') await isLeft(place, drift);
    else await heals(place, type, `${type.name} ${property} ${kind}: ${drift.what}`, drift, bound);
    places.set(`${type.name} ${at}`, place);
  });
}

describe.each(drifts.map((one) => [one.type.name, one] as const))('%s', (name, one) => {
  const { type } = one;
  for (const [property, cells] of Object.entries(one.properties))
    for (const kind of driftKinds) {
      const cell = cells[kind];
      if (isNever(cell)) {
        test(`${property}, ${kind}: cannot happen, for ${cell.never}`, async () => {
          await isHonest(one, property, kind, cell, async () => {
            const place = await placeFor(name, one.in);
            places.set(`${name} ${one.in}`, place);
            return place;
          });
        });
        continue;
      }
      makes(one, property, kind, cell);
    }
  for (const { property, kind, drift } of one.more ?? []) makes(one, property, kind, drift);

  test(`deleted: ${one.deleted.what}`, async () => {
    const place = await Place.at(one.in);
    const { world } = place;
    const count = () =>
      world
        .existing()
        .map((entry) => entry.type)
        .filter((each) => each !== 'ec2/instance' && each !== 'ec2/volume')
        .sort();
    const before = count();
    if (one.deleted.ends === 'refused') {
      await expect(one.deleted.make(place)).rejects.toMatchObject({ code: one.deleted.code });
      return;
    }
    await one.deleted.make(place);
    if (one.deleted.ends === 'stalled') return staysLost(place, one.node);
    const writes = world.cloud.writes().length;
    const bound = timeToBelieveAbsence(type, defaultSettings);
    const seen = await place.until(() => writesSince(place, writes).length > 0, bound + atOnce);
    expect(seen, `is seen within ${seconds(bound)}`).toBeDefined();
    await place.until(
      () => isSettled(place.store.last as NonNullable<typeof place.store.last>),
      one.deleted.awsMinutes * minute + readBack,
    );
    expect(openNodes(place)).toEqual([]);
    expect(count()).toEqual(before);
    const healing = writesSince(place, writes);
    expect(healing.length, healing.join(', ')).toBeLessThanOrEqual(one.deleted.writes);
    // Quiet from here on.
    await place.until(() => false, 30 * minute);
    expect(writesSince(place, writes)).toHaveLength(healing.length);
    boundOf.set(`${name} deleted`, bound);
    healed.push({ what: `${name} deleted`, seen: seen as number, writes: healing.length, reads: 0 });
  });
});
