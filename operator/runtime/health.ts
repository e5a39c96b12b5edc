import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../model/log.ts';

/** Answers undefined while all is well, and otherwise what is not. */
export type Check = () => string | undefined;

export interface HealthOptions {
  /** Empty: every address, of IPv6 as well where there is any. */
  readonly address: string;
  readonly port: number;
  /** What only a restart would heal: a worker that hangs. Never that the API server or AWS is away. */
  readonly live: Readonly<Record<string, Check>>;
  /** What must be there before this replica counts as started. */
  readonly ready: Readonly<Record<string, Check>>;
  readonly metrics: () => Promise<string>;
  readonly log: Log;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the probes (`/livez`, `/healthz`, `/readyz`) and `/metrics`. */
export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.log.error({ err: error, url: request.url }, 'a probe could not be answered');
      response.writeHead(500).end();
    });
  });
  server.requestTimeout = 10_000;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server, { address, port }: HealthOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(address === '' ? {} : { host: address }) }, resolve);
  });

async function answer(options: HealthOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return tell(response, 405, 'only GET and HEAD\n');
  switch (new URL(request.url ?? '/', 'http://health').pathname) {
    case '/livez':
    case '/healthz':
      return report(response, options.live);
    case '/readyz':
      return report(response, options.ready);
    case '/metrics':
      return tell(response, 200, await options.metrics(), 'text/plain; version=0.0.4; charset=utf-8');
    default:
      return tell(response, 404, 'there are /livez, /healthz, /readyz and /metrics\n');
  }
}

/** In the form of Kubernetes' own probes: a line for each check. */
function report(response: ServerResponse, checks: Readonly<Record<string, Check>>): void {
  const results = Object.entries(checks).map(([name, check]) => ({ name, problem: check() }));
  const lines = results.map(({ name, problem }) => (problem ? `[-]${name} ${problem}` : `[+]${name} ok`));
  tell(response, results.some(({ problem }) => problem) ? 503 : 200, `${lines.join('\n')}\n`);
}

function tell(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
