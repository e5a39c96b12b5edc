import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeForeign } from '../support/foreign.ts';
import { ask, buy, eventually } from './customer.ts';
import { lacking } from './needs.ts';
import type { Process } from './processes.ts';
import { openShop, type Shop } from './shop.ts';

describeForeign('a storefront reads and writes as the contract says', lacking, () => {
  let shop: Shop;
  let storefront: Process;

  beforeAll(async () => {
    shop = await openShop();
    storefront = await shop.start();
    await storefront.tells('the cache is there');
  }, 120_000);
  afterAll(() => shop.close());
  afterEach(async () => {
    for (const gate of [shop.cache.gate, ...shop.replicaGates]) gate.open();
    await shop.cache.empty();
    await cacheIsThere();
  });

  /** Both connections: what is written through one is read through the other. */
  const cacheIsThere = () => eventually(async () => (await ask(storefront, 'GET /')).readFrom === 'cache');
  const product = (id: number) => ask(storefront, `GET /products/${id}`);
  const stockOf = ({ body }: { body: unknown }) => (body as { stock: number }).stock;

  test('the first read asks a replica and fills the cache, the second is answered by the cache', async () => {
    const [first, second] = [await product(1), await product(1)];
    expect([first.readFrom, second.readFrom]).toEqual(['replica', 'cache']);
    expect(second.body).toEqual(first.body);
    expect(first.body).toMatchObject({ id: 1, name: 'Shoe', stock: 25 });
  });

  test('it lets itself into the cache with a token of its role, and gives no other', () => {
    expect(shop.cache.refused).toEqual([]);
  });

  test('an order goes to the writer, out of the cache, and to the topic', async () => {
    await product(1);
    const before = stockOf(await product(1));
    const order = await buy(storefront, 1, 2);
    expect(order).toMatchObject({ status: 201, body: { totalCents: 2 * 7900 } });
    expect(await product(1)).toMatchObject({ readFrom: 'writer', body: { stock: before - 2 } });
    const { id } = order.body as { id: string };
    await eventually(() => shop.published('orders').length > 0);
    expect(shop.published('orders')).toMatchObject([{ id, lines: { 1: 2 }, totalCents: 2 * 7900 }]);
  });

  test('a replica that lags behind an order is not believed, nor is its answer kept', async () => {
    const { databases } = shop;
    await product(2);
    databases.sql("ALTER SYSTEM SET synchronous_commit = 'local'", 'writer');
    databases.sql('SELECT pg_reload_conf()', 'writer');
    databases.sql('SELECT pg_wal_replay_pause()', 'replica');
    await eventually(() => databases.sql('SHOW synchronous_commit') === 'local');
    try {
      const before = stockOf(await product(2));
      await buy(storefront, 2, 1);
      expect(databases.sql('SELECT stock FROM product WHERE id = 2', 'replica')).toBe(String(before));
      expect([stockOf(await product(2)), stockOf(await product(2))]).toEqual([before - 1, before - 1]);
    } finally {
      databases.sql('SELECT pg_wal_replay_resume()', 'replica');
      databases.sql("ALTER SYSTEM SET synchronous_commit = 'remote_apply'", 'writer');
      databases.sql('SELECT pg_reload_conf()', 'writer');
    }
  });

  test('a cart that is ordered twice is one order', async () => {
    const before = stockOf(await product(3));
    const { cookie = '' } = await ask(storefront, 'PUT /cart', { body: { productId: 3, quantity: 1 } });
    const both = await Promise.all([1, 2].map(() => ask(storefront, 'POST /orders', { headers: { cookie } })));
    expect(both[0]?.body).toEqual(both[1]?.body);
    expect(stockOf(await product(3))).toBe(before - 1);
  });

  test('of what is sold out nothing is ordered, and nothing of the rest of the cart', async () => {
    const stock = () => shop.databases.sql('SELECT id, stock FROM product ORDER BY id');
    const before = stock();
    const some = await ask(storefront, 'PUT /cart', { body: { productId: 1, quantity: 1 } });
    const more = { body: { productId: 3, quantity: 99 }, headers: { cookie: some.cookie ?? '' } };
    const { cookie = '' } = await ask(storefront, 'PUT /cart', more);
    expect((await ask(storefront, 'POST /orders', { headers: { cookie } })).status).toBe(409);
    expect(stock()).toBe(before);
  });

  test('without its cache it reads from the replicas, and takes the cache again when it is back', async () => {
    shop.cache.gate.shut();
    expect(await product(1)).toMatchObject({ status: 200, readFrom: 'replica' });
    expect((await buy(storefront, 1, 1)).status).toBe(201);
    shop.cache.gate.open();
    await cacheIsThere();
  });

  test('the name to read by leads to the replicas', () => {
    expect([...shop.answers].sort()).toEqual([...shop.hosts.replicas].sort());
  });

  test(
    'it reads from the writer while the name leads there, and from a replica again when it is back',
    { timeout: 30_000 },
    async () => {
      shop.cache.gate.shut();
      const readsFrom = async (who: string) => eventually(async () => (await product(1)).readFrom === who);
      await readsFrom('replica');
      shop.leadTo(shop.hosts.writer);
      await readsFrom('writer');
      shop.leadTo(...shop.answers);
      await readsFrom('replica');
    },
  );

  test('without one replica it reads from the other, without any from the writer', async () => {
    shop.cache.gate.shut();
    const [first, second] = shop.replicaGates;
    first.shut();
    for (let turn = 0; turn < 4; turn++) expect(await product(1)).toMatchObject({ status: 200, readFrom: 'replica' });
    second.shut();
    for (let turn = 0; turn < 4; turn++) expect(await product(1)).toMatchObject({ status: 200, readFrom: 'writer' });
  });

  /** The database takes another password from now on, of connections that stand as well. */
  const rotate = async (password: string, keep: (SecretString: string) => Promise<unknown>) => {
    const { username } = await shop.readSecret();
    shop.secrets.push(password);
    await keep(JSON.stringify({ username, password }));
    shop.databases.sql(`ALTER ROLE ${username} PASSWORD '${password}'`);
    for (const server of ['writer', 'replica'] as const)
      shop.databases.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${username}'`,
        server,
      );
  };
  const refusals = () => storefront.log.filter(({ message }) => message.startsWith('the database refuses')).length;

  test.each<[string, (shop: Shop, SecretString: string) => Promise<unknown>]>([
    [
      'in its secret',
      ({ world, secretArn: SecretId }, SecretString) =>
        world.other('secretsmanager', 'PutSecretValue', { SecretId, SecretString }),
    ],
    [
      'in another secret',
      async ({ world, path }, SecretString) => {
        const { ARN: Value } = await world.other<{ ARN: string }>(
          ...(['secretsmanager', 'CreateSecret', { Name: 'another', SecretString }] as const),
        );
        const Name = `${path}database/secret-arn`;
        await world.other('ssm', 'PutParameter', { Name, Value, Type: 'String', Overwrite: true });
      },
    ],
  ])('a password that was changed %s is read again, and nobody notices', async (where, keep) => {
    const before = refusals();
    await rotate(`the-password-that-is-now-${where.replaceAll(' ', '-')}`, (text) => keep(shop, text));
    expect(await product(1)).toMatchObject({ status: 200 });
    expect((await buy(storefront, 1, 1)).status).toBe(201);
    expect(refusals()).toBeGreaterThan(before);
  });

  test('what it has written holds no secret', () => {
    const written = storefront.written();
    const keys = shop.databases.sql("SELECT encode(key, 'hex'), encode(key, 'base64') FROM session_key").split('|');
    for (const secret of [...shop.secrets, ...keys, 'X-Amz-', '__Host-session']) expect(written).not.toContain(secret);
    expect(storefront.log.filter(({ message }) => message === 'answered').length).toBeGreaterThan(10);
  });
});
