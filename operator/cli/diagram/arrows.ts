import type { Layout } from './layout.ts';
import type { Flow, Picture } from './picture.ts';
import { bottom, centre, middle, right, type Rect } from './sizes.ts';

export interface Arrow {
  /** The corners of the line, the last one at its head. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly ports: string;
  /** The middle of the label. */
  readonly label: readonly [x: number, y: number];
  readonly way: Flow['way'];
}

/** The lines of a picture. A flow without a place to lead to (the internet beyond a given VPC) is told in words only. */
export function arrowsOf({ flows }: Picture, layout: Layout): Arrow[] {
  const boxes = new Map(layout.boxes.map(({ box, rect }) => [box.id, rect]));
  const outside = new Map([
    ...layout.actors.map(({ actor, rect }) => [actor.id, rect] as const),
    ...layout.boxes.filter(({ box }) => box.spot.at === 'edge').map(({ box, rect }) => [box.id, rect] as const),
  ]);
  const to = (id: string) => layout.boxes.find(({ box }) => box.id === id)?.box.spot;
  let entered = 0;
  return flows.flatMap((flow): Arrow[] => {
    const targets = flow.through.length > 0 ? flow.through : [flow.to];
    return targets.flatMap((id): Arrow[] => {
      const [target, source] = [boxes.get(id), boxes.get(flow.from)];
      if (!target || flow.from === id) return [];
      const from = outside.get(flow.from);
      // The internet and the edge stand side by side above the region.
      if (from && outside.has(id)) return [sideways(flow, from, target)];
      // What stands beside the VPC is led to in words only: lines from outside run down the lane inside it.
      if (from && to(id)?.at === 'region') return [];
      if (from) return [entering(flow, from, target, layout.lane, entered++, layout.region)];
      return source ? [between(flow, source, target, layout.lane)] : [];
    });
  });
}

/** Lines from outside gather in the lane, a little apart: only there nothing is in their way. */
function entering({ ports, way }: Flow, from: Rect, to: Rect, lane: number, nth: number, region: Rect): Arrow {
  const inLane = lane + Math.ceil(nth / 2) * (nth % 2 === 1 ? 12 : -12);
  const start = centre(from) === lane ? inLane : centre(from);
  const turn = region.y - 8;
  const bend =
    start === inLane
      ? []
      : ([
          [start, turn],
          [inLane, turn],
        ] as const);
  // What stands beside the lane is led to from above.
  const beside: readonly (readonly [number, number])[] = isWithin(inLane, to)
    ? []
    : [
        [inLane, to.y - 12],
        [nearest(inLane, to), to.y - 12],
      ];
  const head = beside.at(-1)?.[0] ?? inLane;
  const points = [[start, bottom(from)], ...bend, ...beside, [head, to.y]] as const;
  return { points, ports, way, label: [start, bottom(from) + 18] };
}

function between({ ports, way }: Flow, from: Rect, to: Rect, lane: number): Arrow {
  const isBelow = to.y >= bottom(from);
  if (!isBelow && bottom(to) > from.y) return sideways({ ports, way }, from, to);
  const [startY, endY] = isBelow ? [bottom(from), to.y] : [from.y, bottom(to)];
  // Near its start there is room for the label: between two rows where it goes up or down by one.
  const labelY = isBelow ? endY - 24 : startY - 40;
  const x = [lane, centre(to), centre(from)].find((candidate) => isWithin(candidate, from) && isWithin(candidate, to));
  if (x !== undefined)
    return {
      points: [
        [x, startY],
        [x, endY],
      ],
      ports,
      way,
      label: [x, labelY],
    };
  const [a, b] = [nearest(centre(to), from), centre(to)];
  const turn = isBelow ? endY - 34 : endY + 34;
  return {
    points: [
      [a, startY],
      [a, turn],
      [b, turn],
      [b, endY],
    ],
    ports,
    way,
    label: [b, isBelow ? endY - 16 : endY + 16],
  };
}

function sideways({ ports, way }: Pick<Flow, 'ports' | 'way'>, from: Rect, to: Rect): Arrow {
  const [startX, endX] = to.x >= right(from) ? [right(from), to.x] : [from.x, right(to)];
  const [a, b] = [nearestY(middle(to), from), middle(to)];
  const turn = Math.round((startX + endX) / 2);
  const label = [turn, b] as const;
  if (a === b)
    return {
      points: [
        [startX, a],
        [endX, b],
      ],
      ports,
      way,
      label,
    };
  return {
    points: [
      [startX, a],
      [turn, a],
      [turn, b],
      [endX, b],
    ],
    ports,
    way,
    label,
  };
}

const isWithin = (x: number, rect: Rect): boolean => x > rect.x + 8 && x < right(rect) - 8;
const nearest = (x: number, rect: Rect): number => Math.min(Math.max(x, rect.x + 16), right(rect) - 16);
const nearestY = (y: number, rect: Rect): number => Math.min(Math.max(y, rect.y + 10), bottom(rect) - 10);
