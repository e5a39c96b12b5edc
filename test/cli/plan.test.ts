import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { program } from '../../operator/cli/program.ts';
import type { Io } from '../../operator/cli/io.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';

/** Runs `ecomstore plan` against a world; answers what it printed and how it ended. */
async function plan(world: VirtualWorld, args: readonly string[], text?: string) {
  const printed: string[] = [];
  let code: number | undefined;
  const io: Io = {
    out: (line) => void printed.push(line),
    note: (line) => void printed.push(line),
    read: async (file) => text ?? readFileSync(file, 'utf8'),
    write: () => Promise.reject(new Error('plan never writes')),
    exit: (given) => void (code = given),
    connect: async () => world.cloud,
    now: () => world.clock.now(),
  };
  const before = world.cloud.writes().length;
  await program(io, 'ecomstore', '0').parseAsync(['node', 'ecomstore', 'plan', ...args]);
  expect(world.cloud.writes().slice(before)).toEqual([]);
  return { code, text: printed.join('\n') };
}

const changed = (part: string, other: string): string => readFileSync(minimal, 'utf8').replace(part, other);

describe('ecomstore plan', () => {
  test('tells all that would be created, and ends with 2', async () => {
    const { code, text } = await plan(new VirtualWorld(), [minimal]);
    expect(code).toBe(2);
    expect(text).toContain('+ network/vpc');
    expect(text).toMatch(/Plan: 39 to create, 0 to change, 0 to replace, 0 to delete, 0 refused; 0 match\./);
  });

  test('has nothing to do for a store that is built, and ends with 0', async () => {
    const world = new VirtualWorld();
    await world.settle(world.add(minimal));
    const { code, text } = await plan(world, [minimal]);
    expect(text).toContain('Nothing to do: 39 resources match.');
    expect(code).toBe(0);
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

  test('refuses a manifest that is wrong before it asks AWS', async () => {
    const world = new VirtualWorld();
    await expect(plan(world, [minimal], changed('min: 2', 'min: 20'))).rejects.toThrow('scaling');
    expect(world.cloud.sent).toEqual([]);
  });
});
