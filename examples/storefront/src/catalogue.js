import { changed } from './cache.js';

const columns = 'id, name, picture, price_cents AS "priceCents", stock';

/** What is in the cache when a product is changed: the list of all, and the product. */
export const keysOf = (ids) => ['catalogue', ...ids.map((id) => `product:${id}`)];

/** The products, read through the cache: from the cache, else from a replica, whose answer the cache then keeps. */
export class Catalogue {
  #database;
  #cache;

  constructor({ database, cache }) {
    this.#database = database;
    this.#cache = cache;
  }

  all() {
    return this.#through('catalogue', `SELECT ${columns} FROM product ORDER BY id`, []);
  }

  /** No rows when there is no such product. */
  one(id) {
    return this.#through(`product:${id}`, `SELECT ${columns} FROM product WHERE id = $1`, [id]);
  }

  /** Answers the rows and who told them: `cache`, `replica` or `writer`. */
  async #through(key, text, values) {
    const kept = await this.#cache.get(key);
    if (kept === changed) return this.#database.readNewest(text, values);
    if (kept !== undefined) return { rows: JSON.parse(kept), from: 'cache' };
    const told = await this.#database.read(text, values);
    await this.#cache.fill(key, JSON.stringify(told.rows));
    return told;
  }
}
