import { operations, type ActionClass, type Service } from '../model/operations.ts';
import type { Aws, Cloud } from '../model/ports.ts';

type AnyCall = (operation: string, input: object) => Promise<unknown>;

/** The same account, with a question asked before every write: `allow` throws where nothing may be written any more. */
export const guarded = (cloud: Cloud, allow: () => void): Cloud => ({
  account: cloud.account,
  at: (region, priority) => {
    const aws = cloud.at(region, priority);
    const guard =
      (service: Service): AnyCall =>
      async (operation, input) => {
        if ((operations[service] as Record<string, ActionClass>)[operation] === 'write') allow();
        return (aws[service] as unknown as AnyCall)(operation, input);
      };
    return Object.fromEntries(
      (Object.keys(operations) as Service[]).map((service) => [service, guard(service)]),
    ) as unknown as Aws;
  },
});
