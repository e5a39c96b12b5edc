import type { Box } from './picture.ts';
import { signSize } from './signs.ts';
import { wrapped, type TextStyle } from './svg.ts';

/** Everything that is measured in pixels and chosen, in one place. */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export const right = ({ x, w }: Rect): number => x + w;
export const bottom = ({ y, h }: Rect): number => y + h;
export const centre = ({ x, w }: Rect): number => Math.round(x + w / 2);
export const middle = ({ y, h }: Rect): number => Math.round(y + h / 2);

export const styles = {
  heading: { size: 20, bold: true },
  subheading: { size: 13 },
  frame: { size: 13, bold: true },
  title: { size: 13, bold: true },
  fact: { size: 12 },
  cell: { size: 11 },
  ports: { size: 12, bold: true },
} as const satisfies Record<string, TextStyle>;

export const margin = 24;
export const framePad = 16;
export const zone = { width: 320, gap: 56, pad: 12, heading: 26 } as const;
/** Between rows, and between the internet and the region: room for an arrow with its ports. */
export const arrowRoom = 48;
export const cellLabel = 24;
export const gap = 14;
export const bandInset = 8;
export const widths = { actor: 150, border: 200, item: 172, edge: 226, strip: 196, side: 284, band: 180 } as const;

const titleLine = 17;
const factLine = 16;
export const boxPad = 9;
export const textIndent = boxPad + signSize + 8;

/** A box with its text broken into lines, which decide how tall it is. */
export interface Sized {
  readonly box: Box;
  readonly titleLines: readonly string[];
  readonly factLines: readonly string[];
  readonly w: number;
  readonly h: number;
}

export function sized(box: Box, w: number): Sized {
  const room = w - textIndent - boxPad;
  const titleLines = wrapped(box.title, room, styles.title);
  const factLines = box.facts.flatMap((fact) => wrapped(fact, room, styles.fact));
  const text = titleLines.length * titleLine + factLines.length * factLine;
  return { box, titleLines, factLines, w, h: 2 * boxPad + Math.max(signSize, text + 2) };
}

/** The baselines of a box's lines, from its upper edge. */
export const titleBaseline = (line: number, lines: number, facts: number): number =>
  facts === 0 && lines === 1 ? boxPad + signSize / 2 + 5 : boxPad + 13 + line * titleLine;
export const factBaseline = (line: number, titles: number): number =>
  boxPad + 13 + titles * titleLine + line * factLine;

/** Boxes side by side in lines as wide as there is room for, each line as tall as its tallest. */
export function inLines<T>(
  items: readonly T[],
  { room, least, most }: { room: number; least: number; most: number },
): {
  readonly width: number;
  readonly lines: readonly (readonly T[])[];
} {
  const fitting = Math.max(1, Math.floor((room + gap) / (least + gap)));
  const perLine = Math.min(fitting, Math.max(1, items.length));
  const width = Math.min(most, Math.floor((room - (perLine - 1) * gap) / perLine));
  const lines = Array.from({ length: Math.ceil(items.length / perLine) }, (_, line) =>
    items.slice(line * perLine, (line + 1) * perLine),
  );
  return { width, lines };
}
