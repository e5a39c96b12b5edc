import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { kubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { openAccess } from '../../operator/kube/access.ts';
import type { ClusterAccess } from '../../operator/kube/kubeconfig.ts';
import type { Clock } from '../../operator/model/ports.ts';
import { until } from './virtual-timers.ts';

/** A server without TLS that asks nobody who they are. */
export const plainAccess = (server: string): ClusterAccess => ({
  server,
  namespace: undefined,
  ca: undefined,
  skipTlsVerify: false,
  serverName: undefined,
  proxyUrl: undefined,
  token: undefined,
  certificate: undefined,
  key: undefined,
  basic: undefined,
  exec: undefined,
  impersonate: undefined,
});

/** A request that waits for the test to answer it. */
export class Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly #response: ServerResponse;
  readonly socket: unknown;
  /** The client has hung up. */
  closed = false;

  constructor(request: IncomingMessage, body: string, response: ServerResponse) {
    const url = new URL(request.url ?? '', 'http://api');
    this.method = request.method ?? '';
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = request.headers;
    this.body = body === '' ? undefined : (JSON.parse(body) as unknown);
    this.#response = response;
    this.socket = request.socket;
    response.on('close', () => void (this.closed = true));
  }

  get isWatch(): boolean {
    return this.query.get('watch') === 'true';
  }

  answer(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.#response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  /** Writes watch events, or raw text, in one go. */
  send(...events: (object | string)[]): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'application/json' });
    if (events.length === 0) this.#response.flushHeaders();
    const texts = events.map((event) => (typeof event === 'string' ? event : `${JSON.stringify(event)}\n`));
    if (texts.length > 0) this.#response.write(texts.join(''));
  }

  sendBytes(bytes: Buffer): void {
    this.#response.write(bytes);
  }

  end(): void {
    this.send();
    this.#response.end();
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }
}

/** An API server of which the test plays every answer. */
export class ScriptedApi {
  readonly #server: Server;
  readonly #arrived: Received[] = [];
  readonly requests: Received[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ScriptedApi> {
    const server = createServer();
    const api = new ScriptedApi(server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => void (body += chunk));
      request.on('end', () => {
        const received = new Received(request, body, response);
        api.requests.push(received);
        api.#arrived.push(received);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  client(clock: Clock, timeoutMillis?: number): KubeClient {
    const access = openAccess(plainAccess(this.url), 8, () => clock.now());
    return kubeClient({ access, userAgent: 'test', clock, timeoutMillis });
  }

  get waiting(): number {
    return this.#arrived.length;
  }

  /** The next request, once it has arrived. */
  async next(): Promise<Received> {
    await until(() => this.#arrived.length > 0, 'a request');
    return this.#arrived.shift() as Received;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A Status, as the API server answers a failure. */
export const failure = (code: number, reason: string, more: object = {}): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message: `${reason} for a test`,
  ...more,
});

/** A store as the API server tells it. */
export function storeObject(
  name: string,
  version: string,
  more: { uid?: string; namespace?: string; spec?: object } = {},
) {
  const { namespace = 'shops', uid = `uid-${name}`, spec = { region: 'eu-central-1' } } = more;
  return {
    apiVersion: 'ecom.io/v1alpha1',
    kind: 'EcomStore',
    metadata: {
      namespace,
      name,
      uid,
      resourceVersion: version,
      generation: 1,
      managedFields: [{ manager: 'kubectl' }],
    },
    spec,
  };
}
