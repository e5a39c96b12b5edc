import pg from 'pg';
import { log, told } from './log.js';
import { ReadName } from './read-name.js';

/** As docs/application.md says: whoever was not answered twice takes the writer, and for this long. */
const attempts = 2;
const restMillis = 5_000;

/** PostgreSQL's classes for what is wrong with the statement or its data: another server would say the same. */
const isAboutTheStatement = ({ code }) => /^(22|23|42)/.test(code ?? '');

/** `invalid_password`. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isRefusedPassword = ({ code }) => code === '28P01';

/** The database of the store: a writer, and replicas that share the reads among them, behind one name. */
export class Database {
  #secret;
  #ca;
  #onLost;
  #servers = new Map();
  /** Connections that nobody has used yet. */
  #unused = new WeakSet();
  #writer;
  #reader;
  #open;
  #restsUntil = 0;

  /** `onLost` is told whenever a server does not answer: its parameter may have changed. */
  constructor({ secret, ca, onLost }) {
    this.#secret = secret;
    this.#ca = ca;
    this.#onLost = onLost;
  }

  /** Opens what the settings name. Where nobody is led any more, connections end by themselves once they are idle. */
  async use({ writer, reader, port, name }) {
    const { username } = await this.#secret.read();
    this.#open = (host) => {
      const known = this.#servers.get(host);
      if (known) return known;
      const role = host === writer ? 'writer' : 'replica';
      const server = { host, role, pool: this.#pool({ host, port, database: name, user: username }) };
      this.#servers.set(host, server);
      return server;
    };
    this.#writer = this.#open(writer);
    this.#reader = new ReadName(reader);
  }

  /**
   * Reads what may be some moments old: where the read name leads, and from the writer when nobody answers there. Says
   * who answered.
   */
  async read(text, values) {
    for (let attempt = 0; attempt < attempts && this.#restsUntil <= Date.now(); attempt++)
      try {
        return await this.#query(this.#open(await this.#reader.host({ anew: attempt > 0 })), text, values);
      } catch (error) {
        if (isAboutTheStatement(error)) throw error;
        log('warn', 'nobody answers where the read name leads', told(error));
        if (attempt === attempts - 1) this.#restsUntil = Date.now() + restMillis;
      }
    return this.readNewest(text, values);
  }

  /** Reads what has to be up to date, from the writer. */
  readNewest(text, values) {
    return this.#query(this.#writer, text, values);
  }

  /** Runs `work` in a transaction on the writer: all of it is done, or nothing. */
  async write(work) {
    const client = await this.#begin();
    try {
      const answer = await work(client);
      await client.query('COMMIT');
      client.release();
      return answer;
    } catch (error) {
      // A connection that takes no ROLLBACK is broken, and the server has rolled back when it lost it.
      await client.query('ROLLBACK').then(
        () => client.release(),
        (broken) => client.release(broken),
      );
      throw error;
    }
  }

  async end() {
    await Promise.all([...this.#servers.values()].map(({ pool }) => pool.end()));
  }

  /** Before BEGIN has succeeded nothing was done. */
  async #begin() {
    const { client } = await this.#first(this.#writer, (client) => client.query('BEGIN'));
    return client;
  }

  /** A read does no harm twice. */
  async #query(server, text, values) {
    const { client, answer } = await this.#first(server, (client) => client.query(text, values));
    client.release();
    return { rows: answer.rows, from: server.role };
  }

  /**
   * Does the first work on a connection, which has to be harmless when it is done twice. Connections may have broken
   * while they lay in the pool: then the next is tried, up to one that was opened for this.
   */
  async #first(server, work) {
    for (;;) {
      const client = await this.#connect(server);
      const isNew = this.#unused.delete(client);
      try {
        return { client, answer: await work(client) };
      } catch (error) {
        client.release(error);
        if (isNew || isAboutTheStatement(error)) throw error;
      }
    }
  }

  /** A password that was rotated is known to Secrets Manager: it is asked once, and the new one tried once. */
  async #connect({ pool, host }) {
    const used = await this.#secret.read();
    try {
      return await pool.connect();
    } catch (error) {
      if (!isRefusedPassword(error)) {
        this.#onLost();
        throw error;
      }
      log('info', 'the database refuses the password, the secret is read again', { host });
      await this.#secret.renew(used);
      return pool.connect();
    }
  }

  #pool(where) {
    const pool = new pg.Pool({
      ...where,
      password: async () => (await this.#secret.read()).password,
      ssl: { ca: this.#ca, minVersion: 'TLSv1.2' },
      max: 10,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      query_timeout: 5_000,
      application_name: 'storefront',
    });
    // A query under way is told of its error itself; without a listener the same error would end the process.
    pool.on('connect', (client) => {
      this.#unused.add(client);
      client.on('error', () => undefined);
    });
    // Of a connection that nobody is using at the moment; the pool takes it out by itself.
    pool.on('error', (error) => {
      log('warn', 'a connection to a database is lost', { host: where.host, ...told(error) });
      this.#onLost();
    });
    return pool;
  }
}
