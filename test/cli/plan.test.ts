import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { program } from '../../operator/cli/program.ts';
import type { Io } from '../../operator/cli/io.ts';
import { seededImages } from '../../simulator/account.ts';
import { neverWaits, offlineIo } from '../support/offline-io.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';

/** Runs `ecomstore plan` against a world; answers what it printed and how it ended. */
async function plan(world: VirtualWorld, args: readonly string[], text?: string) {
  const printed: string[] = [];
  let code: number | undefined;
  const io: Io = {
    ...offlineIo('plan'),
    out: (line) => void printed.push(line),
    note: (line) => void printed.push(line),
    read: async (file) => text ?? readFileSync(file, 'utf8'),
    exit: (given) => void (code = given),
    connect: async () => world.cloud,
    timers: { ...neverWaits, now: () => world.clock.now() },
  };
  const before = world.cloud.writes().length;
  await program(io, 'ecomstore', '0').parseAsync(['node', 'ecomstore', 'plan', ...args]);
  expect(world.cloud.writes().slice(before)).toEqual([]);
  return { code, text: printed.join('\n') };
}

const changed = (part: string, other: string): string => readFileSync(minimal, 'utf8').replace(part, other);

const withDatabase = `${readFileSync(minimal, 'utf8')}  database: { engine: postgres }\n`;

describe('ecomstore plan', () => {
  test('tells all that would be created, and ends with 2', async () => {
    const { code, text } = await plan(new VirtualWorld(), [minimal]);
    expect(code).toBe(2);
    expect(text).toContain('+ network/vpc');
    expect(text).toMatch(
      /Plan: 40 to create, 0 to change, 0 to replace, 0 to delete, 0 refused, 0 to follow; 0 match\./,
    );
  });

  test('has nothing to do for a store that is built, and ends with 0', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const { code, text } = await plan(world, [minimal]);
    expect(text).toContain('Nothing to do: 40 resources match.');
    expect(code).toBe(0);
  });

  test("gives roles the installation's permissions boundary, and no other", async () => {
    const boundary = 'arn:aws:iam::111122223333:policy/ecom-boundary';
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const { text } = await plan(world, ['--boundary', boundary, minimal]);
    expect(text).toContain(`permissionsBoundaryArn: null -> "${boundary}"`);
    const other = `${readFileSync(minimal, 'utf8')}  policy: { permissionsBoundaryArn: '${boundary}-of-mine' }\n`;
    const refused = plan(world, ['--boundary', boundary, '-'], other);
    await expect(refused).rejects.toMatchObject({ facts: { field: 'spec.policy.permissionsBoundaryArn' } });
  });

  test('tells what a change would do, field by field', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const { code, text } = await plan(world, ['-o', 'json', minimal], changed('max: 10', 'max: 12'));
    expect(code).toBe(2);
    const { changes, summary } = JSON.parse(text) as {
      changes: { node: string; fields?: object[] }[];
      summary: object;
    };
    expect(changes.map(({ node }) => node)).toEqual(['compute/group']);
    expect(changes[0]?.fields).toEqual([{ field: 'maxSize', from: 10, to: 12 }]);
    expect(summary).toMatchObject({ update: 1, create: 0 });
  });

  test('tells that instances are replaced, in what way, and because of what', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const other = changed('ssmParameter: /ecom/images/storefront', `id: ${seededImages.next}`);
    const { text } = await plan(world, [minimal], other);
    expect(text).toContain('~ compute/launch-template');
    expect(text).toMatch(/> compute\/group +autoscaling\/group/);
    expect(text).toContain('launchTemplateVersion: "1" -> follows compute/launch-template');
    expect(text).toContain(
      'an instance refresh replaces 2 instances, one at a time, each new one in service before an old one goes: minHealthyPercent 90 keeps 2 in service',
    );
    expect(text).toContain('1 to change, 0 to replace, 0 to delete, 0 refused, 1 to follow; 38 match.');
    const half = other.replace('scaling:', 'rollout: { minHealthyPercent: 50 }, scaling:');
    const { changes } = JSON.parse((await plan(world, ['-o', 'json', minimal], half)).text) as { changes: object[] };
    expect(changes[1]).toMatchObject({
      ...{ node: 'compute/group', action: 'follow', does: 'update', follows: ['compute/launch-template'] },
      fields: [{ field: 'launchTemplateVersion', from: '1', to: null, follows: ['compute/launch-template'] }],
      instances: { least: 2, most: 2, atOnce: 1, isLaunchedFirst: false, minHealthyPercent: 50, inService: 1 },
    });
  });

  test('tells that no instance is replaced where all of them match what is new', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const other = changed('compute: {', 'compute: { instanceTypes: [m4.large, m5.large],');
    const { text } = await plan(world, [minimal], other);
    expect(text).toContain('~ compute/group');
    expect(text).toContain('no instance is replaced: all of them match already');
  });

  test('refuses what would follow and cannot be changed in place, and says how to allow it', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal, (spec) => ({ ...spec, database: { engine: 'postgres' } })));
    const other = `${withDatabase}  policy: { replace: [network/vpc] }\n`.replace(
      '  region: eu-central-1',
      '  region: eu-central-1\n  network: { cidr: 10.99.0.0/16 }',
    );
    const { text } = await plan(world, [minimal], other);
    expect(text).toContain('± network/vpc');
    expect(text).toMatch(/! network\/data-a .*\n.*\n?/);
    expect(text).toContain('allow it by policy.replace: [network/data-a]');
  });

  test('tells what would be deleted', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const { text } = await plan(
      world,
      [minimal],
      changed('  region: eu-central-1', '  region: eu-central-1\n  network: { nat: none }'),
    );
    expect(text).toContain('- network/nat-a');
  });

  test("takes data that an earlier store of the name has left for nobody's, and says how to go on with it", async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal, (spec) => ({ ...spec, database: { engine: 'postgres' } }));
    await world.settle(store);
    await world.remove(store);
    const { text } = await plan(world, [minimal], withDatabase);
    expect(text).toMatch(/, 0 to change, 0 to replace, 0 to delete, 0 refused, 0 to follow; 0 match\./);
    expect(text).toMatch(/^Note: an earlier store of this name has left db-\S+: .*"adopt"/m);
  });

  test('does not look at what another installation has, and says that there is such a store', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const { text } = await plan(world, ['--installation', 'prod', minimal]);
    expect(text).not.toContain('to replace, 0 to delete, 0 refused, 0 to follow; 40 match');
    expect(text).toMatch(/, 0 to change, 0 to replace, 0 to delete, \d+ refused, 0 to follow; 0 match\./);
    expect(text).toMatch(/^Note: installation default has a store of this name .*--installation default\?/m);
  });

  test.each([
    ['Retain', /^Note: kept, .*database\/primary \(db-/m],
    ['Snapshot', /^Note: a final snapshot is taken first of database\/primary\./m],
    [
      'Delete',
      /^Note: database\/primary: goes with all that it holds, once the annotation ecom\.io\/confirm-deletion/m,
    ],
  ])('tells what becomes of data under %s', async (deletion, note) => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal, (spec) => ({ ...spec, database: { engine: 'postgres' } })));
    const { text } = await plan(
      world,
      [minimal],
      `${readFileSync(minimal, 'utf8')}  policy: { deletion: ${deletion} }\n`,
    );
    expect(text).toMatch(note);
  });

  test.each(['Paused', 'Observe'])('says that nothing of it is done while the mode is %s', async (mode) => {
    const text = `${readFileSync(minimal, 'utf8')}  policy: { mode: ${mode} }\n`;
    const { text: told } = await plan(new VirtualWorld(), [minimal], text);
    expect(told).toContain(`Note: policy.mode is ${mode}: nothing of this is done until it is Enforce.`);
  });

  test('tells the cost of a month before and after', async () => {
    const world = new VirtualWorld();
    const costOf = async (part = '', other = '') => {
      const { text } = await plan(world, ['-o', 'json', minimal], changed(part, other));
      return (JSON.parse(text) as { cost: { before: object; after: { least: number; most: number } } }).cost;
    };
    const { text } = await plan(world, [minimal]);
    expect(text).toMatch(/\nCost: 0\.00 -> \d+\.\d\d USD a month, at most 0\.00 -> \d+\.\d\d: list prices of 2026-01/);
    const { before, after } = await costOf();
    expect(before).toEqual({ least: 0, most: 0 });
    await world.settle(world.add(minimal));
    expect(await costOf()).toMatchObject({ before: after, after, unpriced: [] });
    expect((await plan(world, [minimal])).text).toContain(`\nCost: ${after.least.toFixed(2)} USD a month, at most`);
    // Two more of an m4.large with 20 GiB of gp3 each, at the most.
    const more = (await costOf('max: 10', 'max: 12')).after;
    expect([more.least - after.least, more.most - after.most].map((usd) => usd.toFixed(2))).toEqual(['0.00', '179.01']);
    // A NAT gateway less, and its address.
    const without = (await costOf('  region: eu-central-1', '  region: eu-central-1\n  network: { nat: none }')).after;
    expect(after.least - without.least).toBeCloseTo(37.96 + 3.65);
  });

  test('says so where the price list has no prices for the region', async () => {
    const { text } = await plan(new VirtualWorld(), [minimal], changed('region: eu-central-1', 'region: eu-west-3'));
    expect(text).toContain('Cost: the price list has no prices for eu-west-3');
  });

  test('refuses a manifest that is wrong before it asks AWS', async () => {
    const world = new VirtualWorld();
    await expect(plan(world, [minimal], changed('min: 2', 'min: 20'))).rejects.toThrow(
      /^examples\/minimal.yaml:\d+:\d+: spec\.compute\.scaling/,
    );
    expect(world.cloud.sent).toEqual([]);
  });
});
