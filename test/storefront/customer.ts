import type { Process } from './processes.ts';

export interface Answer {
  readonly status: number;
  readonly readFrom: string | null;
  /** The cookie that the answer sets, as a browser gives it back. */
  readonly cookie: string | undefined;
  /** All cookies that it sets, as they come. */
  readonly cookies: readonly string[];
  /** Where it sends people. */
  readonly location: string | null;
  readonly body: unknown;
}

/** Asks as the load balancer does. */
export async function ask(
  process: Process,
  route: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await fetch(process.url + path, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type') === 'application/json';
  return {
    status: answer.status,
    readFrom: answer.headers.get('read-from'),
    cookies: answer.headers.getSetCookie(),
    location: answer.headers.get('location'),
    cookie: answer.headers.getSetCookie()[0]?.split(';')[0],
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

/** Fills a cart and orders it; answers what the order's answer is. */
export async function buy(process: Process, productId: number, quantity: number): Promise<Answer> {
  const { cookie = '' } = await ask(process, 'PUT /cart', { body: { productId, quantity } });
  return ask(process, 'POST /orders', { headers: { cookie } });
}

/** Asks again and again until the answer is as wanted; the test's own time limit ends it. */
export async function eventually(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setImmediate(resolve));
}
