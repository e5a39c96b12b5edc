import { Fault } from '../model/faults.ts';
import { operations, type ActionClass, type Service } from '../model/operations.ts';
import type { Aws, Cloud, Priority, Terms } from '../model/ports.ts';
import { toFault } from './errors.ts';
import type { Pacing, Turn } from './pacing.ts';

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

interface Caller {
  readonly priority: Priority;
  readonly terms?: Terms;
}

const unsent = (action: string, turn: Exclude<Turn, 'come'>): Fault =>
  turn === 'far'
    ? new Fault('throttled', `${action} was not sent: many calls wait for their turn before it`, {
        action,
        unsent: true,
      })
    : new Fault('busy', `${action} was not sent: whoever asked for it has ended`, { action, unsent: true });

/** An account over whatever sends its calls: each waits for its turn, and what is thrown is a fault. */
export async function pacedCloud(
  region: string,
  options: CloudOptions,
  send: (call: Outgoing) => Promise<unknown>,
): Promise<Cloud> {
  const call = async (
    { service, operation, input, region: inRegion, action }: Outgoing,
    { priority, terms }: Caller,
  ) => {
    const bucket = options.pacing.bucket(inRegion, service, action);
    const turn = await bucket.take(priority, {
      signals: terms?.signal ? [options.signal, terms.signal] : [options.signal],
      patienceMillis: terms?.patience(),
    });
    if (turn !== 'come') throw unsent(`${service}:${operation}`, turn);
    // Whoever waited may have lost the lease meanwhile, and be the first to notice.
    terms?.ask(service, action);
    const began = performance.now();
    const ended = (outcome: string) =>
      options.observe?.({ service, operation, outcome, seconds: (performance.now() - began) / 1000 });
    try {
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
  const at = (inRegion: string, priority: Priority, terms?: Terms): Aws => {
    if (terms) return open(inRegion, { priority, terms });
    const key = `${inRegion}/${priority}`;
    let aws = opened.get(key);
    if (!aws) opened.set(key, (aws = open(inRegion, { priority })));
    return aws;
  };
  const open = (inRegion: string, caller: Caller): Aws =>
    Object.fromEntries(
      Object.entries(operations).map(([service, actions]: [string, Record<string, ActionClass>]) => [
        service,
        (operation: string, input: object) => {
          const action = actions[operation] as ActionClass;
          return call({ service: service as Service, operation, input, region: inRegion, action }, caller);
        },
      ]),
    ) as unknown as Aws;

  const { Account } = await at(region, 'change').sts('GetCallerIdentity', {});
  if (!Account) throw new Fault('bug', 'sts:GetCallerIdentity answered without an account');
  return { account: Account, at };
}
