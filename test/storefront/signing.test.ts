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

  let known: ReturnType<Shop['newPoolKey']> | undefined;
  const poolKey = () => (known ??= shop.newPoolKey());
  /** As Cognito encodes: without padding. */
  const accessToken = (difference: object = {}, head: object = {}, privateKey = poolKey().privateKey): string => {
    const payload = {
      ...{ sub: claims.sub, iss: shop.told('identity/issuer'), client_id: shop.told('identity/client-id') },
      ...{ token_use: 'access', exp: Math.floor(Date.now() / 1000) + 120, 'cognito:groups': ['admin', 'customer'] },
    };
    const text = [
      { alg: 'RS256', kid: poolKey().kid, ...head },
      { ...payload, ...difference },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  const admin = (access?: string) => {
    const { kid, privateKey } = shop.newKey();
    const data = token(header(kid), claims, privateKey);
    const told: Record<string, string> = access === undefined ? {} : { 'x-amzn-oidc-accesstoken': access };
    return ask(one, 'GET /admin', { headers: { 'x-amzn-oidc-data': data, ...told } });
  };

  test('the group admin is let in by its access token', async () => {
    expect(await admin(accessToken())).toMatchObject({ status: 200, body: [] });
  });

  test.each<[string, object]>([
    ['who is in another group', { 'cognito:groups': ['customer'] }],
    ['who is in no group', { 'cognito:groups': undefined }],
  ])('%s is signed in and not let in', async (_, difference) => {
    expect((await admin(accessToken(difference))).status).toBe(403);
  });

  test.each<[string, object]>([
    ['of somebody else', { sub: 'somebody else' }],
    ['of another user pool', { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_strange' }],
    ['for another client', { client_id: 'strange' }],
    ['that is an ID token', { token_use: 'id' }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 1 }],
  ])('an access token %s is refused', async (_, difference) => {
    expect((await admin(accessToken(difference))).status).toBe(401);
  });

  test('an access token that the user pool has not signed is refused', async () => {
    expect((await admin()).status).toBe(401);
    expect((await admin(accessToken({}, { alg: 'none' }))).status).toBe(401);
    expect((await admin(accessToken({}, { kid: 'strange' }))).status).toBe(401);
    const [head, , signature] = accessToken({ 'cognito:groups': [] }).split('.');
    expect((await admin([head, accessToken().split('.')[1], signature].join('.'))).status).toBe(401);
  });

  test('an access token without what the load balancer has signed lets nobody in', async () => {
    const headers = { 'x-amzn-oidc-accesstoken': accessToken() };
    expect((await ask(one, 'GET /admin', { headers })).status).toBe(401);
  });

  test('who signs out is forgotten by the load balancer, by Cognito and by the shop', async () => {
    const { status, location, cookies } = await ask(one, 'POST /sign-out', { headers: { cookie: await filled() } });
    expect(status).toBe(303);
    const to = new URL(location ?? '');
    expect(to.origin + to.pathname).toBe(`https://${shop.told('identity/domain')}/logout`);
    expect(to.searchParams.get('client_id')).toBe(shop.told('identity/client-id'));
    // Cognito sends people nowhere else.
    const { UserPoolClient } = await shop.world.other<{ UserPoolClient: { LogoutURLs: string[] } }>(
      ...(['cognito-idp', 'DescribeUserPoolClient'] as const),
      { UserPoolId: shop.told('identity/user-pool-id'), ClientId: shop.told('identity/client-id') },
    );
    expect(UserPoolClient.LogoutURLs).toContain(to.searchParams.get('logout_uri'));
    const ended = cookies.filter((cookie) => cookie.includes('; Path=/; Max-Age=0; Secure'));
    expect(ended.map((cookie) => cookie.split('=')[0])).toEqual(
      [0, 1, 2, 3].map((n) => `AWSELBAuthSessionCookie-${n}`),
    );
    expect(await cart(other, cookies.at(-1)?.split(';')[0] ?? '')).toEqual({});
  });

  test('a path in capitals, for which the load balancer asks nobody, shows nothing', async () => {
    expect((await ask(one, 'GET /ADMIN')).status).toBe(404);
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
