import { StringDecoder } from 'node:string_decoder';
import { request, type Dispatcher } from 'undici';
import type { Clock } from '../model/ports.ts';
import type { Access } from './access.ts';
import { failedAnswer, noAnswer, type ApiStatus } from './errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One call to the Kubernetes API. */
export interface KubeCall {
  readonly method: Method;
  /** From `/apis/…` or `/api/v1/…` on, its parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * The Kubernetes API as raw JSON: no model in between that would drop fields it does not know. It throws `KubeError`
 * and nothing else, and retries nothing.
 */
export interface KubeClient {
  request<T>(call: KubeCall): Promise<T>;
  /** The lines of a watch. Ends when the server ends it or the signal aborts; throws when the connection breaks. */
  watch(call: KubeCall): Promise<AsyncIterable<string>>;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly access: Access;
  readonly userAgent: string;
  readonly clock: Clock;
  /** How long an answer's head, and each further part of it, may take. */
  readonly timeoutMillis?: number;
}

/** A watch line longer than this is no object that etcd could hold (1.5 MiB by default). */
const longestLine = 16 * 1024 * 1024;

export const actionOf = ({ method, path }: KubeCall): string => `${method} ${path}`;

/** The path with the words after the question mark. */
export const pathOf = ({ path, query }: KubeCall): string => {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) given.set(name, String(value));
  return path + (given.size > 0 ? `?${given.toString()}` : '');
};

// Patches are merge patches throughout: a failed test of a json-patch is told as 422, a wrong resourceVersion as 409.
export const contentType = (method: Method): string =>
  method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';

/** Opens a client on an access. */
export function kubeClient({ access, userAgent, clock, timeoutMillis = 30_000 }: ClientOptions): KubeClient {
  const send = async (call: KubeCall, bodyTimeout: number): Promise<Dispatcher.ResponseData> => {
    const { headers, dispatcher } = await access.credentials();
    return request(access.server + pathOf(call), {
      method: call.method,
      dispatcher,
      headersTimeout: timeoutMillis,
      bodyTimeout,
      signal: call.signal,
      headers: {
        ...headers,
        accept: 'application/json',
        'user-agent': userAgent,
        ...(call.body === undefined ? {} : { 'content-type': contentType(call.method) }),
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
    });
  };
  const checked = async (call: KubeCall, bodyTimeout: number): Promise<Dispatcher.ResponseData> => {
    const answer = await send(call, bodyTimeout);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    const status = statusFrom(await answer.body.text());
    const retryAfter = [answer.headers['retry-after']].flat()[0];
    throw failedAnswer(actionOf(call), answer.statusCode, status, { retryAfter, now: clock.now() });
  };
  return {
    request: async <T>(call: KubeCall): Promise<T> => {
      try {
        const answer = await checked(call, timeoutMillis);
        return JSON.parse(await answer.body.text()) as T;
      } catch (error) {
        throw noAnswer(actionOf(call), error, call.signal);
      }
    },
    watch: async (call) => {
      try {
        return linesOf(call, (await checked(call, 0)).body);
      } catch (error) {
        throw noAnswer(actionOf(call), error, call.signal);
      }
    },
    close: () => access.close(),
  };
}

/** The body of a failed answer: a Status, or whatever a proxy in between says. */
export function statusFrom(text: string): ApiStatus {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : { message: text.slice(0, 200) };
  } catch {
    // Not the API server's own answer; its text is all there is to tell.
    return { message: text.slice(0, 200) };
  }
}

async function* linesOf(call: KubeCall, body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of body) {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) if (line.trim() !== '') yield line;
      if (rest.length > longestLine) throw new Error(`a line longer than ${longestLine} characters`);
    }
  } catch (error) {
    throw noAnswer(actionOf(call), error, call.signal);
  }
  if (rest.trim() !== '') yield rest;
}
