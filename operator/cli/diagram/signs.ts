import type { Category } from './looks.ts';
import { element } from './svg.ts';

/** The colours that people know from pictures of AWS; the signs are our own, for AWS's icons are not ours to hand on. */
export const colours: Readonly<Record<Category, string>> = {
  compute: '#d86613',
  network: '#7d3fe0',
  database: '#3b48cc',
  storage: '#4d8a12',
  security: '#c7263f',
  messages: '#c21d6b',
  management: '#b0207a',
  other: '#5a6472',
};

/** Strokes on a field of 24 by 24. */
const strokes: Readonly<Record<Category | 'globe', string>> = {
  compute: 'M8 8h8v8h-8zM10.5 5v3M13.5 5v3M10.5 16v3M13.5 16v3M5 10.5h3M5 13.5h3M16 10.5h3M16 13.5h3',
  network: 'M12 5.5v5M12 10.5l-5.5 5M12 10.5l5.5 5M10 3.5h4v3h-4zM4 15.5h4v3h-4zM16 15.5h4v3h-4z',
  database: 'M6 7c0-3 12-3 12 0s-12 3-12 0v10c0 3 12 3 12 0v-10M6 12c0 3 12 3 12 0',
  storage: 'M5.5 7h13l-2 11.5h-9zM6.2 11h11.6',
  security: 'M12 4l6.5 2.5v5.5c0 4-3 6.5-6.5 8c-3.5-1.5-6.5-4-6.5-8v-5.5zM9 12l2.3 2.3l4-4.3',
  messages: 'M4.5 7h15v10.5h-15zM4.5 7.5l7.5 5.5l7.5-5.5',
  management: 'M5 4.5v14.5h14.5M8.5 16v-4M12.5 16v-8M16.5 16v-6',
  other: 'M12 4l7 4v8l-7 4l-7-4v-8zM5 8l7 4l7-4M12 12v8',
  globe: 'M12 4a8 8 0 0 1 0 16a8 8 0 0 1 0-16M12 4c-5 4-5 12 0 16c5-4 5-12 0-16M4.5 9.5h15M4.5 14.5h15',
};

export const signSize = 28;

/** The sign of a category, its upper left corner at x and y. */
export const sign = (kind: Category | 'globe', x: number, y: number): string =>
  element(
    'g',
    { transform: `translate(${x} ${y})` },
    element('rect', { width: signSize, height: signSize, rx: 5, fill: kind === 'globe' ? '#232f3e' : colours[kind] }),
    element('path', {
      d: strokes[kind],
      transform: 'translate(2 2)',
      ...{ fill: 'none', stroke: '#fff', 'stroke-width': 1.5, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' },
    }),
  );
