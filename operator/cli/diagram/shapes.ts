import type { Arrow } from './arrows.ts';
import type { PlacedBox } from './layout.ts';
import type { Cell } from './rows.ts';
import { colours, sign } from './signs.ts';
import { bottom, boxPad, factBaseline, styles, textIndent, titleBaseline, type Rect } from './sizes.ts';
import { cut, element, escaped, widthOf, type TextStyle } from './svg.ts';

export const ink = { dark: '#1b2430', soft: '#4a5563', line: '#8a94a3', in: '#1b2430', out: '#7d3fe0' } as const;
const tierFill: Readonly<Record<string, string>> = { public: '#e9f5e3', app: '#e5f1fb', data: '#eceafb' };

export const text = (
  content: string,
  x: number,
  y: number,
  style: TextStyle,
  fill: string = ink.dark,
  anchor?: 'middle',
) =>
  element(
    'text',
    { x, y, 'font-size': style.size, 'font-weight': style.bold ? 700 : undefined, fill, 'text-anchor': anchor },
    escaped(content),
  );

export const frame = (rect: Rect, look: Readonly<Record<string, string | number>>): string =>
  element('rect', { x: rect.x, y: rect.y, width: rect.w, height: rect.h, ...look });

export const arrowHead = (way: Arrow['way']): string =>
  element(
    'marker',
    { id: `head-${way}`, viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, orient: 'auto' },
    element('path', { d: 'M0 0.5L10 5L0 9.5z', fill: ink[way] }),
  );

export const cell = ({ label, tier, rect, labelAt }: Cell): string => {
  const baseline = labelAt === 'top' ? rect.y + 16 : bottom(rect) - 8;
  return element(
    'g',
    {},
    frame(rect, { rx: 4, fill: tierFill[tier] ?? '#f1f3f5' }),
    text(cut(label, rect.w - 16, styles.cell), rect.x + 8, baseline, styles.cell, ink.soft),
  );
};

export function box({ box: { title, facts, category, given, id }, titleLines, factLines, rect }: PlacedBox): string {
  const colour = colours[category];
  const x = rect.x + textIndent;
  return element(
    'g',
    { id },
    element('title', {}, escaped([title, ...facts].join('\n'))),
    frame(rect, {
      rx: 6,
      fill: '#fff',
      stroke: colour,
      'stroke-width': 1.5,
      ...(given ? { 'stroke-dasharray': '5 3' } : {}),
    }),
    sign(category, rect.x + boxPad, rect.y + boxPad),
    ...titleLines.map((words, at) =>
      text(words, x, rect.y + titleBaseline(at, titleLines.length, factLines.length), styles.title),
    ),
    ...factLines.map((words, at) =>
      text(words, x, rect.y + factBaseline(at, titleLines.length), styles.fact, ink.soft),
    ),
  );
}

export function actorBox(title: string, rect: Rect): string {
  const words = cut(title, rect.w - textIndent - boxPad, styles.title);
  return element(
    'g',
    {},
    element('title', {}, escaped(title)),
    frame(rect, { rx: 23, fill: '#fff', stroke: '#232f3e', 'stroke-width': 1.5 }),
    sign('globe', rect.x + boxPad + 4, rect.y + boxPad),
    text(words, rect.x + textIndent + 4, rect.y + 28, styles.title),
  );
}

export const line = ({ points, way }: Arrow): string =>
  element('polyline', {
    points: points.map((point) => point.join(',')).join(' '),
    ...{ fill: 'none', stroke: ink[way], 'stroke-width': 1.8, 'marker-end': `url(#head-${way})` },
    'stroke-dasharray': way === 'out' ? '5 4' : undefined,
  });

export function portLabel({ ports, label: [x, y], way }: Arrow): string {
  const words = cut(ports, 190, styles.ports);
  const w = widthOf(words, styles.ports) + 10;
  return element(
    'g',
    {},
    frame(
      { x: x - Math.round(w / 2), y: y - 9, w, h: 18 },
      { rx: 4, fill: '#fff', stroke: ink[way], 'stroke-width': 0.8 },
    ),
    text(words, x, y + 4, styles.ports, ink[way], 'middle'),
  );
}
