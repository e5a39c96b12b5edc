import { parseArgs } from 'node:util';
import { reconcile, teardown } from '../operator/engine/reconcile.ts';
import { isSettled, VirtualWorld, type VirtualStore } from '../test/support/virtual-world.ts';

const help = `AWS calls, passes and memory of the engine over the simulated AWS, on a virtual clock.

Usage: npm run bench -- [--stores 1,20] [--output text|json]
`;

const { values } = parseArgs({
  options: {
    stores: { type: 'string', default: '1,20' },
    output: { type: 'string', default: 'text' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

interface Figures {
  readonly stores: number;
  readonly resources: number;
  readonly build: {
    readonly calls: number;
    readonly writes: number;
    readonly callsPerResource: number;
    readonly virtualMinutes: number;
  };
  readonly watchHour: { readonly calls: number; readonly callsPerStoreAndMinute: number; readonly writes: number };
  readonly remove: { readonly calls: number; readonly callsPerResource: number };
  readonly quietPassesPerSecond: number;
  readonly heapMegabytes: number;
}

/** All stores side by side, until each is settled (or gone). */
async function runAll(world: VirtualWorld, stores: readonly VirtualStore[], run: typeof reconcile): Promise<void> {
  const open = new Set(stores);
  while (open.size > 0) {
    let wake = Infinity;
    for (const store of [...open]) {
      const verdict = await world.pass(store, run);
      if (run === teardown ? verdict.gone : isSettled(verdict)) {
        open.delete(store);
        if (run === teardown) world.engine.inventory.forget(store.owner.uid);
      } else wake = Math.min(wake, verdict.wakeAt);
    }
    const due = Math.min(wake, world.engine.inventory.nextDue());
    world.clock.advance(Math.max(200, due - world.clock.now()));
  }
}

/** An hour in which nothing changes: only readings fall due. */
async function watchHour(world: VirtualWorld, stores: readonly VirtualStore[]): Promise<void> {
  const end = world.clock.now() + 3_600_000;
  while (world.clock.now() < end) {
    await world.engine.inventory.readDue();
    world.clock.advance(Math.max(500, Math.min(world.engine.inventory.nextDue(), end) - world.clock.now()));
  }
  for (const store of stores) await world.pass(store);
}

async function measure(count: number): Promise<Figures> {
  const world = new VirtualWorld();
  for (const quota of ['VPCs per Region', 'Internet gateways per Region', 'Elastic IP addresses per Region'])
    world.aws.world.quotas.set(quota, 1_000);
  for (const quota of ['Application Load Balancers per Region']) world.aws.world.quotas.set(quota, 1_000);
  const stores = Array.from({ length: count }, (_, i) => {
    const store = world.add('examples/minimal.yaml', (spec) => ({
      ...spec,
      domain: { ...spec.domain, host: `shop${i}.example.com` },
    }));
    return Object.assign(store, { owner: { ...store.owner, name: `acme-${i}` } });
  });
  const marks = () => ({ calls: world.cloud.sent.length, writes: world.cloud.writes().length, at: world.clock.now() });
  const start = marks();
  await runAll(world, stores, reconcile);
  const built = marks();
  const resources = stores.reduce(
    (sum, { last }) => sum + (last?.nodes.filter(({ id }) => id !== undefined).length ?? 0),
    0,
  );
  await watchHour(world, stores);
  const watched = marks();
  const began = performance.now();
  const passes = 200;
  for (let i = 0; i < passes; i++) await world.pass(stores[i % count] as VirtualStore);
  const quietPassesPerSecond = Math.round(passes / ((performance.now() - began) / 1000));
  const heapMegabytes = Math.round(process.memoryUsage().heapUsed / 1e6);
  const before = marks();
  await runAll(world, stores, teardown);
  const removed = marks();
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    stores: count,
    resources,
    build: {
      calls: built.calls - start.calls,
      writes: built.writes - start.writes,
      callsPerResource: round((built.calls - start.calls) / resources),
      virtualMinutes: round((built.at - start.at) / 60_000),
    },
    watchHour: {
      calls: watched.calls - built.calls,
      callsPerStoreAndMinute: round((watched.calls - built.calls) / count / 60),
      writes: watched.writes - built.writes,
    },
    remove: {
      calls: removed.calls - before.calls,
      callsPerResource: round((removed.calls - before.calls) / resources),
    },
    quietPassesPerSecond,
    heapMegabytes,
  };
}

const all: Figures[] = [];
for (const count of values.stores.split(',').map(Number)) {
  if (!Number.isInteger(count) || count < 1) {
    process.stderr.write(`--stores ${values.stores}: it takes whole numbers, separated by commas\n\n${help}`);
    process.exit(2);
  }
  const figures = await measure(count);
  all.push(figures);
  if (values.output === 'text') {
    const { build, watchHour: watch, remove } = figures;
    process.stdout.write(
      `${figures.stores} stores, ${figures.resources} resources\n` +
        `  build    ${build.calls} calls (${build.writes} writes), ${build.callsPerResource} a resource, ${build.virtualMinutes} virtual minutes\n` +
        `  watch    ${watch.calls} calls in an hour, ${watch.callsPerStoreAndMinute} a store and minute, ${watch.writes} writes\n` +
        `  remove   ${remove.calls} calls, ${remove.callsPerResource} a resource\n` +
        `  quiet    ${figures.quietPassesPerSecond} passes a second (reading the simulator included), heap ${figures.heapMegabytes} MB with the simulated AWS\n`,
    );
  }
}
if (values.output === 'json') process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
