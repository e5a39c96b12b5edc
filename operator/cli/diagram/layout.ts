import type { Actor, Box, Picture } from './picture.ts';
import { rowsOf, type Cell } from './rows.ts';
import {
  arrowRoom,
  bottom,
  framePad,
  gap,
  inLines,
  margin,
  right,
  sized,
  widths,
  zone,
  type Rect,
  type Sized,
} from './sizes.ts';

export interface PlacedBox extends Sized {
  readonly rect: Rect;
}

/** Where everything stands. */
export interface Layout {
  readonly width: number;
  /** Between two columns, where arrows may run from top to bottom without meeting any text. */
  readonly lane: number;
  readonly actors: readonly { readonly actor: Actor; readonly rect: Rect }[];
  readonly boxes: readonly PlacedBox[];
  readonly region: Rect;
  readonly vpc: Rect;
  readonly zones: readonly { readonly label: string; readonly rect: Rect }[];
  readonly cells: readonly Cell[];
}

const headingHeight = 84;
const actorHeight = 46;

/** Puts a picture on the fixed grid of a VPC: a column for each zone, a row for each tier. */
export function layoutOf(picture: Picture): Layout {
  const at = (place: Box['spot']['at']) => picture.boxes.filter(({ spot }) => spot.at === place);
  const count = Math.max(1, picture.zones.length, ...picture.tiers.map(({ subnets }) => subnets.length));
  const columns = columnsFrom(picture, count);
  const lane = laneOf(picture, columns);
  const inner = right(columns.at(-1) as Rect);

  const stripX = inner + (at('vpc').length > 0 ? 84 : 0);
  const vpcRight = stripX + (at('vpc').length > 0 ? widths.strip : 0) + framePad;
  const sideX = vpcRight + 20;
  const regionRight = at('region').length > 0 ? sideX + widths.side + framePad : vpcRight + framePad;
  const width = regionRight + margin;

  const actors = picture.actors.map((actor, index) => ({
    actor,
    rect: {
      x: lane - widths.actor / 2 - index * (widths.actor + gap),
      y: headingHeight,
      w: widths.actor,
      h: actorHeight,
    },
  }));
  const edgeX = lane + widths.actor / 2 + 56;
  // What the internet leads to has a line of its own, the lowest: nothing is in the way of its arrows.
  const led = new Set(picture.flows.map(({ to }) => to));
  const isLed = ({ id }: Box): boolean => led.has(id);
  const place = { x: edgeX, room: width - margin - edgeX };
  const aside = spread([...at('edge').filter((box) => !isLed(box)), ...at('account')], { ...place, y: headingHeight });
  const front = spread(at('edge').filter(isLed), { ...place, y: aside.length > 0 ? ends(aside) + gap : headingHeight });
  const edge = [...aside, ...front];

  const region = {
    x: (columns[0] as Rect).x - 2 * framePad,
    y: arrowRoom + Math.max(headingHeight + actorHeight, ends(edge)),
  };
  const vpcY = region.y + 38;
  const zoneY = vpcY + 36;
  const rows = rowsOf(picture, columns, zoneY + (picture.zones.length > 0 ? zone.heading : 8));
  const strip = stacked(at('vpc'), { x: stripX, y: zoneY, w: widths.strip }, (box) =>
    levelOf(picture, box, rows.boxes),
  );
  const side = stacked(at('region'), { x: sideX, y: vpcY, w: widths.side });
  const border = at('border').map((box, index): PlacedBox => {
    const size = sized(box, widths.border);
    const x = lane - widths.border / 2 + index * (widths.border + gap);
    return { ...size, rect: { x, y: vpcY - Math.round(size.h / 2), w: size.w, h: size.h } };
  });

  const zoneBottom = rows.end + zone.pad;
  const vpcBottom = Math.max(zoneBottom, ends(strip)) + framePad;
  const vpcX = (columns[0] as Rect).x - framePad;
  const regionBottom = Math.max(vpcBottom, ends(side)) + framePad;
  return {
    ...{ width, lane, actors },
    boxes: [...edge, ...rows.boxes, ...strip, ...side, ...border],
    region: { ...region, w: regionRight - region.x, h: regionBottom - region.y },
    vpc: { x: vpcX, y: vpcY, w: vpcRight - vpcX, h: vpcBottom - vpcY },
    zones: picture.zones.map((label, index) => {
      const { x, w } = columns[index] as Rect;
      return { label, rect: { x, y: zoneY, w, h: zoneBottom - zoneY } };
    }),
    cells: rows.cells,
  };
}

/** Columns as rectangles without height; they begin further right where many stand outside. */
function columnsFrom(picture: Picture, count: number): Rect[] {
  const first = margin + 2 * framePad;
  const columns = Array.from({ length: count }, (_, index) => ({
    ...{ x: first + index * (zone.width + zone.gap), y: 0, w: zone.width, h: 0 },
  }));
  const needed = margin + widths.actor / 2 + Math.max(0, picture.actors.length - 1) * (widths.actor + gap);
  const shift = Math.max(0, needed - laneOf(picture, columns));
  return columns.map((column) => ({ ...column, x: column.x + shift }));
}

/** The gap nearest to the middle that all tiers span. */
function laneOf({ tiers }: Picture, columns: readonly Rect[]): number {
  const spanned = Math.min(columns.length, ...tiers.map(({ subnets }) => subnets.length));
  return right(columns[Math.max(0, Math.floor(spanned / 2) - 1)] as Rect) + zone.gap / 2;
}

const ends = (boxes: readonly PlacedBox[]): number => Math.max(0, ...boxes.map(({ rect }) => bottom(rect)));

function spread(boxes: readonly Box[], { x, y, room }: { x: number; y: number; room: number }): PlacedBox[] {
  const { width, lines } = inLines(boxes, { room, least: widths.edge, most: widths.side });
  let top = y;
  return lines.flatMap((line) => {
    const sizes = line.map((box) => sized(box, width));
    const h = Math.max(...sizes.map((size) => size.h));
    const placed = sizes.map((size, index) => ({
      ...size,
      rect: { x: x + index * (width + gap), y: top, w: width, h },
    }));
    top += h + gap;
    return placed;
  });
}

/** Boxes below each other, each as far down as it wishes to be. */
function stacked(
  boxes: readonly Box[],
  { x, y, w }: { x: number; y: number; w: number },
  wish: (box: Box) => number = () => 0,
): PlacedBox[] {
  let top = y;
  return [...boxes]
    .sort((a, b) => wish(a) - wish(b))
    .map((box) => {
      const size = sized(box, w);
      const rect = { x, y: Math.max(top, wish(box)), w, h: size.h };
      top = bottom(rect) + gap;
      return { ...size, rect };
    });
}

/** A box beside the subnets stands level with what reaches it. */
function levelOf({ flows }: Picture, { id }: Box, placed: readonly PlacedBox[]): number {
  const source = flows.find(({ to }) => to === id)?.from;
  return placed.find(({ box }) => box.id === source)?.rect.y ?? 0;
}
