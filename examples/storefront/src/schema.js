import { randomBytes } from 'node:crypto';

/** Any number, as long as all instances have the same. */
const lock = 20_250_101;

const tables = `
  CREATE TABLE IF NOT EXISTS product (
    id integer PRIMARY KEY,
    name text NOT NULL,
    picture text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    stock integer NOT NULL CHECK (stock >= 0)
  );
  CREATE TABLE IF NOT EXISTS purchase (
    id uuid PRIMARY KEY,
    lines jsonb NOT NULL,
    total_cents integer NOT NULL DEFAULT 0,
    placed_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS purchase_unpublished ON purchase (placed_at) WHERE published_at IS NULL;
  CREATE TABLE IF NOT EXISTS session_key (id integer PRIMARY KEY, key bytea NOT NULL);
`;

const firstProducts = `
  INSERT INTO product (id, name, picture, price_cents, stock) VALUES
    (1, 'Shoe', 'shoe.png', 7900, 25), (2, 'Scarf', 'scarf.png', 2450, 100), (3, 'Umbrella', 'umbrella.png', 1995, 40)
  ON CONFLICT DO NOTHING
`;

/** Makes what is not there yet. Instances that start at once wait for each other. */
export const prepare = (database) =>
  database.write(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
    await client.query(tables);
    await client.query(firstProducts);
    await client.query('INSERT INTO session_key (id, key) VALUES (1, $1) ON CONFLICT DO NOTHING', [randomBytes(32)]);
  });
