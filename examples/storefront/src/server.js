import { createServer } from 'node:http';
import { log, told } from './log.js';
import { BadRequest } from './routes.js';

const bodyBytesAtMost = 10_000;

/** What a client is told of an error; the rest are ours, or a part of the store's that is away. */
const statusOf = { BadRequest: 400, NotSignedIn: 401, NotAllowed: 403, SoldOut: 409 };

/**
 * The server of the storefront. `keepAliveSeconds` has to be longer than the load balancer's idle timeout
 * (`spec.loadBalancer.idleTimeoutSeconds`): else it may send a request on a connection that is just being closed, and
 * the client gets a 502.
 */
export function serve({ routes, port, keepAliveSeconds }) {
  let draining = false;
  const server = createServer({ keepAliveTimeout: keepAliveSeconds * 1000 }, (request, response) => {
    const since = performance.now();
    const { route, answer } = routed(routes, request, { draining });
    void answer()
      .catch(refusal)
      .then(({ status, headers, body }) => {
        // The load balancer then opens its next connection elsewhere.
        if (draining) headers.Connection = 'close';
        response.writeHead(status, { 'Cache-Control': 'no-store', ...headers }).end(body);
        if (route === 'GET /healthz') return;
        const millis = Math.round(performance.now() - since);
        const trace = request.headers['x-amzn-trace-id'];
        log('info', 'answered', { route, status, millis, readFrom: headers['Read-From'], trace });
      });
  });
  const listening = new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve));
  return {
    listening: listening.then(() => server.address().port),
    /** Takes no new connections, and ends once all requests under way are answered. */
    drain: () => {
      draining = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      return closed;
    },
  };
}

/** Logs name the route, not the path: what people type into a URL is theirs. */
function routed(routes, request, { draining }) {
  const [path] = request.url.split('?');
  const [, id] = /^\/products\/(\d{1,9})$/.exec(path) ?? [];
  const route = `${request.method} ${id === undefined ? path : '/products/:id'}`;
  // Says that this process serves, not that the database does: instances are not made anew for what others lack.
  if (route === 'GET /healthz')
    return { route, answer: async () => ({ status: draining ? 503 : 200, headers: {}, body: '' }) };
  const found = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (found === undefined) return { route: 'none', answer: async () => ({ status: 404, headers: {}, body: '' }) };
  const body = () => bodyOf(request);
  return { route, answer: () => found({ id: Number(id), headers: request.headers, body }) };
}

async function bodyOf(request) {
  // A form of another site cannot send this type: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS#simple_requests
  if (request.headers['content-type'] !== 'application/json') throw new BadRequest('the body is not application/json');
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part);
    bytes += part.length;
    if (bytes > bodyBytesAtMost) throw new BadRequest('the body is too long');
  }
  try {
    return Object(JSON.parse(Buffer.concat(parts).toString()));
  } catch {
    throw new BadRequest('the body is no JSON');
  }
}

function refusal(error) {
  const status = statusOf[error.name] ?? 503;
  log(status === 503 ? 'error' : 'info', 'not done', told(error));
  const headers = { 'Content-Type': 'application/json', ...(status === 503 ? { 'Retry-After': '2' } : {}) };
  return { status, headers, body: JSON.stringify({ error: status === 503 ? 'please try again' : error.message }) };
}
