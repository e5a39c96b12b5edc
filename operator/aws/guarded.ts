import { operations, type ActionClass, type Service } from '../model/operations.ts';
import type { Aws, Cloud, Terms } from '../model/ports.ts';

type AnyCall = (operation: string, input: object) => Promise<unknown>;

/** The same account, with a question asked before every call: `ask` throws where the call may not be made. */
export const asking = (cloud: Cloud, ask: Terms['ask']): Cloud => ({
  account: cloud.account,
  at: (region, priority) => {
    const aws = cloud.at(region, priority);
    const asked =
      (service: Service): AnyCall =>
      async (operation, input) => {
        ask(service, (operations[service] as Record<string, ActionClass>)[operation] as ActionClass);
        return (aws[service] as unknown as AnyCall)(operation, input);
      };
    return Object.fromEntries(
      (Object.keys(operations) as Service[]).map((service) => [service, asked(service)]),
    ) as unknown as Aws;
  },
});

/**
 * The question is asked before every write, and again when its turn has come: `allow` throws where nothing may be written
 * any more.
 */
export const guarded = (cloud: Cloud, allow: () => void, terms: Omit<Terms, 'ask'>): Cloud => {
  const ask: Terms['ask'] = (_service, kind) => {
    if (kind === 'write') allow();
  };
  const at: Cloud['at'] = (region, priority) => cloud.at(region, priority, { ...terms, ask });
  return asking({ account: cloud.account, at }, ask);
};
