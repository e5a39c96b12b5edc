import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { log } from './log.js';

/** Browsers take a cookie of this name from https and for this host only. */
const cookieName = '__Host-session';
const lifeSeconds = 30 * 24 * 3600;
/** How often keys are looked for that others may have added. */
const keysAgeMillis = 10_000;

const signature = (key, text) => createHmac('sha256', key).update(text).digest();

/**
 * Sessions that lie with the client, signed: any instance can take the next request. The keys lie in the database, the
 * one secret place that all instances share. The newest signs, older ones still verify: a row more in `session_key`
 * changes the key, and nobody loses a session.
 */
export class Sessions {
  #database;
  #keys = new Map();
  #readAt = -Infinity;

  constructor({ database }) {
    this.#database = database;
  }

  async readKeys() {
    const { rows } = await this.#database.readNewest('SELECT id, key FROM session_key ORDER BY id', []);
    this.#keys = new Map(rows.map(({ id, key }) => [String(id), key]));
    this.#readAt = Date.now();
  }

  /** The session that the cookies of a request carry. One that was not signed here, or is too old, is refused: a new one begins. */
  async open(cookies = '') {
    const cookie = cookies.split(/; */).find((each) => each.startsWith(`${cookieName}=`));
    if (cookie === undefined) return fresh();
    const known = await this.#verified(cookie.slice(cookieName.length + 1));
    if (known === undefined) log('warn', 'a session cookie was refused');
    return known ?? fresh();
  }

  /** The header that hands the session to the client. */
  cookie(session) {
    const [id, key] = [...this.#keys].at(-1);
    const until = Math.floor(Date.now() / 1000) + lifeSeconds;
    const text = `${id}.${Buffer.from(JSON.stringify({ ...session, until })).toString('base64url')}`;
    const value = `${text}.${signature(key, text).toString('base64url')}`;
    return `${cookieName}=${value}; Path=/; Max-Age=${lifeSeconds}; Secure; HttpOnly; SameSite=Lax`;
  }

  async #verified(value) {
    const [id = '', body = '', given = ''] = value.split('.');
    if (!this.#keys.has(id) && Date.now() - this.#readAt > keysAgeMillis) await this.readKeys();
    const key = this.#keys.get(id);
    if (key === undefined) return undefined;
    const wanted = signature(key, `${id}.${body}`);
    const got = Buffer.from(given, 'base64url');
    if (got.length !== wanted.length || !timingSafeEqual(got, wanted)) return undefined;
    const { until, ...session } = JSON.parse(Buffer.from(body, 'base64url').toString());
    return until * 1000 > Date.now() ? session : undefined;
  }
}

/** A cart has a name from its birth: it becomes the order's, so that a cart ordered twice is one order. */
export const fresh = () => ({ cartId: randomUUID(), lines: {} });
