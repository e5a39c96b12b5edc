import type { ActionClass } from '../model/operations.ts';
import type { Priority } from '../model/ports.ts';
import type { Timers } from '../model/timers.ts';

/** How fast one bucket may be used: AWS documents its own limits per account, region and class of action. */
export interface Rate {
  /** Calls a second, in the long run. */
  readonly perSecond: number;
  /** Calls at once. */
  readonly burst: number;
}

/**
 * Half of what AWS documents where it documents it (EC2: 100 for describing, 50/5 for mutating calls, refilled at 20
 * and 5 a second; Lambda: 15 for all that is not invoking; user pools: 15 for reading and for changing; alarms: 9 and 3),
 * a careful guess elsewhere: we share the account. Of Route 53 it is all: five requests a second for the whole account,
 * half of them for reading.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const rates: Readonly<Record<string, Partial<Record<ActionClass, Rate>>>> = {
  ec2: { read: { perSecond: 10, burst: 50 }, write: { perSecond: 4, burst: 25 } },
  route53: { read: { perSecond: 2.5, burst: 5 }, write: { perSecond: 2.5, burst: 5 } },
  iam: { read: { perSecond: 8, burst: 20 }, write: { perSecond: 4, burst: 10 } },
  acm: { read: { perSecond: 5, burst: 10 }, write: { perSecond: 2.5, burst: 5 } },
  lambda: { read: { perSecond: 4, burst: 8 }, write: { perSecond: 3.5, burst: 7 } },
  'cognito-idp': { read: { perSecond: 7.5, burst: 15 }, write: { perSecond: 7.5, burst: 15 } },
  cloudwatch: { read: { perSecond: 4.5, burst: 9 }, write: { perSecond: 1.5, burst: 3 } },
};
const otherwise: Readonly<Record<ActionClass, Rate>> = {
  read: { perSecond: 10, burst: 20 },
  write: { perSecond: 5, burst: 10 },
};

const rank: Readonly<Record<Priority, number>> = { change: 0, delete: 1, heal: 2, scan: 3 };
/** A call that has waited this long goes before younger ones of any priority: nobody starves. */
const oldAfterMillis = 20_000;

interface Waiting {
  readonly rank: number;
  readonly since: number;
  readonly go: () => void;
}

/** Until when somebody stays in the line. */
export interface Stay {
  /** The first to abort takes the caller out of it. */
  readonly signals?: readonly AbortSignal[];
  /** Who would wait longer does not join it. */
  readonly patienceMillis?: number;
}

/** What came of standing in the line: one call may be sent, or its turn is too far off, or nobody wants it any more. */
export type Turn = 'come' | 'far' | 'over';

/**
 * One token bucket: additive recovery, halved at each throttling (never below a twentieth of its rate), and a queue
 * ordered by priority.
 */
export class Bucket {
  readonly #rate: Rate;
  readonly #timers: Timers;
  #perSecond: number;
  #tokens: number;
  #at: number;
  #waiting: Waiting[] = [];
  #armed = false;

  constructor(rate: Rate, timers: Timers) {
    [this.#rate, this.#timers] = [rate, timers];
    [this.#perSecond, this.#tokens, this.#at] = [rate.perSecond, rate.burst, timers.monotonic()];
  }

  /** Calls a second that the bucket allows now. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** Resolves when the caller may send one call, or has no turn to wait for. */
  take(priority: Priority, { signals = [], patienceMillis = Infinity }: Stay = {}): Promise<Turn> {
    return new Promise((resolve) => {
      const end = (turn: Turn): void => {
        for (const signal of signals) signal.removeEventListener('abort', leave);
        resolve(turn);
      };
      const waiting = { rank: rank[priority], since: this.#timers.monotonic(), go: () => end('come') };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        end('over');
      };
      if (signals.some(({ aborted }) => aborted)) return end('over');
      if (this.#waitOf(waiting) > patienceMillis) return end('far');
      for (const signal of signals) signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  /**
   * How long a newcomer would wait behind its equals and who has waited long. Who is more urgent does not count: else
   * what is less so would be sent away as long as they come, and never grow old.
   */
  #waitOf(newcomer: Waiting): number {
    this.#refill();
    const ahead = this.#waiting.filter((one) => one.rank === newcomer.rank || this.#isOld(one)).length;
    return Math.max(0, ((ahead + 1 - this.#tokens) / this.#perSecond) * 1000);
  }

  #isOld({ since }: Waiting): boolean {
    return this.#timers.monotonic() - since > oldAfterMillis;
  }

  throttled(): void {
    this.#refill();
    this.#tokens = Math.min(this.#tokens, 0);
    this.#perSecond = Math.max(this.#perSecond / 2, this.#rate.perSecond / 20);
  }

  succeeded(): void {
    this.#perSecond = Math.min(this.#rate.perSecond, this.#perSecond + this.#rate.perSecond / 100);
  }

  #refill(): void {
    const now = this.#timers.monotonic();
    const earned = (Math.max(0, now - this.#at) / 1000) * this.#perSecond;
    [this.#tokens, this.#at] = [Math.min(this.#rate.burst, this.#tokens + earned), now];
  }

  #serve(): void {
    this.#refill();
    while (this.#waiting.length > 0 && this.#tokens >= 1) {
      this.#tokens -= 1;
      this.#next().go();
    }
    if (this.#waiting.length === 0 || this.#armed) return;
    this.#armed = true;
    this.#timers.after(Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000), () => {
      this.#armed = false;
      this.#serve();
    });
  }

  #next(): Waiting {
    const urgency = (one: Waiting) => (this.#isOld(one) ? -1 : one.rank);
    const first = this.#waiting.reduce((best, one) => (urgency(one) < urgency(best) ? one : best));
    this.#waiting.splice(this.#waiting.indexOf(first), 1);
    return first;
  }
}

/** All buckets of one account: by region, service and class of action, shared by every store. */
export class Pacing {
  readonly #buckets = new Map<string, Bucket>();
  readonly #timers: Timers;
  readonly #speed: number;

  /** `speed` multiplies all rates: for stand-ins of AWS whose clock runs faster than ours. */
  constructor(timers: Timers, speed = 1) {
    [this.#timers, this.#speed] = [timers, speed];
  }

  bucket(region: string, service: string, action: ActionClass): Bucket {
    const key = `${region}/${service}/${action}`;
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      const { perSecond, burst } = rates[service]?.[action] ?? otherwise[action];
      bucket = new Bucket({ perSecond: perSecond * this.#speed, burst }, this.#timers);
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}
