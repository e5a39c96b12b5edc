import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, ConnectionLost } from '../core/aws-error.ts';
import { readFaultRules } from '../core/fault-rules.ts';
import { modelOf, protocolOf } from '../core/service-model.ts';
import { resolve } from '../route53/resolve.ts';
import type { SimulatedAws } from '../simulated-aws.ts';
import type { Exchange } from '../wire/exchange.ts';
import { Witness } from '../wire/witness.ts';
import { arrived } from './arriving.ts';
import { writeError, type Failed } from './errors.ts';
import { writeReply } from './replies.ts';
import { readRequest, serviceOf, type WireReply, type WireRequest } from './wire.ts';

export interface AwsFront {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** Every request and reply so far, judged against AWS's service models. */
  readonly wire: Witness;
  close(): Promise<void>;
}

export interface FrontOptions {
  readonly aws: SimulatedAws;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Moves the clock on, where it may be moved: `POST /_simulator/clock {"advanceMillis": 60000}`. */
  readonly advance?: (millis: number) => void;
  /** Told of every request with its reply, credentials left out: for a record of the wire. */
  readonly record?: (exchange: Exchange) => void;
}

/** An HTTP server on loopback that speaks AWS's wire protocols for every simulated service. */
export async function startAwsFront(options: FrontOptions): Promise<AwsFront> {
  const wire = new Witness(options.record);
  const server = createServer((incoming, outgoing) => {
    serve({ ...options, wire }, incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(`the simulator failed: ${String(error)}`);
    });
  });
  // Go's clients, Terraform among them, take up a connection again that has rested for up to 90 s.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, wire, close: () => close(server) };
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

type Serving = FrontOptions & { readonly wire: Witness };

async function serve(options: Serving, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await arrived(incoming);
  if (request.path.startsWith('/_simulator/')) return control(options, request, outgoing);
  const seen = options.wire.asked(request);
  const reply = await answer(options.aws, request);
  options.wire.answered(seen, typeof reply === 'string' ? undefined : reply);
  if (reply === 'timeout') return; // Whoever waits gives up by himself.
  if (reply === 'reset') return void incoming.socket.destroy();
  // The Date header is Node's, of real time: by it the SDKs set their own clocks right, and try again what was refused.
  outgoing.writeHead(reply.status, reply.headers);
  outgoing.end(reply.body);
}

async function answer(aws: SimulatedAws, request: WireRequest): Promise<WireReply | 'timeout' | 'reset'> {
  const requestId = aws.nextRequestId();
  let failed: Failed = { service: undefined, protocol: undefined, method: request.method };
  try {
    const service = serviceOf(request);
    failed = { ...failed, service, protocol: protocolOf(modelOf(service), request.headers) };
    const asked = readRequest(request);
    failed = { ...failed, operation: asked.operation };
    const output = await aws.handle({ ...asked, userAgent: request.headers['user-agent'], delay: pause });
    return writeReply(asked, output, requestId);
  } catch (error) {
    if (error instanceof ConnectionLost) return error.kind;
    if (error instanceof AwsError) return writeError(error, failed, requestId);
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`simulator bug: ${told}`);
    return writeError(new AwsError('SimulatorBug', told, 500), failed, requestId);
  }
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Sets faults: all that are asked for, or none when one of them is wrong. */
function setFaults(aws: SimulatedAws, body: Record<string, unknown>): { status: number; body: unknown } {
  const { clear = false, add = [], ...others } = body;
  const read = readFaultRules(add);
  const unknown = Object.keys(others);
  if (unknown.length > 0) return { status: 400, body: { message: `there is clear and add, no ${unknown.join(', ')}` } };
  if (typeof clear !== 'boolean') return { status: 400, body: { message: 'clear is true or false' } };
  if ('wrong' in read) return { status: 400, body: { message: read.wrong } };
  if (clear) aws.world.faults.clear();
  for (const rule of read.rules) aws.world.faults.add(rule);
  return { status: 200, body: aws.world.faults.list() };
}

/** What tests and people ask the simulator itself. */
function control({ aws, advance, wire }: Serving, request: WireRequest, outgoing: ServerResponse): void {
  const reply = (status: number, body: unknown): void =>
    void outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body, null, 1));
  const body = objectIn(request.body.toString());
  if (!body) return reply(400, { message: 'the body must be a JSON object' });
  aws.world.settle();
  switch (`${request.method} ${request.path}`) {
    case 'GET /_simulator/health':
      return reply(200, { status: 'ok', now: new Date(aws.world.clock.now()).toISOString() });
    case 'GET /_simulator/ledger':
      return reply(200, aws.world.ledger.toJSON());
    case 'GET /_simulator/wire':
      return reply(200, wire);
    case 'GET /_simulator/resolve':
      return reply(200, {
        answers: resolve(aws.world, request.query.get('name') ?? '', request.query.get('type') ?? 'A'),
      });
    case 'GET /_simulator/faults':
      return reply(200, aws.world.faults.list());
    case 'POST /_simulator/faults': {
      const set = setFaults(aws, body);
      return reply(set.status, set.body);
    }
    case 'POST /_simulator/clock':
      if (!advance) return reply(409, { message: 'this clock runs by itself' });
      advance(Number(body['advanceMillis'] ?? 0));
      aws.world.settle();
      return reply(200, { now: new Date(aws.world.clock.now()).toISOString() });
    default:
      return reply(404, { message: `the simulator has no ${request.method} ${request.path}` });
  }
}
