import type { Fault } from '../../model/faults.ts';
import type { EcomStore } from '../../store/spec.ts';
import type { Io, StoreReader } from '../io.ts';
import { treeOf, treeWithin } from './tree.ts';
import { viewAsData } from './view.ts';

/** How often a screen is drawn again without a change: the ages on it grow. */
const tickMillis = 5_000;

/** To the upper left corner, and away with what stands below it. */
const clear = '\u001b[H\u001b[J';

/** Draws a store whenever it changes, until it is gone or the user wants an end. */
export async function watchStore(
  io: Io,
  cluster: StoreReader,
  from: EcomStore,
  output: 'table' | 'json',
): Promise<void> {
  const draw = output === 'json' ? jsonLines(io) : io.screen() ? onScreen(io) : oneAfterAnother(io);
  const { namespace, name } = from.metadata;
  draw.show(from);
  try {
    await cluster.watch(
      from,
      {
        seen: (store) => draw.show(store),
        gone: () => io.note(`EcomStore ${namespace}/${name} is gone`),
        answered: () => draw.answered(),
        trouble: (fault) => draw.trouble(fault),
      },
      io.interrupted(),
    );
  } finally {
    draw.end();
  }
}

interface Drawing {
  show(store: EcomStore): void;
  answered(): void;
  trouble(fault: Fault): void;
  end(): void;
}

const nothing = (): void => undefined;

/** For machines: a line for each state. */
const jsonLines = (io: Io): Drawing =>
  changed({
    show: (store) => io.out(JSON.stringify(viewAsData(store, io.timers.now()))),
    answered: nothing,
    trouble: ({ message }) => io.note(message),
    end: nothing,
  });

/** For files and pipes: tree below tree. */
const oneAfterAnother = (io: Io): Drawing =>
  changed({
    show: (store) => io.out([...treeOf(store, io.timers.now()), ''].join('\n')),
    answered: nothing,
    trouble: ({ message }) => io.note(message),
    end: nothing,
  });

/** A watch begins with the state that was read just before. */
function changed(drawing: Drawing): Drawing {
  let last: string | undefined;
  const show = (store: EcomStore): void => {
    if (store.metadata.resourceVersion === last) return;
    last = store.metadata.resourceVersion;
    drawing.show(store);
  };
  return { ...drawing, show };
}

/** In place, with what stands in the way on the last line. */
function onScreen(io: Io): Drawing {
  let state: { readonly store: EcomStore; readonly trouble?: string } | undefined;
  let untick = nothing;
  const draw = (): void => {
    const screen = io.screen();
    if (!state || !screen) return;
    const { store, trouble } = state;
    // The line after the last one has to fit as well.
    const room = { ...screen, rows: screen.rows - (trouble === undefined ? 1 : 2) };
    const lines = treeWithin(room, store, io.timers.now());
    if (trouble !== undefined) lines.push(trouble.slice(0, screen.columns));
    io.out(`${clear}${lines.join('\n')}`);
    untick();
    untick = io.timers.after(tickMillis, draw);
  };
  return {
    show: (store) => {
      state = { store };
      draw();
    },
    answered: () => {
      if (state?.trouble === undefined) return;
      state = { store: state.store };
      draw();
    },
    trouble: ({ message }) => {
      if (state) state = { ...state, trouble: `Trying again: ${message}`.replace(/\p{Cc}/gu, ' ') };
      draw();
    },
    end: () => untick(),
  };
}
