import { resolveCname } from 'node:dns/promises';

/** As long as the name lets its answers be kept. */
const keptMillis = 5_000;

/**
 * The name to read the database by leads to each replica that serves in turn, or to the writer while none does. It is
 * looked up here, and not left to the connection: certificates bear the name of the host that it leads to.
 */
export class ReadName {
  #name;
  #host;
  #until = 0;

  constructor(name) {
    this.#name = name;
  }

  /** The host that it leads to now; a new answer after one that did not serve. */
  async host({ anew = false } = {}) {
    if (anew || this.#until <= Date.now()) {
      [this.#host] = await resolveCname(this.#name);
      this.#until = Date.now() + keptMillis;
    }
    return this.#host;
  }
}
