import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiAnswer } from './answer.ts';
import type { Api } from './api.ts';
import type { Watch } from './watch.ts';

const largestBody = 3 * 1024 * 1024;

/** The sockets of the simulated API server: they can be closed, and opened again at the same port. */
export class Front {
  readonly #api: () => Api;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #port: number;

  constructor(port: number, api: () => Api) {
    this.#port = port;
    this.#api = api;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      if (body === undefined) response.writeHead(413).end('Request entity too large: limit is 3145728\n');
      else send(this.#handle(request, body), request, response);
    } catch (error) {
      // The client went away while it was still sending, or the stand-in has a bug: it must show.
      if (request.destroyed && !request.complete) return;
      response.writeHead(500).end(`the simulated API server failed: ${String(error)}\n`);
      throw error;
    }
  }

  #handle({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): ApiAnswer {
    const single = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
    return this.#api().handle({
      method,
      path: url,
      headers: Object.fromEntries(single) as Record<string, string>,
      body,
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function send(answer: ApiAnswer, request: IncomingMessage, response: ServerResponse): void {
  switch (answer.kind) {
    case 'whole':
      response.writeHead(answer.code, answer.headers as Record<string, string>).end(answer.body);
      return;
    case 'watch':
      return stream(answer.watch, response);
    case 'reset':
      request.socket.destroy();
      return;
    case 'silence':
      // The client must have its own patience.
      return;
  }
}

function stream(watch: Watch, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  response.once('close', () => watch.close());
  watch.read({
    line: (text) => void response.write(text),
    end: () => void response.end(),
    broken: () => void response.socket?.destroy(),
  });
}
