import type { KubeCall, KubeClient } from '../../operator/kube/client.ts';
import { failedAnswer, noAnswer } from '../../operator/kube/errors.ts';
import type { Timers } from '../../operator/model/timers.ts';
import type { Exchange, LoggedCall, Loss } from './exchange.ts';

/** How long a client waits for a reply before it gives up. */
export const timeoutMillis = 30_000;

export interface Sending<T> {
  readonly to: LoggedCall['to'];
  readonly what: string;
  readonly write: boolean;
  /** Renewals of a lease go on for ever and are not numbered. */
  readonly counts?: boolean;
  /** What is sent along, for whoever reads the log. */
  readonly told?: unknown;
  readonly signal?: AbortSignal;
  readonly perform: () => Promise<T>;
  /** The error of a reply that is lost, as this client raises it. */
  readonly lost: (how: Loss) => Error;
  readonly aborted: () => Error;
}

/**
 * All that connects one process with the world. Once it is cut (that is `kill -9`) nothing that the process does has an
 * effect, nothing that it waits for comes, and its timers do not fire.
 */
export class Wire {
  readonly #exchange: Exchange;
  readonly #process: number;
  readonly #onCut: (why: string) => void;
  readonly #ends = new Set<() => void>();
  #cut = false;
  /** Has had its last reply: the next turn of the event loop finds the process dead. */
  #dying = false;

  constructor(exchange: Exchange, process: number, onCut: (why: string) => void) {
    [this.#exchange, this.#process, this.#onCut] = [exchange, process, onCut];
  }

  get isCut(): boolean {
    return this.#cut;
  }

  cut(why: string): void {
    if (this.#cut) return;
    this.#cut = true;
    for (const end of this.#ends) end();
    this.#ends.clear();
    this.#onCut(why);
  }

  /** What is to be closed on the other side when the process dies, as the kernel closes its sockets. */
  whenCut(end: () => void): () => void {
    this.#ends.add(end);
    return () => void this.#ends.delete(end);
  }

  /** Hands something to the process, in a turn of its own, if it still lives then. */
  deliver(millis: number, action: () => void): void {
    this.#exchange.later(millis, () => {
      if (this.#dying) this.cut('after the reply');
      if (!this.#cut) action();
    });
  }

  get timers(): Timers {
    const { timers } = this.#exchange;
    return {
      now: () => timers.now() + this.#exchange.skewMillis,
      monotonic: () => timers.monotonic(),
      after: (millis, call) =>
        timers.after(millis, () => {
          if (this.#dying) this.cut('after the reply');
          if (!this.#cut) call();
        }),
    };
  }

  send<T>(sending: Sending<T>): Promise<T> {
    const { to, what, write, counts = true, told, signal, lost, aborted } = sending;
    return new Promise((resolve, reject) => {
      if (this.#cut) return;
      const call = this.#exchange.log({ process: this.#process, to, what, write, told }, counts);
      const disturbance = this.#exchange.strike(call);
      if (disturbance && 'kill' in disturbance && disturbance.kill === 'before') {
        call.outcome = 'killed before it was sent';
        return this.cut(`before ${what}`);
      }
      const latency = this.#exchange.latency();
      const abort = (): void => settle(0, 'aborted', () => reject(aborted()));
      const settle = (millis: number, outcome: string, action: () => void): void => {
        signal?.removeEventListener('abort', abort);
        if (call.outcome === 'under way') call.outcome = outcome;
        this.deliver(millis, action);
      };
      const replied = (outcome: string, action: () => void): void => {
        if (disturbance && 'lose' in disturbance) {
          call.outcome = `${outcome}, reply lost: ${disturbance.lose}`;
          const millis = disturbance.lose === 'timeout' ? timeoutMillis : latency / 2;
          return settle(millis, '', () => reject(lost(disturbance.lose)));
        }
        if (disturbance?.kill === 'after-effect') {
          call.outcome = `${outcome}, killed before the reply`;
          return this.cut(`after the effect of ${what}`);
        }
        settle(latency / 2, outcome, () => {
          if (disturbance) this.#die(call);
          action();
        });
      };
      signal?.addEventListener('abort', abort, { once: true });
      const perform = (): void =>
        void sending.perform().then(
          (answer) => replied('success', () => resolve(answer)),
          (error: Error) => replied(nameOf(error), () => reject(error)),
        );
      if (latency > 0) this.#exchange.later(latency / 2, perform);
      else perform();
    });
  }

  /** The process has the reply, and runs on until its next turn. */
  #die(call: LoggedCall): void {
    call.outcome += ', killed after the reply';
    this.#dying = true;
    setImmediate(() => this.cut(`after the reply to ${call.what}`));
  }
}

const nameOf = (error: Error & { failure?: string; code?: string }): string =>
  error.failure ?? error.code ?? error.name;

/** A client of the Kubernetes API at the end of a wire. */
export function wiredKubeClient(wire: Wire, client: KubeClient, now: () => number, watchLag: () => number): KubeClient {
  const sending = (call: KubeCall): Omit<Sending<never>, 'perform'> => {
    const action = `${call.method} ${call.path}`;
    return {
      to: 'kubernetes',
      what: action,
      write: call.method !== 'GET',
      counts: !call.path.includes('/leases'),
      told: call.body,
      signal: call.signal,
      lost: (how) => lostAnswer(action, how, now()),
      aborted: () => noAnswer(action, new DOMException('This operation was aborted', 'AbortError'), call.signal),
    };
  };
  return {
    request: <T>(call: KubeCall) => wire.send<T>({ ...sending(call), perform: () => client.request<T>(call) }),
    watch: async (call) => {
      const lines = await wire.send({ ...sending(call), perform: () => client.watch(call) });
      return wiredLines(wire, lines, watchLag);
    },
    close: () => client.close(),
  };
}

function lostAnswer(action: string, how: Loss, now: number): Error {
  if (how === 'timeout') return noAnswer(action, new Error('Headers Timeout Error'));
  if (how === 'reset') return noAnswer(action, new Error('other side closed'));
  const [code, reason] = how === '500' ? [500, 'InternalError'] : [429, 'TooManyRequests'];
  return failedAnswer(action, code, { reason, message: `${reason}: the reply was replaced` }, { now });
}

/** Each line of a watch arrives in a turn of its own, in order, however long each is under way. */
function wiredLines(wire: Wire, lines: AsyncIterable<string>, lag: () => number): AsyncIterable<string> {
  const iterator = lines[Symbol.asyncIterator]();
  const arrived: (() => Promise<IteratorResult<string>>)[] = [];
  let wake = (): void => undefined;
  let last = Promise.resolve();
  const arrive = (result: () => Promise<IteratorResult<string>>): void => {
    const before = last;
    last = new Promise((resolve) =>
      wire.deliver(lag(), () => {
        void before.then(() => {
          arrived.push(result);
          wake();
          resolve();
        });
      }),
    );
  };
  const over = wire.whenCut(() => void iterator.return?.());
  const pump = async (): Promise<void> => {
    for (;;) {
      try {
        const result = await iterator.next();
        arrive(() => Promise.resolve(result));
        if (result.done) return;
      } catch (error) {
        return arrive(() => Promise.reject(error as Error));
      }
    }
  };
  void pump();
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        return (arrived.shift() as (typeof arrived)[number])();
      },
      return: async () => {
        over();
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
