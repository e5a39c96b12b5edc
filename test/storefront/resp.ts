/** Takes whole commands of the protocol of Redis from the front of a stream of bytes: each an array of bulk strings. */
export class Commands {
  #bytes = Buffer.alloc(0);

  /** The commands that are whole now. */
  push(bytes: Buffer): string[][] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const whole: string[][] = [];
    for (let next = this.#take(); next; next = this.#take()) whole.push(next);
    return whole;
  }

  #take(): string[] | undefined {
    let at = 0;
    const line = (): string | undefined => {
      const end = this.#bytes.indexOf('\r\n', at);
      if (end < 0) return undefined;
      const text = this.#bytes.toString('utf8', at, end);
      at = end + 2;
      return text;
    };
    const count = line();
    if (count === undefined) return undefined;
    const words: string[] = [];
    for (let i = 0; i < Number(count.slice(1)); i++) {
      const size = line();
      if (size === undefined || this.#bytes.length < at + Number(size.slice(1)) + 2) return undefined;
      words.push(this.#bytes.toString('utf8', at, at + Number(size.slice(1))));
      at += Number(size.slice(1)) + 2;
    }
    this.#bytes = this.#bytes.subarray(at);
    return words;
  }
}

/** A command as it goes over the wire. */
export const command = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
