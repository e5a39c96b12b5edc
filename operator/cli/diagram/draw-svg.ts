import { arrowsOf } from './arrows.ts';
import { layoutOf, type Layout, type PlacedBox } from './layout.ts';
import { flowText, type Picture } from './picture.ts';
import { actorBox, arrowHead, box, cell, frame, ink, line, portLabel, text } from './shapes.ts';
import { bottom, margin, styles } from './sizes.ts';
import { cut, element, escaped, wrapped } from './svg.ts';

const fonts = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** A store as an SVG: our own drawing, with nothing in it that moves, loads or links. */
export function svgOf(picture: Picture): string {
  const layout = layoutOf(picture);
  const arrows = arrowsOf(picture, layout);
  const isBorder = ({ box }: PlacedBox) => box.spot.at === 'border';
  const notes = notesOf(picture, layout);
  const { width } = layout;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...{ viewBox: `0 0 ${width} ${notes.end}`, width, height: notes.end },
      ...{ role: 'img', 'aria-labelledby': 'title desc', 'font-family': fonts },
    },
    element('title', { id: 'title' }, escaped(`Store ${picture.store} on AWS`)),
    element('desc', { id: 'desc' }, escaped(picture.flows.map((flow) => flowText(picture, flow)).join('; '))),
    element('defs', {}, arrowHead('in'), arrowHead('out')),
    element('rect', { width, height: notes.end, rx: 12, fill: '#fff', stroke: '#d5dae1' }),
    ...headings(picture, width),
    ...frames(picture, layout),
    ...layout.cells.map(cell),
    ...layout.boxes.filter((placed) => !isBorder(placed)).map(box),
    ...arrows.map(line),
    ...layout.boxes.filter(isBorder).map(box),
    ...layout.actors.map(({ actor, rect }) => actorBox(actor.title, rect)),
    ...arrows.map(portLabel),
    ...notes.elements,
  )}\n`;
}

function headings({ store, url, region }: Picture, width: number): string[] {
  const room = width - 2 * margin;
  return [
    text(cut(`Store ${store}`, room, styles.heading), margin, 38, styles.heading),
    text(cut(`${url} in ${region}`, room, styles.subheading), margin, 60, styles.subheading, ink.soft),
  ];
}

function frames({ region, vpc: { label, given } }: Picture, layout: Layout): string[] {
  const dashed = { 'stroke-dasharray': '6 4' };
  const room = layout.lane - layout.vpc.x - 110;
  return [
    frame(layout.region, { rx: 8, fill: '#f8fafc', stroke: '#0b7285', ...dashed }),
    text(`Region ${region}`, layout.region.x + 12, layout.region.y + 21, styles.frame, '#0b7285'),
    frame(layout.vpc, { rx: 8, fill: '#fff', stroke: '#6d2fd1', 'stroke-width': 1.5, ...(given ? dashed : {}) }),
    text(cut(label, room, styles.frame), layout.vpc.x + 12, layout.vpc.y + 22, styles.frame, '#6d2fd1'),
    ...layout.zones.flatMap(({ label: name, rect }) => [
      frame(rect, { rx: 6, fill: 'none', stroke: ink.line, 'stroke-dasharray': '4 4' }),
      text(name, rect.x + 12, rect.y + 18, styles.fact, ink.soft),
    ]),
  ];
}

/** The flows in words, below the picture: what no arrow can say is said here. */
function notesOf(picture: Picture, { region, width }: Layout): { readonly elements: string[]; readonly end: number } {
  const anyGiven = picture.vpc.given || picture.boxes.some(({ given }) => given);
  const room = width - 2 * margin - 44;
  const lines = picture.flows.flatMap((flow) =>
    wrapped(flowText(picture, flow), room, styles.fact).map((words, at) => ({
      words,
      way: at === 0 ? flow.way : undefined,
    })),
  );
  const all = [
    ...lines,
    ...(anyGiven ? [{ words: 'Dashed outlines: given, used and never changed.', way: undefined }] : []),
  ];
  const top = bottom(region) + 30;
  const elements = all.flatMap(({ words, way }, at) => {
    const y = top + 22 + at * 19;
    const sample = {
      points: [
        [margin, y - 4],
        [margin + 32, y - 4],
      ],
      way,
    } as const;
    return [
      ...(way ? [line({ ...sample, way, ports: '', label: [0, 0] })] : []),
      text(words, margin + 44, y, styles.fact),
    ];
  });
  return {
    elements: [text('Who may reach whom', margin, top, styles.frame), ...elements],
    end: top + 26 + all.length * 19,
  };
}
