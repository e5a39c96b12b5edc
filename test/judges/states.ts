import type { Aws, Cloud } from '../../operator/model/ports.ts';
import { operations, type ActionClass, type Service } from '../../operator/model/operations.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import { leaveSnapshot } from './snapshot.ts';
import { templateOf, type Template } from './template/export.ts';

/** What an account holds after a write. */
export interface State {
  /** `ec2:CreateVpc`, the write that led to it. */
  readonly after: string;
  readonly template: Template;
}

/** Builds the store of a manifest on virtual time, and gives what the account holds after every single write. */
export async function statesOf(
  file: string,
  change?: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec,
): Promise<{ readonly states: readonly State[]; readonly final: Template }> {
  const world = new VirtualWorld();
  const store = world.add(file, change);
  const { restoreSnapshotId } = store.spec.database ?? {};
  if (restoreSnapshotId !== undefined) await leaveSnapshot(world, restoreSnapshotId);
  const states: State[] = [];
  world.reachBy(observed(world.cloud, (after) => void states.push({ after, template: templateOf(world.aws.world) })));
  await world.settle(store);
  return { states, final: templateOf(world.aws.world) };
}

/** One call at a time, and a look at the world after each write. */
function observed(cloud: Cloud, wrote: (operation: string) => void): Cloud {
  let last: Promise<unknown> = Promise.resolve();
  const onceDone = (call: () => Promise<unknown>): Promise<unknown> => {
    const next = last.then(call, call);
    last = next;
    return next;
  };
  return {
    account: cloud.account,
    at: (region, priority) => {
      const aws = cloud.at(region, priority) as unknown as Record<
        Service,
        (operation: string, input: object) => Promise<unknown>
      >;
      const watched = (service: Service) => (operation: string, input: object) =>
        onceDone(async () => {
          const reply = await aws[service](operation, input);
          const kind = (operations[service] as Readonly<Record<string, ActionClass>>)[operation];
          if (kind === 'write') wrote(`${service}:${operation}`);
          return reply;
        });
      const services = Object.keys(operations) as Service[];
      return Object.fromEntries(services.map((service) => [service, watched(service)])) as unknown as Aws;
    },
  };
}
