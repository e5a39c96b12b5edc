import { Refusal, expired } from './refusal.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** One request, as tests see it afterwards. */
export interface RecordedRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly user: string;
  readonly path: string;
  readonly at: number;
  /** The status of the answer; undefined when there was none. */
  readonly code: number | undefined;
}

/** What is to go wrong with coming requests. */
export interface Fault {
  /** How many requests it meets. */
  readonly count: number;
  /** A status of 400 and above; `silence`: no answer ever; `reset`: the connection breaks. */
  readonly answer: number | 'silence' | 'reset';
  /** Whether the request still takes effect, and only its answer is lost. */
  readonly afterEffect?: boolean;
  readonly retryAfterSeconds?: number;
  /** Which requests it meets; all that speak of resources, by default. */
  readonly meets?: (request: Omit<RecordedRequest, 'code'>) => boolean;
}

const words: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: by a fault that was asked for'],
  409: [
    'Conflict',
    'Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again',
  ],
  410: ['Expired', 'The resourceVersion for the provided watch is too old.'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'Internal error occurred: etcdserver: leader changed'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within requested timeout - context deadline exceeded'],
};

/** What can be made to go wrong with the API server. */
export class Faults {
  readonly #world: World;
  readonly #watches: ReadonlySet<Watch>;
  readonly #comeAndGo: (isAway: boolean) => Promise<void>;
  #faults: { fault: Fault; left: number }[] = [];
  #isAway = false;

  constructor(world: World, watches: ReadonlySet<Watch>, comeAndGo: (isAway: boolean) => Promise<void>) {
    this.#world = world;
    this.#watches = watches;
    this.#comeAndGo = comeAndGo;
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  answer(fault: Fault): void {
    this.#faults.push({ fault, left: fault.count });
  }

  /** No more of what `answer` asked for. */
  clear(): void {
    this.#faults = [];
  }

  /** Ends all watches as a server does that closes (`end`), or breaks their connections. */
  dropWatches(how: 'end' | 'break' = 'break'): void {
    for (const watch of [...this.#watches])
      if (how === 'end') watch.finish();
      else watch.break();
  }

  /** Forgets the history: running watches are told 410 in their stream, and so is who resumes from before now. */
  compact(): void {
    const { storage } = this.#world;
    const version = storage.revision;
    storage.compact();
    for (const watch of [...this.#watches]) watch.fail(expired(`too old resource version: ${version} (${version})`));
  }

  /** Sends a bookmark on all watches that want them. */
  bookmark(): void {
    for (const watch of this.#watches) watch.bookmark();
  }

  /** Refuses all connections, and breaks those that there are. */
  async goAway(): Promise<void> {
    this.#isAway = true;
    this.dropWatches();
    await this.#comeAndGo(true);
  }

  async comeBack(): Promise<void> {
    this.#isAway = false;
    await this.#comeAndGo(false);
  }

  /** The fault that meets a request, which uses it up by one. */
  take(request: Omit<RecordedRequest, 'code'>): Fault | undefined {
    const met = this.#faults.find(({ fault, left }) => left > 0 && (fault.meets?.(request) ?? request.resource !== ''));
    if (!met) return undefined;
    met.left--;
    this.#faults = this.#faults.filter(({ left }) => left > 0);
    return met.fault;
  }
}

export function refusalOf({ answer, retryAfterSeconds }: Fault & { readonly answer: number }): Refusal {
  const [reason, message] = words[answer] ?? ['', `a fault that was asked for: ${answer}`];
  return new Refusal({ code: answer, reason, message, details: {}, retryAfterSeconds });
}
