import { expect, test } from 'vitest';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

const minimal = 'examples/minimal.yaml';
const minute = 60_000;

interface Told {
  readonly items: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
}

/** What events warn of. Kubernetes forgets them after an hour: who waits for longer collects them on the way. */
async function warnings(world: VirtualOperator): Promise<string[]> {
  const { items } = await world.user.request<Told>({ method: 'GET', path: '/api/v1/namespaces/shops/events' });
  return items.flatMap(({ type, reason, message }) => (type === 'Warning' ? [`${reason} ${message}`] : []));
}

/** How often a process has logged that a store stalls. */
const stallsLogged = ({ processes }: VirtualOperator, process: number): number =>
  (processes[process]?.log.entries ?? []).filter(
    ({ fields }) => 'happening' in fields && fields.happening === 'Stalled',
  ).length;

async function readyStore(world: VirtualOperator): Promise<StoreHandle> {
  world.start();
  const store = await world.apply(minimal);
  await world.ready(store);
  return store;
}

test('a deletion that AWS refuses is told in one event, and in one more by the next process', async () => {
  const world = new VirtualOperator();
  const store = await readyStore(world);
  const denied = { service: 'ec2', operation: 'DeleteVpc', error: 'deny' } as const;
  world.aws.world.faults.add(denied);
  await world.remove(store);
  await world.until(() => world.condition(store, 'Stalled')?.status === 'True', 'it stalls');
  await world.advance(50 * minute);
  expect(await warnings(world)).toEqual([expect.stringMatching(/^Stalled network\/vpc: .*ec2:DeleteVpc/)]);
  expect(stallsLogged(world, 0)).toBe(1);
  world.kill();
  await world.advance(50 * minute);
  expect(stallsLogged(world, 1)).toBe(1);
  world.aws.world.faults.remove(denied);
  await world.gone(store);
}, 60_000);
