import {
  actionOf,
  contentType,
  pathOf,
  statusFrom,
  type KubeCall,
  type KubeClient,
} from '../../operator/kube/client.ts';
import { failedAnswer, noAnswer } from '../../operator/kube/errors.ts';
import type { Timers } from '../../operator/model/timers.ts';
import type { ApiAnswer } from '../../simulator/kube/answer.ts';
import type { Api } from '../../simulator/kube/api.ts';
import type { Watch } from '../../simulator/kube/watch.ts';

export interface LocalClientOptions {
  readonly api: Api;
  readonly timers: Timers;
  /** How long an answer may take: what is met with silence fails then. */
  readonly timeoutMillis?: number;
}

/** The simulated API server as a client without sockets: the same answers, and the same errors as over HTTP. */
export function localKubeClient({ api, timers, timeoutMillis = 30_000 }: LocalClientOptions): KubeClient {
  const answerTo = async (call: KubeCall): Promise<ApiAnswer> => {
    if (call.signal?.aborted) throw aborted();
    const answer = api.handle({
      method: call.method,
      path: pathOf(call),
      headers: {
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': contentType(call.method) }),
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
    });
    if (answer.kind === 'reset') throw new Error('other side closed');
    if (answer.kind === 'silence') await silence(timers, timeoutMillis, call.signal);
    return answer;
  };
  /** The answer, when it is a good one. */
  const checked = async (call: KubeCall): Promise<ApiAnswer> => {
    const answer = await answerTo(call);
    if (answer.kind !== 'whole' || (answer.code >= 200 && answer.code < 300)) return answer;
    const retryAfter = [answer.headers['retry-after']].flat()[0];
    throw failedAnswer(actionOf(call), answer.code, statusFrom(answer.body), { retryAfter, now: timers.now() });
  };
  return {
    request: async <T>(call: KubeCall): Promise<T> => {
      try {
        const answer = await checked(call);
        if (answer.kind !== 'whole') throw new Error(`${pathOf(call)} is a watch`);
        return JSON.parse(answer.body) as T;
      } catch (error) {
        throw noAnswer(actionOf(call), error, call.signal);
      }
    },
    watch: async (call) => {
      try {
        const answer = await checked(call);
        if (answer.kind !== 'watch') throw new Error(`${pathOf(call)} is no watch`);
        return linesOf(call, answer.watch);
      } catch (error) {
        throw noAnswer(actionOf(call), error, call.signal);
      }
    },
    close: () => Promise.resolve(),
  };
}

const aborted = (): Error => new DOMException('This operation was aborted', 'AbortError');

/** Rejects after as long as a client waits, or when it is told to wait no longer. */
const silence = (timers: Timers, millis: number, signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    const end = (error: Error): void => {
      cancel();
      signal?.removeEventListener('abort', abort);
      reject(error);
    };
    const abort = (): void => end(aborted());
    const cancel = timers.after(millis, () => end(new Error('Headers Timeout Error')));
    signal?.addEventListener('abort', abort, { once: true });
  });

/** What a watch tells, until the server ends it, the connection breaks, or the reader goes: then it is closed at once. */
function linesOf(call: KubeCall, watch: Watch): AsyncIterable<string> {
  const told: string[] = [];
  let over: { readonly error?: Error } | undefined;
  let wake = (): void => undefined;
  const end = (how: { readonly error?: Error }): void => {
    over ??= how;
    wake();
  };
  const abort = (): void => {
    // What was not read yet does not keep an abort waiting.
    told.length = 0;
    end({ error: aborted() });
    watch.close();
  };
  if (call.signal?.aborted) abort();
  call.signal?.addEventListener('abort', abort, { once: true });
  watch.read({
    line: (text) => {
      if (over) return;
      told.push(text.trimEnd());
      wake();
    },
    end: () => end({}),
    broken: () => end({ error: new Error('other side closed') }),
  });
  const close = (): void => {
    call.signal?.removeEventListener('abort', abort);
    end({});
    watch.close();
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        while (told.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve));
        const line = told.shift();
        if (line !== undefined) return { done: false, value: line };
        const error = over?.error;
        close();
        if (error) throw noAnswer(actionOf(call), error, call.signal);
        return { done: true, value: undefined };
      },
      return: () => {
        close();
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
}
