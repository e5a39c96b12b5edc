import { toFault } from '../../../operator/aws/errors.ts';
import { Inventory } from '../../../operator/engine/inventory.ts';
import { retain } from '../../../operator/engine/keeping.ts';
import { freshMemory } from '../../../operator/engine/order.ts';
import { reconcile } from '../../../operator/engine/reconcile.ts';
import { defaultSettings } from '../../../operator/engine/settings.ts';
import { operations, type Service } from '../../../operator/model/operations.ts';
import type { Aws, Cloud } from '../../../operator/model/ports.ts';
import { registry } from '../../../operator/resources/index.ts';
import { compose } from '../../../operator/store/compose.ts';
import type { EcomStoreSpec } from '../../../operator/store/spec.ts';
import type { SimulatedAws } from '../../../simulator/aws/simulated-aws.ts';
import type { StoreHandle } from '../../support/virtual-operator.ts';

/** AWS read in full, without faults, lag or pages, and without an effect. */
function trueCloud(aws: SimulatedAws): Cloud {
  const call = (region: string, service: Service) => async (operation: string, input: object) => {
    if ((operations[service] as Record<string, string>)[operation] === 'write')
      throw new Error(`the judge wrote: ${service}:${operation}`);
    try {
      return await aws.handle({ service, operation, input, region, principal: 'judge' });
    } catch (error) {
      throw toFault(error, { service, operation });
    }
  };
  const at = (region: string): Aws =>
    Object.fromEntries(
      (Object.keys(operations) as Service[]).map((service) => [service, call(region, service)]),
    ) as unknown as Aws;
  return { account: aws.world.account, at };
}

/** Lets something look at AWS as it is: faults, lag, pages and shuffling are off meanwhile. */
async function undisturbed<T>({ world }: SimulatedAws, look: () => Promise<T>): Promise<T> {
  const { readLagMillis, pageSize, shuffleLists } = world;
  const rules = world.faults.list();
  world.faults.clear();
  Object.assign(world, { readLagMillis: 0, pageSize: Infinity, shuffleLists: false });
  try {
    return await look();
  } finally {
    Object.assign(world, { readLagMillis, pageSize, shuffleLists });
    for (const rule of rules) world.faults.add(rule);
  }
}

/** What differs between a spec and AWS at this moment: one line for every resource that is not as it is wanted. */
export function differences(aws: SimulatedAws, store: StoreHandle, spec: EcomStoreSpec): Promise<string[]> {
  return undisturbed(aws, async () => {
    const owner = { installation: 'default', ...store };
    const cloud = trueCloud(aws);
    const settings = { ...defaultSettings, readLag: 0 };
    const options = {
      cloud,
      clock: aws.world.clock,
      registry,
      settings,
      installation: 'default',
      wake: () => undefined,
    };
    const engine = { ...options, inventory: new Inventory(options) };
    const order = {
      ...{ owner, region: spec.region, applied: false, act: false },
      graph: compose({ owner, account: cloud.account, spec }),
      mayReplace: new Set(spec.policy.replace),
      data: retain,
      kept: [],
      previous: new Map(),
      confirm: async () => undefined,
      journal: { intents: [], write: async () => undefined },
    };
    const memory = freshMemory();
    engine.inventory.watch(owner.uid, spec.region);
    let found: string[] = [];
    // The first look finds the parents, the second what hangs below them.
    for (let look = 0; look < 4; look++) {
      await engine.inventory.readDue();
      const verdict = await reconcile(engine, order, memory);
      found = [...verdict.nodes, ...verdict.leaving]
        .filter(({ standing }) => standing !== 'ready')
        .map(({ node, standing, message, fields }) => `${node} is ${standing}: ${message} ${fields?.join(', ') ?? ''}`);
      if (!verdict.known) found.push('not everything was read');
      if (found.length === 0) return [];
    }
    return found;
  });
}
