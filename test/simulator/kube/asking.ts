import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { VirtualClock } from '../../../simulator/clock.ts';
import type { ApiAnswer } from '../../../simulator/kube/answer.ts';
import { Api } from '../../../simulator/kube/api.ts';

const crd = load(readFileSync(new URL('../../real/fixtures/probes.yaml', import.meta.url), 'utf8'));

export const probes = '/apis/test.ecom.io/v1/namespaces/default/probes';
export const mergePatch = 'application/merge-patch+json';

export interface Told {
  readonly code: number;
  readonly body: Seen;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** Any answer as tests look into it: an object, a list or a Status. */
export interface Seen {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly uid: string;
    readonly generation: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly spec: { readonly size: number; readonly [field: string]: unknown };
  readonly status: { readonly phase?: string; readonly [field: string]: unknown };
  readonly items: readonly Seen[];
  readonly code: number;
  readonly message: string;
  readonly details: { readonly causes: readonly { reason: string; message: string; field: string }[] };
}

/** What a watch has told so far. */
export interface Heard {
  readonly events: { readonly type: string; readonly object: Seen }[];
  ending: 'end' | 'broken' | undefined;
}

export const probe = (name: string | undefined, spec: object = { size: 1 }, metadata: object = {}): object => ({
  apiVersion: 'test.ecom.io/v1',
  kind: 'Probe',
  metadata: { name, ...metadata },
  spec,
});

/** The stand-in without sockets, on a clock that stands still until it is moved. */
export class Asking {
  readonly clock = new VirtualClock();
  #timers: { at: number; action: () => void }[] = [];
  readonly api = new Api({
    clock: this.clock,
    seed: 1,
    crds: [crd],
    users: { secret: 'somebody' },
    after: (millis, action) => {
      const timer = { at: this.clock.now() + millis, action };
      this.#timers.push(timer);
      return () => (this.#timers = this.#timers.filter((one) => one !== timer));
    },
    comeAndGo: async () => undefined,
  });

  answer(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
    const all = {
      authorization: 'Bearer secret',
      accept: 'application/json',
      'content-type': 'application/json',
      ...headers,
    };
    return this.api.handle({ method, path, headers: all, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Told {
    const answer = this.answer(method, path, body, headers);
    if (answer.kind !== 'whole') throw new Error(`${method} ${path} was answered by ${answer.kind}`);
    const { code, headers: told } = answer;
    return { code, headers: told, body: (answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body) as Seen };
  }

  get = (path: string, headers?: Readonly<Record<string, string>>): Told => this.ask('GET', path, undefined, headers);
  post = (path: string, body: unknown): Told => this.ask('POST', path, body);
  put = (path: string, body: unknown): Told => this.ask('PUT', path, body);
  merge = (path: string, body: unknown): Told => this.ask('PATCH', path, body, { 'content-type': mergePatch });
  drop = (path: string, body?: unknown): Told => this.ask('DELETE', path, body);

  watch(path: string): Heard & { close(): void } {
    const answer = this.answer('GET', path);
    if (answer.kind !== 'watch') throw new Error(`GET ${path} was answered by ${JSON.stringify(answer)}`);
    const heard: Heard & { close(): void } = { events: [], ending: undefined, close: () => answer.watch.close() };
    answer.watch.read({
      line: (text) => void heard.events.push(JSON.parse(text) as Heard['events'][number]),
      end: () => (heard.ending = 'end'),
      broken: () => (heard.ending = 'broken'),
    });
    return heard;
  }

  pass(millis: number): void {
    this.clock.advance(millis);
    for (const timer of this.#timers.filter(({ at }) => at <= this.clock.now())) timer.action();
  }
}

/** Events in short: `ADDED a@5`. */
export const short = ({ events }: Heard): string[] =>
  events.map(({ type, object }) => {
    const { name = '', resourceVersion = '' } = object.metadata;
    return type === 'ERROR' ? `ERROR ${object.code}` : `${type} ${name}@${resourceVersion}`;
  });
