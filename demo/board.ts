import { treeWithin } from '../operator/cli/status/tree.ts';
import type { EcomStore } from '../operator/store/spec.ts';

/** One condition's standing in a word. */
const word = (store: EcomStore, type: string): string => {
  const condition = store.status.conditions?.find((one) => one.type === type);
  return condition ? `${condition.status} (${condition.reason})` : 'not yet';
};

/** What a store looks like at one moment, on one line. */
function line(store: EcomStore): string {
  const resources = store.status.resources ?? [];
  const ready = resources.filter(({ standing }) => standing === 'ready');
  return `  Ready ${word(store, 'Ready')}   ${ready.length} of ${resources.length} resources`;
}

/** The tree of `ecomstore status`, within the lower part of the terminal: the story so far stays in sight. */
function tree(store: EcomStore): string[] {
  const { columns = 118, rows = 24 } = process.stdout;
  return treeWithin({ columns, rows: Math.min(rows - 2, 24) }, store, Date.now());
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
      const first = line(store);
      if (first !== this.#last) process.stdout.write(`${this.#time()}${first}\n`);
      this.#last = first;
      return;
    }
    const drawn = tree(store);
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
