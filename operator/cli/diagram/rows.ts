import type { PlacedBox } from './layout.ts';
import type { Box, Picture, Tier } from './picture.ts';
import {
  arrowRoom,
  bandInset,
  bottom,
  cellLabel,
  gap,
  inLines,
  right,
  sized,
  widths,
  zone,
  type Rect,
} from './sizes.ts';

/** A subnet: where one row meets one column. */
export interface Cell {
  readonly label: string;
  readonly tier: string;
  readonly rect: Rect;
  /** Below its boxes in the last row: arrows come from above. */
  readonly labelAt: 'top' | 'bottom';
}

export interface Rows {
  readonly cells: readonly Cell[];
  readonly boxes: readonly PlacedBox[];
  readonly end: number;
}

interface Row {
  readonly tier: Tier;
  readonly boxes: readonly Box[];
  readonly columns: readonly Rect[];
  readonly y: number;
  readonly labelAt: Cell['labelAt'];
}

/** The tiers below each other. */
export function rowsOf({ tiers, boxes }: Picture, columns: readonly Rect[], y: number): Rows {
  const rows: Rows[] = [];
  for (const [index, tier] of tiers.entries()) {
    const labelAt = index > 0 && index === tiers.length - 1 ? 'bottom' : 'top';
    const inside = boxes.filter(({ spot }) => spot.at === 'tier' && spot.tier === tier.name);
    rows.push(
      rowOf({ tier, boxes: inside, columns, y: index === 0 ? y : (rows[index - 1] as Rows).end + arrowRoom, labelAt }),
    );
  }
  return {
    cells: rows.flatMap((row) => row.cells),
    boxes: rows.flatMap((row) => row.boxes),
    end: rows.at(-1)?.end ?? y,
  };
}

/** Boxes that span subnets first, then those of a single subnet, at its right: the way down its left is for its label. */
function rowOf({ tier, boxes, columns, y, labelAt }: Row): Rows {
  const top = y + (labelAt === 'top' ? cellLabel : gap);
  const bands = bandsOf(
    boxes.filter((box) => columnsOf(box).length > 1),
    tier,
    columns,
    top,
  );
  const below = bands.length > 0 ? bandsEnd(bands) + gap : top;
  const items = columns.flatMap((column, index) => {
    let next = below;
    return boxes
      .filter((box) => columnsOf(box).length <= 1 && (columnsOf(box)[0] ?? 0) === index)
      .map((box): PlacedBox => {
        const size = sized(box, widths.item);
        const rect = { x: right(column) - zone.pad - bandInset - size.w, y: next, w: size.w, h: size.h };
        next = bottom(rect) + gap;
        return { ...size, rect };
      });
  });
  const end = Math.max(top + 20, bandsEnd([...bands, ...items])) + (labelAt === 'bottom' ? cellLabel : gap);
  const cells = tier.subnets.map(({ text, column }): Cell => {
    const { x, w } = columns[column] as Rect;
    const rect = { x: x + zone.pad, y, w: w - 2 * zone.pad, h: end - y };
    return { label: `${capitalised(tier.name)} subnet ${text}`, tier: tier.name, rect, labelAt };
  });
  return { cells, boxes: [...bands, ...items], end };
}

function bandsOf(boxes: readonly Box[], tier: Tier, columns: readonly Rect[], y: number): PlacedBox[] {
  const all = tier.subnets.map(({ column }) => column);
  const [only] = boxes;
  const used = boxes.length === 1 && only ? columnsOf(only) : all;
  const x = (columns[Math.min(...used)] as Rect | undefined)?.x ?? 0;
  const left = x + zone.pad + bandInset;
  const end = right((columns[Math.max(...used)] ?? columns[0]) as Rect) - zone.pad - bandInset;
  const { width, lines } = inLines(boxes, { room: end - left, least: widths.band, most: end - left });
  let top = y;
  return lines.flatMap((line) => {
    const sizes = line.map((box) => sized(box, width));
    const h = Math.max(...sizes.map((size) => size.h));
    const placed = sizes.map((size, at) => ({ ...size, rect: { x: left + at * (width + gap), y: top, w: width, h } }));
    top += h + gap;
    return placed;
  });
}

const columnsOf = ({ spot }: Box): readonly number[] => (spot.at === 'tier' ? spot.columns : []);

const bandsEnd = (boxes: readonly PlacedBox[]): number => Math.max(0, ...boxes.map(({ rect }) => bottom(rect)));

const capitalised = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
