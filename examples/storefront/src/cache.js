import { createClient } from '@redis/client';
import { cacheToken } from './cache-token.js';
import { log, told } from './log.js';

/** The cache is there to be fast: one that takes longer is as good as none. */
const patienceMillis = 250;
/** How long a cache that was too slow is left alone. */
const restMillis = 5_000;
const ttlSeconds = 60;
/** Longer than a transaction takes to commit, and a replica of the database to catch up. */
const changedSeconds = 10;

/** Stands in the cache where a value was changed a moment ago: replicas may still tell the old one. */
export const changed = 'changed';

/**
 * The cache of the store, which may be away at any time: then nothing is found in it and nothing is kept, and no call
 * fails.
 */
export class Cache {
  #region;
  #credentials;
  #onLost;
  #used;
  #reader;
  #writer;
  #restsUntil = 0;

  /** `onLost` is told whenever it does not answer: its parameter may have changed. */
  constructor({ region, credentials, onLost }) {
    this.#region = region;
    this.#credentials = credentials;
    this.#onLost = onLost;
  }

  /** Connects to the cache that the settings name; there is none where they are undefined. */
  use(settings) {
    if (JSON.stringify(settings) === this.#used) return;
    this.end();
    this.#used = JSON.stringify(settings);
    if (settings === undefined) return;
    const connect = (host) => {
      const client = createClient({
        socket: {
          ...{ host, port: settings.port, tls: true, connectTimeout: 2_000 },
          reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 2_000),
        },
        // A new token for each connection: AWS ends one after twelve hours, and it is opened again.
        credentialsProvider: {
          type: 'async-credentials-provider',
          credentials: async () => ({
            username: settings.user,
            password: await cacheToken({ ...settings, region: this.#region, credentials: this.#credentials }),
          }),
        },
        ...{ disableOfflineQueue: true, disableClientInfo: true, maintNotifications: 'disabled', pingInterval: 10_000 },
      });
      this.#watch(client, host);
      client.connect().catch(() => undefined); // Told as an event too.
      return client;
    };
    this.#writer = connect(settings.host);
    this.#reader = settings.readerHost === settings.host ? this.#writer : connect(settings.readerHost);
  }

  /** The value, `changed`, or undefined. */
  async get(key) {
    return (await this.#ask(this.#reader, (client) => client.get(key))) ?? undefined;
  }

  /** Keeps what a replica told, unless the value was changed meanwhile or somebody else was faster. */
  async fill(key, value) {
    await this.#ask(this.#writer, (client) =>
      client.set(key, value, { condition: 'NX', expiration: { type: 'EX', value: ttlSeconds } }),
    );
  }

  /** The values of these keys are about to change. While the cache is away an old value stays for its time to live at most. */
  async invalidate(keys) {
    await Promise.all(
      keys.map((key) =>
        this.#ask(this.#writer, (client) =>
          client.set(key, changed, { expiration: { type: 'EX', value: changedSeconds } }),
        ),
      ),
    );
  }

  end() {
    for (const client of new Set([this.#reader, this.#writer])) client?.destroy();
    this.#reader = this.#writer = undefined;
  }

  async #ask(client, command) {
    if (!client?.isReady || this.#restsUntil > Date.now()) return undefined;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        this.#restsUntil = Date.now() + restMillis;
        reject(new Error(`no answer within ${patienceMillis} ms`));
      }, patienceMillis);
    });
    try {
      return await Promise.race([command(client), late]);
    } catch (error) {
      log('warn', 'the cache does not answer', told(error));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A client that cannot connect says so at each try; the log has the first. */
  #watch(client, host) {
    let isDown = false;
    client.on('error', (error) => {
      if (!isDown) log('warn', 'the cache is away', { host, ...told(error) });
      isDown = true;
      this.#onLost();
    });
    client.on('ready', () => {
      log('info', 'the cache is there', { host });
      isDown = false;
    });
  }
}
