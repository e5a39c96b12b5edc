import type { SimulatedClock } from '../clock.ts';
import { crds } from './built-in.ts';
import type { ResourceCall } from './call.ts';
import { Faults, refusalOf, type Fault, type RecordedRequest } from './faults.ts';
import type { JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { list, listObject } from './list.ts';
import { create, type Written } from './create.ts';
import { documentAt } from './documents.ts';
import { bodyOf, contentTypeOf, verbOf, type ApiRequest } from './request.ts';
import { methodNotAllowed, noSuchPath, Refusal, unauthorized } from './refusal.ts';
import { remove, removeAll } from './removal.ts';
import { routeOf, type Route } from './route.ts';
import { asTold, found } from './stored.ts';
import { formOf, onlyMetadata, tableOf, type Form } from './table.ts';
import { patch, update } from './update.ts';
import { Watch, type After } from './watch.ts';
import { World } from './world.ts';

/** What comes back: an answer, a stream of events, or what a fault makes of it. */
export type ApiAnswer =
  | {
      readonly kind: 'whole';
      readonly code: number;
      readonly headers: Readonly<Record<string, string | string[]>>;
      readonly body: string;
    }
  | { readonly kind: 'watch'; readonly watch: Watch }
  | { readonly kind: 'silence' | 'reset' };

export interface ApiOptions {
  readonly clock: SimulatedClock;
  readonly seed: number;
  /** Custom resource definitions that are installed from the beginning. */
  readonly crds: readonly unknown[];
  /** Bearer tokens and whose they are. */
  readonly users: Readonly<Record<string, string>>;
  readonly after: After;
  readonly comeAndGo: (isAway: boolean) => Promise<void>;
}

const mostRequests = 100_000;

type ResourceRoute = Extract<Route, { of: 'resource' }>;

/** The simulated API server without its sockets: a request in, an answer out, at once. */
export class Api {
  readonly world: World;
  readonly faults: Faults;
  /** Everything that was asked, oldest first; of very long runs only the newer part. */
  readonly requests: RecordedRequest[] = [];
  readonly #options: ApiOptions;
  readonly #watches = new Set<Watch>();

  constructor(options: ApiOptions) {
    this.#options = options;
    this.world = new World(options.clock, options.seed);
    this.faults = new Faults(this.world, this.#watches, options.comeAndGo);
    for (const crd of options.crds)
      create(this.world, {
        kind: crds,
        namespace: undefined,
        name: undefined,
        subresource: undefined,
        query: new URLSearchParams('fieldValidation=Strict'),
        body: crd,
        contentType: 'application/json',
        warnings: [],
      });
  }

  handle(request: ApiRequest): ApiAnswer {
    if (this.faults.isAway) return { kind: 'reset' };
    const { pathname, searchParams } = new URL(request.path, 'http://api');
    const route = routeOf(pathname);
    const asked = this.#describe(request, route, searchParams);
    const fault = this.faults.take(asked);
    const answer = fault ? this.#faulty(request, route, fault) : this.#answer(request, route);
    if (this.requests.length >= mostRequests) this.requests.splice(0, mostRequests / 2);
    this.requests.push({
      ...asked,
      code: answer.kind === 'whole' ? answer.code : answer.kind === 'watch' ? 200 : undefined,
    });
    return answer;
  }

  #describe(request: ApiRequest, route: Route, query: URLSearchParams): Omit<RecordedRequest, 'code'> {
    const {
      group = '',
      plural = '',
      subresource,
      namespace,
      name,
    } = route.of === 'resource' ? route : ({} as Partial<ResourceRoute>);
    return {
      verb: verbOf(request.method, name, query),
      group,
      resource: plural,
      subresource,
      namespace,
      name,
      user: this.#userOf(request) ?? '',
      path: request.path,
      at: this.world.clock.now(),
    };
  }

  #faulty(request: ApiRequest, route: Route, fault: Fault): ApiAnswer {
    if (fault.afterEffect) {
      const answer = this.#answer(request, route);
      if (answer.kind === 'watch') answer.watch.close();
    }
    if (typeof fault.answer === 'string') return { kind: fault.answer };
    return refused(refusalOf({ ...fault, answer: fault.answer }));
  }

  #userOf({ headers }: ApiRequest): string | undefined {
    const { authorization } = headers;
    // kubectl sends no credentials without TLS (client-go's IsConfigTransportTLS), so who says nothing is let in.
    if (authorization === undefined) return 'system:anonymous';
    const [, token = ''] = /^Bearer (.*)$/.exec(authorization) ?? [];
    return Object.hasOwn(this.#options.users, token) ? this.#options.users[token] : undefined;
  }

  #answer(request: ApiRequest, route: Route): ApiAnswer {
    return answered(() => {
      if (route.of === 'health') return whole(200, 'ok');
      if (this.#userOf(request) === undefined) throw unauthorized();
      if (route.of === 'resource') return this.#resource(request, route);
      const document = documentAt(this.world.kinds, route, request.headers['accept']);
      return document ? whole(200, document) : whole(404, '404 page not found\n');
    });
  }

  #resource(request: ApiRequest, route: ResourceRoute): ApiAnswer {
    const kind = this.world.kind(route.group, route.version, route.plural);
    if (!kind || !fits(kind, route)) return whole(404, '404 page not found\n');
    const { namespace, name, subresource } = route;
    const query = new URL(request.path, 'http://api').searchParams;
    const parts = { kind, namespace, name, subresource, query, warnings: [] };
    const call: ResourceCall = { ...parts, contentType: contentTypeOf(request), body: bodyOf(request, kind) };
    const verb = verbOf(request.method, name, query);
    return warning(
      call.warnings,
      answered(() => this.#perform(verb, call, formOf(request.headers['accept']))),
    );
  }

  #perform(verb: string, call: ResourceCall, form: Form): ApiAnswer {
    const { world } = this;
    if (call.subresource !== undefined && !['get', 'update', 'patch'].includes(verb)) throw methodNotAllowed();
    switch (verb) {
      case 'get':
        return whole(200, this.#one(call, form));
      case 'list':
        return whole(200, this.#list(call, form));
      case 'watch':
        return this.#watch(call, form);
      case 'create':
        if (call.kind.namespaced && call.namespace === undefined) throw methodNotAllowed();
        return told(create(world, call));
      case 'update':
        return told(update(world, call));
      case 'patch':
        return told(patch(world, call));
      case 'delete':
        return whole(200, remove(world, call));
      case 'deletecollection': {
        const page = list(world, call);
        if (!call.query.has('dryRun')) removeAll(world, call.kind.collection, page.items);
        return whole(200, listObject(call, page));
      }
      default:
        throw methodNotAllowed();
    }
  }

  #one(call: ResourceCall, form: Form): JsonObject {
    const object = asTold(call.kind, found(this.world, call));
    const { resourceVersion } = object.metadata;
    if (form === 'table') return tableOf(call, [object], { resourceVersion }, this.world.clock.now());
    return form === 'metadata' ? onlyMetadata(object) : object;
  }

  #list(call: ResourceCall, form: Form): JsonObject {
    const page = list(this.world, call);
    if (form === 'table') return tableOf(call, page.items, page.metadata, this.world.clock.now());
    if (form === 'whole') return listObject(call, page);
    const items = page.items.map(onlyMetadata);
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: page.metadata, items };
  }

  #watch(call: ResourceCall, form: Form): ApiAnswer {
    const watch = new Watch(this.world, call, form, this.#options.after);
    this.#watches.add(watch);
    watch.whenOver(() => this.#watches.delete(watch));
    return { kind: 'watch', watch };
  }
}

const told = ({ code, object }: Written): ApiAnswer => whole(code, object);

/** Whether a path suits its kind: its scope, and a subresource that it has. */
function fits(kind: Kind, { namespace, name, subresource }: ResourceRoute): boolean {
  if (!kind.namespaced && namespace !== undefined) return false;
  if (kind.namespaced && name !== undefined && namespace === undefined) return false;
  if (subresource === undefined) return true;
  if (subresource !== 'status' || !kind.hasStatus) throw noSuchPath();
  return true;
}

function whole(
  code: number,
  body: JsonObject | string,
  headers: Readonly<Record<string, string | string[]>> = {},
): ApiAnswer {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { kind: 'whole', code, headers: { 'content-type': type, ...headers }, body: text };
}

function refused(refusal: Refusal): ApiAnswer {
  const { retryAfterSeconds } = refusal;
  return whole(
    refusal.code,
    refusal.status(),
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );
}

/** Warnings are headers, which kubectl prints: https://kubernetes.io/docs/reference/using-api/api-concepts/#warnings */
function warning(warnings: readonly string[], answer: ApiAnswer): ApiAnswer {
  if (answer.kind !== 'whole' || warnings.length === 0) return answer;
  const told = warnings.map((text) => `299 - "${text.replace(/[\\"]/g, '\\$&')}"`);
  return { ...answer, headers: { ...answer.headers, warning: told } };
}

/** A refusal is an answer, too. */
function answered(answer: () => ApiAnswer): ApiAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}
