import type { EcomStore } from '../operator/store/spec.ts';

/** One condition's standing in a word. */
const word = (store: EcomStore, type: string): string => {
  const condition = store.status.conditions?.find((one) => one.type === type);
  return condition ? `${condition.status} (${condition.reason})` : 'not yet';
};

/** What a store looks like at one moment, on a few lines. */
function lines(store: EcomStore): string[] {
  const resources = store.status.resources ?? [];
  const open = resources.filter(({ standing }) => standing !== 'ready');
  const told = open.slice(0, 4).map(({ node, message = '' }) => `      ${node}: ${message}`.slice(0, 118));
  const more = open.length > 4 ? [`      and ${open.length - 4} more`] : [];
  return [
    `  Ready ${word(store, 'Ready')}   ${resources.length - open.length} of ${resources.length} resources`,
    ...told,
    ...more,
  ];
}

/** Prints a store's progress: in place on a terminal, else a line whenever something changes. */
export class Board {
  readonly #terminal: boolean;
  readonly #began = Date.now();
  #drawn = 0;
  #last = '';

  constructor(terminal: boolean) {
    this.#terminal = terminal;
  }

  show(store: EcomStore): void {
    if (!this.#terminal) {
      const [first = ''] = lines(store);
      if (first !== this.#last) process.stdout.write(`${this.#time()}${first}\n`);
      this.#last = first;
      return;
    }
    const drawn = lines(store);
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A\u001b[0J` : '';
    process.stdout.write(`${up}${drawn.join('\n')}\n`);
    this.#drawn = drawn.length;
  }

  say(message: string): void {
    process.stdout.write(`${this.#time()} ${message}\n`);
    [this.#drawn, this.#last] = [0, ''];
  }

  #time(): string {
    return `${((Date.now() - this.#began) / 1000).toFixed(1).padStart(6)}s`;
  }
}
