import type { Aws, Cloud } from '../../operator/model/ports.ts';
import { operations, type ActionClass, type Service } from '../../operator/model/operations.ts';
import type { VirtualWorld } from '../support/virtual-world.ts';
import { templateOf, type Template } from './template/export.ts';

/** What an account holds after a write. */
export interface State {
  /** `ec2:CreateVpc`, the write that led to it. */
  readonly after: string;
  readonly template: Template;
}

/**
 * From now on a world's account is looked at after every single write of the operator: the answer grows by a state each.
 * The operator begins anew with it, and knows what it can read.
 */
export function watch(world: VirtualWorld): readonly State[] {
  const states: State[] = [];
  world.reachBy(observed(world.cloud, (after) => void states.push({ after, template: templateOf(world.aws.world) })));
  return states;
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
