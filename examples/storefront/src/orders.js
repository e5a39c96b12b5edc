import { PublishCommand } from '@aws-sdk/client-sns';
import { keysOf } from './catalogue.js';
import { log, told } from './log.js';

const beatMillis = 30_000;
const batch = 20;

/** A product of the cart is not there any more, or not as often. */
export class SoldOut extends Error {
  name = 'SoldOut';
}

/** Orders: placed on the writer, then told to the topic `orders`. */
export class Orders {
  #database;
  #cache;
  #sns;
  #topic;
  #timer;
  #publishing = Promise.resolve();

  constructor({ database, cache, sns, topic }) {
    this.#database = database;
    this.#cache = cache;
    this.#sns = sns;
    this.#topic = topic;
    this.#timer = setInterval(() => this.#publishSoon(), beatMillis).unref();
  }

  /** Places the order of a cart, once however often it is asked for. Throws SoldOut, and then nothing has changed. */
  async place({ cartId, lines }) {
    const order = await this.#database.write(async (client) => {
      const inserted = await client.query(
        'INSERT INTO purchase (id, lines) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
        [cartId, lines],
      );
      if (inserted.rowCount === 1) await this.#take(client, cartId, lines);
      const { rows } = await client.query('SELECT id, total_cents AS "totalCents" FROM purchase WHERE id = $1', [
        cartId,
      ]);
      return rows[0];
    });
    this.#publishSoon();
    return order;
  }

  /** The last twenty, the newest first. */
  async newest() {
    const { rows } = await this.#database.readNewest(
      `SELECT id, total_cents AS "totalCents", placed_at AS "placedAt" FROM purchase ORDER BY placed_at DESC LIMIT ${batch}`,
      [],
    );
    return rows;
  }

  /** Ends once all that is under way is told. */
  async end() {
    clearInterval(this.#timer);
    await this.#publishing;
  }

  async #take(client, cartId, lines) {
    let totalCents = 0;
    // In one order for all, or two carts with the same products would wait for each other.
    const ids = Object.keys(lines).map(Number).sort((a, b) => a - b); // prettier-ignore
    for (const id of ids) {
      const { rows } = await client.query(
        'UPDATE product SET stock = stock - $2 WHERE id = $1 AND stock >= $2 RETURNING price_cents AS "priceCents"',
        [id, lines[id]],
      );
      if (rows.length === 0) throw new SoldOut(`product ${id} is sold out`);
      totalCents += rows[0].priceCents * lines[id];
    }
    await client.query('UPDATE purchase SET total_cents = $2 WHERE id = $1', [cartId, totalCents]);
    // Before the commit: a process that dies right after it leaves no old value in the cache.
    await this.#cache.invalidate(keysOf(ids));
  }

  #publishSoon() {
    if (this.#topic === undefined) return;
    this.#publishing = this.#publishing
      .then(() => this.#publish())
      .catch((error) => log('warn', 'orders are not told to the topic yet', told(error)));
  }

  /** What is committed is told at least once, by any instance: a message that was lost with a process is sent by the next beat. */
  #publish() {
    return this.#database.write(async (client) => {
      const { rows } = await client.query(
        `SELECT id, lines, total_cents AS "totalCents", placed_at AS "placedAt" FROM purchase
         WHERE published_at IS NULL ORDER BY placed_at LIMIT ${batch} FOR UPDATE SKIP LOCKED`,
      );
      for (const order of rows) {
        await this.#sns.send(new PublishCommand({ TopicArn: this.#topic, Message: JSON.stringify(order) }));
        await client.query('UPDATE purchase SET published_at = now() WHERE id = $1', [order.id]);
      }
    });
  }
}
