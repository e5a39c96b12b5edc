import type { Box, Flow, Picture } from './picture.ts';

/** A picture as what text formats draw from: frames in frames, nodes in them, and edges. */
export interface Frame {
  readonly id: string;
  readonly lines: readonly string[];
  readonly frames: readonly Frame[];
  readonly nodes: readonly OutlineNode[];
  readonly given: boolean;
}

export interface OutlineNode {
  readonly id: string;
  readonly lines: readonly string[];
  readonly look: Box['category'] | 'subnet' | 'outside';
  readonly given: boolean;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly way: Flow['way'];
}

export interface Outline {
  readonly frame: Frame;
  readonly edges: readonly Edge[];
}

/** The n-th store of a file; its ids are its own, so that several stores can stand in one drawing. */
export function outlineOf(picture: Picture, nth: number): Outline {
  const { store, url, region, vpc, tiers, zones, boxes, actors, flows } = picture;
  const idOf = (id: string): string => `s${nth}_${id.replace(/[^A-Za-z0-9]/g, '_')}`;
  const at = (...places: Box['spot']['at'][]) =>
    boxes.filter(({ spot }) => places.includes(spot.at)).map((box) => nodeOf(idOf(box.id), box));
  const frame = (id: string, lines: string[], parts: Partial<Frame>): Frame => ({
    ...{ id: idOf(id), lines, frames: [], nodes: [], given: false, ...parts },
  });
  const tierFrames = tiers.map((tier) => {
    const inside = boxes.filter(({ spot }) => spot.at === 'tier' && spot.tier === tier.name);
    const isAlone = ({ spot }: Box, column: number) =>
      spot.at === 'tier' && spot.columns.length === 1 && spot.columns[0] === column;
    const cells = tier.subnets.map(({ text, column }) => {
      const alone = inside.filter((box) => isAlone(box, column)).map((box) => nodeOf(idOf(box.id), box));
      const id = `${tier.name}-${column}`;
      return { id, lines: [zones[column] ?? 'subnet', text].filter(Boolean), alone };
    });
    const spanning = inside.filter(({ spot }) => spot.at === 'tier' && spot.columns.length !== 1);
    return frame(`tier-${tier.name}`, [`${tier.name} subnets`], {
      frames: cells
        .filter(({ alone }) => alone.length > 0)
        .map(({ id, lines, alone }) => frame(id, lines, { nodes: alone })),
      nodes: [
        ...cells
          .filter(({ alone }) => alone.length === 0)
          .map(({ id, lines }): OutlineNode => ({ id: idOf(id), lines, look: 'subnet', given: vpc.given })),
        ...spanning.map((box) => nodeOf(idOf(box.id), box)),
      ],
    });
  });
  const vpcFrame = frame('vpc', [vpc.label], { frames: tierFrames, nodes: at('border', 'vpc'), given: vpc.given });
  const regionFrame = frame('region', [`Region ${region}`], { frames: [vpcFrame], nodes: at('region') });
  const outside = actors.map(({ id, title }): OutlineNode => ({
    id: idOf(id),
    lines: [title],
    look: 'outside',
    given: false,
  }));
  const edges = flows
    .flatMap(edgesOf)
    .map(({ from, to, ...edge }): Edge => ({ ...edge, from: idOf(from), to: idOf(to) }));
  return {
    frame: frame('store', [`Store ${store}`, url], {
      frames: [regionFrame],
      nodes: [...outside, ...at('edge', 'account')],
    }),
    edges,
  };
}

const nodeOf = (id: string, { title, facts, category, given }: Box): OutlineNode => ({
  id,
  lines: [title, ...facts],
  look: category,
  given,
});

/** A flow through gateways is an edge to each of them and one on from there. */
function edgesOf({ from, to, ports, way, through, provided }: Flow): Edge[] {
  const label = provided ? `${ports}, ${provided}` : ports;
  if (through.length === 0) return [{ from, to, label, way }];
  return through.flatMap((gate) => [
    { from, to: gate, label, way },
    { from: gate, to, label: '', way },
  ]);
}
