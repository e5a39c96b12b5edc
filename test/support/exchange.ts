import type { VirtualTimers } from './virtual-timers.ts';
import { turn } from './virtual-timers.ts';

/** When a process dies at one of its writes. */
export type KillMoment =
  /** Nothing was sent. */
  | 'before'
  /** The effect is there, the reply never arrives. */
  | 'after-effect'
  /** The reply arrived; the process runs on until its next turn of the event loop. */
  | 'after-reply';

/** How a reply is lost although the write took effect. */
export type Loss = 'timeout' | 'reset' | '500' | 'throttle';

/** What happens to one write. */
export type Disturbance = { readonly kill: KillMoment } | { readonly lose: Loss };

/** One call of a process to AWS or Kubernetes, as the log of all calls keeps it. */
export interface LoggedCall {
  readonly at: number;
  /** The first process is 1. */
  readonly process: number;
  readonly to: 'aws' | 'kubernetes';
  /** `ec2:CreateVpc`, `PATCH /apis/ecom.io/…/status`. */
  readonly what: string;
  readonly write: boolean;
  /** Which write it was, counted from 1 over all processes; reads and renewals of the lease have no number. */
  readonly number: number | undefined;
  readonly told: unknown;
  outcome: string;
}

/**
 * Where the calls of all processes pass on their way: they are logged, their writes are numbered, and what was planned
 * for a write happens to it.
 */
export class Exchange {
  readonly calls: LoggedCall[] = [];
  /** How long a call and its reply take together, in virtual milliseconds: drawn for each of them. */
  latency: () => number = () => 0;
  /** How long the lines of a watch are under way. */
  watchLag: () => number = () => 0;
  /** How far the wall clock of the processes' machine is ahead of the world's; its timers run as they should. */
  skewMillis = 0;
  readonly timers: VirtualTimers;
  readonly #planned = new Map<number, Disturbance>();
  readonly #awaited: { readonly fits: (call: LoggedCall) => boolean; readonly disturbance: Disturbance }[] = [];
  readonly #struck: { readonly call: LoggedCall; readonly disturbance: Disturbance }[] = [];
  #writes = 0;
  /** Replies that arrive with the next turn of the event loop. */
  #underWay = 0;
  #moves = 0;

  constructor(timers: (quiet: () => Promise<void>) => VirtualTimers) {
    this.timers = timers(() => this.quiet());
  }

  /** How many writes were numbered so far. */
  get writes(): number {
    return this.#writes;
  }

  /** What was planned and has happened. */
  get struck(): readonly { readonly call: LoggedCall; readonly disturbance: Disturbance }[] {
    return this.#struck;
  }

  /** Plans something for the nth write from now on; 1 is the next. */
  disturb(nth: number, disturbance: Disturbance): void {
    this.#planned.set(this.#writes + nth, disturbance);
  }

  /** Plans something for the first write that fits. */
  disturbFirst(fits: (call: LoggedCall) => boolean, disturbance: Disturbance): void {
    this.#awaited.push({ fits, disturbance });
  }

  /** Decides for every write that counts, beside what was planned, what happens to it. */
  decide: (call: LoggedCall) => Disturbance | undefined = () => undefined;

  /** Puts a call on record, with a number if it is a write that counts. */
  log(call: Omit<LoggedCall, 'at' | 'number' | 'outcome'>, counts: boolean): LoggedCall {
    const number = counts && call.write ? ++this.#writes : undefined;
    const logged: LoggedCall = { at: this.timers.now(), ...call, number, outcome: 'under way' };
    this.calls.push(logged);
    this.#moves++;
    return logged;
  }

  /** What was planned for this call, which happens now. */
  strike(call: LoggedCall): Disturbance | undefined {
    if (call.number === undefined) return undefined;
    const at = this.#awaited.findIndex(({ fits }) => fits(call));
    const disturbance = this.#planned.get(call.number) ?? this.#awaited[at]?.disturbance ?? this.decide(call);
    if (at >= 0) this.#awaited.splice(at, 1);
    if (disturbance) this.#struck.push({ call, disturbance });
    return disturbance;
  }

  /** Does something in a turn of the event loop of its own, or after some virtual time. */
  later(millis: number, action: () => void): void {
    if (millis > 0) return void this.timers.after(millis, action);
    this.#underWay++;
    setImmediate(() => {
      this.#underWay--;
      this.#moves++;
      action();
    });
  }

  /** Time stands still while this is under way: it takes real time, over sockets. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work;
    } finally {
      this.#underWay--;
      this.#moves++;
    }
  }

  /** Resolves when a whole turn has passed in which nothing moved: whoever is not done waits for time to pass. */
  async quiet(): Promise<void> {
    for (;;) {
      const before = this.#moves;
      await turn();
      if (this.#moves === before && this.#underWay === 0) return;
    }
  }
}
