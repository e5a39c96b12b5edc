import { Fault } from '../model/faults.ts';
import { operations, type ActionClass, type Service } from '../model/operations.ts';
import type { Aws, Cloud, Priority } from '../model/ports.ts';
import { toFault } from './errors.ts';
import type { Pacing } from './pacing.ts';

/** What became of one call, for metrics. */
export interface Outcome {
  readonly service: Service;
  readonly operation: string;
  /** 'success', or the fault's kind. */
  readonly outcome: string;
  readonly seconds: number;
}

export interface CloudOptions {
  readonly pacing: Pacing;
  /** Ends all calls, and refuses new ones: the lease is lost, or the process stops. */
  readonly signal: AbortSignal;
  observe?(outcome: Outcome): void;
}

/** One call on its way to AWS. */
export interface Outgoing {
  readonly service: Service;
  readonly operation: string;
  readonly input: object;
  readonly region: string;
  readonly action: ActionClass;
}

/** An account over whatever sends its calls: each waits for its turn, and what is thrown is a fault. */
export async function pacedCloud(
  region: string,
  options: CloudOptions,
  send: (call: Outgoing) => Promise<unknown>,
): Promise<Cloud> {
  const call = async (service: Service, operation: string, input: object, inRegion: string, priority: Priority) => {
    const action = (operations[service] as Record<string, ActionClass>)[operation] as ActionClass;
    const bucket = options.pacing.bucket(inRegion, service, action);
    await bucket.take(priority);
    const began = performance.now();
    const ended = (outcome: string) =>
      options.observe?.({ service, operation, outcome, seconds: (performance.now() - began) / 1000 });
    try {
      options.signal.throwIfAborted();
      const answer = await send({ service, operation, input, region: inRegion, action });
      bucket.succeeded();
      ended('success');
      return answer;
    } catch (error) {
      const fault = toFault(error, { service, operation });
      if (fault.kind === 'throttled') bucket.throttled();
      ended(fault.kind);
      throw fault;
    }
  };

  const opened = new Map<string, Aws>();
  const at = (inRegion: string, priority: Priority): Aws => {
    const key = `${inRegion}/${priority}`;
    let aws = opened.get(key);
    if (!aws) opened.set(key, (aws = open(inRegion, priority)));
    return aws;
  };
  const open = (inRegion: string, priority: Priority): Aws =>
    Object.fromEntries(
      Object.keys(operations).map((service) => [
        service,
        (operation: string, input: object) => call(service as Service, operation, input, inRegion, priority),
      ]),
    ) as unknown as Aws;

  const { Account } = await at(region, 'change').sts('GetCallerIdentity', {});
  if (!Account) throw new Fault('bug', 'sts:GetCallerIdentity answered without an account');
  return { account: Account, at };
}
