import type { SimulatedClock } from '../clock.ts';
import { answered, refused, warning, whole, type ApiAnswer } from './answer.ts';
import { crds } from './built-in.ts';
import type { ResourceCall } from './call.ts';
import { create } from './create.ts';
import { documentAt } from './documents.ts';
import { Faults, refusalOf, type Fault, type RecordedRequest } from './faults.ts';
import type { Kind } from './kind.ts';
import { perform } from './perform.ts';
import { noSuchPath, unauthorized } from './refusal.ts';
import { bodyOf, contentTypeOf, verbOf, type ApiRequest } from './request.ts';
import { routeOf, type Route } from './route.ts';
import { formOf } from './table.ts';
import { Watch, type After } from './watch.ts';
import { World } from './world.ts';

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
        accept: undefined,
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
    const parts = { kind, namespace, name, subresource, query, warnings: [], accept: request.headers['accept'] };
    const call: ResourceCall = { ...parts, contentType: contentTypeOf(request), body: bodyOf(request, kind) };
    const verb = verbOf(request.method, name, query);
    const answer = answered(() => perform(this.world, verb, call, () => this.#watch(call)));
    return warning(call.warnings, answer);
  }

  #watch(call: ResourceCall): ApiAnswer {
    const watch = new Watch(this.world, call, formOf(call.accept), this.#options.after);
    this.#watches.add(watch);
    watch.whenOver(() => this.#watches.delete(watch));
    return { kind: 'watch', watch };
  }
}

/** Whether a path suits its kind: its scope, and a subresource that it has. */
function fits(kind: Kind, { namespace, name, subresource }: ResourceRoute): boolean {
  if (!kind.namespaced && namespace !== undefined) return false;
  if (kind.namespaced && name !== undefined && namespace === undefined) return false;
  if (subresource === undefined) return true;
  if (subresource !== 'status' || !kind.hasStatus) throw noSuchPath();
  return true;
}
