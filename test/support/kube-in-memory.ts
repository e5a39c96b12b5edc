import type { KubeCall, KubeClient } from '../../operator/kube/client.ts';
import { failedAnswer, noAnswer } from '../../operator/kube/errors.ts';
import { isObject } from '../../operator/kube/object.ts';
import type { StoreObject } from '../../operator/kube/store-object.ts';
import { untilAborted } from '../../operator/model/timers.ts';

type Json = Record<string, unknown>;

const merged = (into: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(into) ? { ...into } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
};

/** Just enough of an API server for one test: merge patches under uid and resourceVersion, and a log of the calls. */
export class KubeInMemory implements KubeClient {
  readonly objects = new Map<string, Json>();
  readonly calls: KubeCall[] = [];
  /** Thrown in place of the next answers, one each. */
  readonly failures: unknown[] = [];
  /** Runs before each call takes effect: the place for somebody else's write. */
  before: (call: KubeCall) => void = () => undefined;
  /** Takes calls and says nothing, as an API server behind a network that drops packets. */
  silent = false;
  /** The fields of status that the CRD does not know. */
  readonly unknown = new Set<string>();
  #version = 100;

  put(path: string, object: Json): void {
    const metadata = { ...(object['metadata'] as Json), resourceVersion: String(++this.#version) };
    this.objects.set(path, { ...object, metadata });
  }

  store(name: string): StoreObject | undefined {
    const path = `/apis/ecom.io/v1alpha1/namespaces/shops/ecomstores/${name}`;
    return structuredClone(this.objects.get(path)) as StoreObject | undefined;
  }

  /** Somebody else changes a store. */
  edit(name: string, patch: Json): void {
    const path = `/apis/ecom.io/v1alpha1/namespaces/shops/ecomstores/${name}`;
    this.put(path, merged(this.objects.get(path), patch) as Json);
  }

  get writes(): KubeCall[] {
    return this.calls.filter(({ method }) => method !== 'GET');
  }

  async request<T>(call: KubeCall): Promise<T> {
    this.calls.push(structuredClone({ ...call, signal: undefined }));
    if (this.failures.length > 0) throw this.failures.shift();
    if (this.silent) {
      await untilAborted(call.signal ?? new AbortController().signal);
      throw noAnswer(call.path, 'nothing came', call.signal);
    }
    this.before(call);
    await Promise.resolve();
    return structuredClone(this.#answer(call)) as T;
  }

  watch(): Promise<AsyncIterable<string>> {
    throw new Error('nothing is watched here');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer({ method, path, body }: KubeCall): Json {
    const fail = (code: number, reason: string) =>
      failedAnswer(`${method} ${path}`, code, { reason, message: reason }, { now: 0 });
    if (method === 'POST') {
      const created = body as Json & { metadata: { name: string } };
      this.put(`${path}/${created.metadata.name}`, created);
      return created;
    }
    const status = path.endsWith('/status');
    const key = path.replace(/\/status$/, '');
    const object = this.objects.get(key);
    if (!object) throw fail(404, 'NotFound');
    if (method === 'GET') return object;
    const { metadata, ...rest } = body as Json & { metadata?: Json };
    const has = object['metadata'] as Json;
    if (metadata?.['resourceVersion'] !== undefined && metadata['resourceVersion'] !== has['resourceVersion'])
      throw fail(409, 'Conflict');
    if (status && Object.keys(rest).some((part) => part !== 'status')) throw fail(400, 'BadRequest');
    const { resourceVersion: _, ...changes } = metadata ?? {};
    const kept = Object.entries((rest['status'] ?? {}) as Json).filter(([field]) => !this.unknown.has(field));
    const change = status ? { status: Object.fromEntries(kept) } : { ...rest, metadata: changes };
    this.put(key, merged(object, change) as Json);
    return this.objects.get(key) as Json;
  }
}
