import { sign, type KeyObject } from 'node:crypto';
import { request } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeForeign } from '../support/foreign.ts';
import { ask } from './customer.ts';
import { lacking } from './needs.ts';
import type { Process } from './processes.ts';
import { openShop, type Shop } from './shop.ts';

/** As the load balancer encodes: with padding. */
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64');

function token(header: object, claims: object, privateKey: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64')}`;
}

describeForeign('a storefront knows its customers', lacking, () => {
  let shop: Shop;
  let one: Process;
  let other: Process;

  beforeAll(async () => {
    shop = await openShop();
    [one, other] = await Promise.all([shop.start(), shop.start()]);
  }, 120_000);
  afterAll(() => shop.close());

  const filled = async (): Promise<string> =>
    (await ask(one, 'PUT /cart', { body: { productId: 1, quantity: 3 } })).cookie ?? '';
  const cart = async (process: Process, cookie: string) =>
    (await ask(process, 'GET /cart', { headers: { cookie } })).body;

  test('two processes share its sessions', async () => {
    const cookie = await filled();
    expect(await cart(other, cookie)).toEqual({ 1: 3 });
  });

  test.each<[string, (cookie: string) => string]>([
    ['with another content', (cookie) => cookie.replace(/\.(.)/, (_, first) => `.${first === 'A' ? 'B' : 'A'}`)],
    [
      'with another signature',
      (cookie) => cookie.replace(/(.)(.{8})$/, (_, c, rest) => (c === 'A' ? 'B' : 'A') + rest),
    ],
    ['without a signature', (cookie) => cookie.replace(/\.[^.]*$/, '')],
    ['of a key that there is not', (cookie) => cookie.replace(/=\d+/, '=7')],
  ])('a session cookie %s is refused', async (_, tamper) => {
    const cookie = await filled();
    expect(tamper(cookie)).not.toBe(cookie);
    expect(await cart(other, tamper(cookie))).toEqual({});
    await other.tells('a session cookie was refused');
  });

  const claims = { sub: 'a-person', email: 'person@example.com' };
  const header = (kid: string) => ({
    ...{ typ: 'JWT', alg: 'ES256', kid, iss: shop.told('identity/issuer'), client: shop.told('identity/client-id') },
    ...{ signer: shop.told('identity/signer'), exp: Math.floor(Date.now() / 1000) + 120 },
  });
  const account = (data: string) => ask(one, 'GET /account', { headers: { 'x-amzn-oidc-data': data } });

  test('who is signed in at the load balancer is known by its header', async () => {
    const { kid, privateKey } = shop.newKey();
    expect(await account(token(header(kid), claims, privateKey))).toMatchObject({ status: 200, body: claims });
  });

  test('the header is refused when it is not there', async () => {
    expect((await ask(one, 'GET /account')).status).toBe(401);
  });

  const strange = 'arn:aws:elasticloadbalancing:eu-central-1:999999999999:loadbalancer/app/strange/0123456789abcdef';
  test.each<[string, object]>([
    ['of a load balancer of somebody else', { signer: strange }],
    ['of another user pool', { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_strange' }],
    ['for another client', { client: 'strange' }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 1 }],
    ['that names no algorithm', { alg: 'none' }],
    ['whose key is not known', { kid: '00000000-0000-4000-8000-000000000000' }],
  ])('a header %s is refused', async (_, difference) => {
    const { kid, privateKey } = shop.newKey();
    const { status } = await account(token({ ...header(kid), ...difference }, claims, privateKey));
    expect(status).toBe(401);
  });

  test('a header whose key has no id but a path is refused, whatever lies there', async () => {
    const { privateKey } = shop.newKey('strange');
    expect((await account(token(header('../strange'), claims, privateKey))).status).toBe(401);
  });

  test('a forged header is refused', async () => {
    const { kid, privateKey } = shop.newKey();
    const [head, , signature] = token(header(kid), claims, privateKey).split('.');
    expect((await account(`${head}.${encoded({ ...claims, sub: 'somebody else' })}.${signature}`)).status).toBe(401);
    const forger = shop.newKey();
    expect((await account(token(header(kid), claims, forger.privateKey))).status).toBe(401);
    expect((await account('no token')).status).toBe(401);
  });

  test('told to end, it takes nothing new, answers what it has begun, and ends', async () => {
    const leaving = await shop.start();
    expect((await ask(leaving, 'GET /healthz')).status).toBe(200);
    // It has read the headers when it asks for the body.
    const headers = { 'Content-Type': 'application/json', Expect: '100-continue' };
    const begun = request(`${leaving.url}/cart`, { method: 'PUT', headers });
    begun.flushHeaders();
    await once(begun, 'continue');
    leaving.stop('SIGTERM');
    await leaving.tells('draining');
    await expect(ask(leaving, 'GET /healthz')).rejects.toThrow('fetch failed');
    begun.end(JSON.stringify({ productId: 1, quantity: 1 }));
    const [answer] = (await once(begun, 'response')) as [{ statusCode: number; headers: Record<string, string> }];
    expect([answer.statusCode, answer.headers['connection']]).toEqual([200, 'close']);
    expect(await leaving.ended).toBe(0);
    expect(leaving.log.at(-1)?.message).toBe('drained');
  });

  test('what it has written holds neither cookies nor tokens', () => {
    for (const process of shop.processes)
      for (const secret of [...shop.secrets, '__Host-session', 'eyJ', 'a-person', 'X-Amz-'])
        expect(process.written()).not.toContain(secret);
  });
});
