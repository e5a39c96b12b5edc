import { operations, type ActionClass, type Service } from '../model/operations.ts';
import type { Aws, Cloud } from '../model/ports.ts';

type AnyCall = (operation: string, input: object) => Promise<unknown>;

/** The same account, with a question asked before every call: `ask` throws where the call may not be made. */
export const asking = (cloud: Cloud, ask: (service: Service, kind: ActionClass | undefined) => void): Cloud => ({
  account: cloud.account,
  at: (region, priority) => {
    const aws = cloud.at(region, priority);
    const asked =
      (service: Service): AnyCall =>
      async (operation, input) => {
        ask(service, (operations[service] as Record<string, ActionClass>)[operation]);
        return (aws[service] as unknown as AnyCall)(operation, input);
      };
    return Object.fromEntries(
      (Object.keys(operations) as Service[]).map((service) => [service, asked(service)]),
    ) as unknown as Aws;
  },
});

/** The question is asked before every write: `allow` throws where nothing may be written any more. */
export const guarded = (cloud: Cloud, allow: () => void): Cloud =>
  asking(cloud, (_service, kind) => {
    if (kind === 'write') allow();
  });
