import { differences } from '../model/decide.ts';
import { inBuildOrder, type Graph, type Node } from '../model/graph.ts';
import { refsIn, resolve, type NodeId, type Ref } from '../model/ref.ts';
import { fieldOf, isLookup, type AnyResourceType, type Found } from '../model/resource-type.ts';
import type { NodeReport, Verdict } from '../model/verdict.ts';

/** How a resource changes because something that it refers to changes: what these fields become is known only then. */
export interface Following {
  readonly does: 'update' | 'replace' | 'refuse';
  /** By field, the nodes that it follows. */
  readonly after: ReadonlyMap<string, readonly NodeId[]>;
  /** The fields that differ by themselves, with what they become. */
  readonly differing: Readonly<Record<string, unknown>>;
}

export interface Foresight {
  readonly graph: Graph;
  readonly verdict: Pick<Verdict, 'nodes' | 'outputs'>;
  /** What AWS has now of the node that a report tells of. */
  readonly foundOf: (report: NodeReport) => Found | undefined;
  readonly mayReplace: ReadonlySet<string>;
}

/** Whether an output of a node has another value once the plan is done; `isMissing`: it has none now. */
type Moves = (output: string, isMissing: boolean) => boolean;

/**
 * What follows from the changes that a pass foretells, by node. A pass that may not write takes what it would change for
 * what it is now, so whatever refers to that seems to match, or to wait. Pure.
 */
export function following(foresight: Foresight): ReadonlyMap<NodeId, Following> {
  const { graph, verdict } = foresight;
  const reports = new Map(verdict.nodes.map((report) => [report.node, report]));
  const moves = new Map(verdict.nodes.map((report) => [report.node, movesBy(graph, report)]));
  const follows = new Map<NodeId, Following>();
  let told: string;
  // Fields that are filled in late refer to nodes that come after: once more, until nothing more follows.
  do {
    told = asText(follows);
    for (const node of inBuildOrder(graph)) {
      const one = followingOf(foresight, moves, node, reports.get(node.id));
      if (!one) continue;
      follows.set(node.id, one);
      moves.set(node.id, movesAfter(node.type as AnyResourceType, one));
    }
  } while (asText(follows) !== told);
  return follows;
}

const asText = (follows: ReadonlyMap<NodeId, Following>): string =>
  JSON.stringify([...follows].map(([id, { does, after }]) => [id, does, [...after]]));

const none: Moves = () => false;

/** Of another resource all is another, but what its type says. */
const anew =
  (type: AnyResourceType): Moves =>
  (output, isMissing) =>
    isMissing || type.stays?.(output as never) !== true;

/** A change in place moves what its type says, and what was not there before. */
const inPlace =
  ({ moves = {} }: AnyResourceType, fields: readonly string[]): Moves =>
  (output, isMissing) =>
    isMissing ||
    (moves as Readonly<Record<string, readonly string[]>>)[output]?.some((by) => fields.includes(by)) === true;

function movesBy({ nodes }: Graph, { node, action, fields = [], standing }: NodeReport): Moves {
  const { type } = nodes.get(node) as Node;
  if (isLookup(type) || standing === 'stalled') return none;
  if (action === 'create' || action === 'replace') return anew(type);
  return action === 'update' ? inPlace(type, fields) : none;
}

const movesAfter = (type: AnyResourceType, { does, after, differing }: Following): Moves => {
  if (does === 'update') return inPlace(type, [...after.keys(), ...Object.keys(differing)]);
  return does === 'replace' ? anew(type) : none;
};

function followingOf(
  { verdict: { outputs }, foundOf, mayReplace }: Foresight,
  moves: ReadonlyMap<NodeId, Moves>,
  { id, type, props }: Node,
  report: NodeReport | undefined,
): Following | undefined {
  const found = report && foundOf(report);
  if (!found || isLookup(type) || report.standing === 'stalled') return undefined;
  if (report.action === 'create' || report.action === 'replace') return undefined;
  const valueOf = ({ $ref, output }: Ref): unknown => outputs.get($ref)?.[output];
  const isMoved = (ref: Ref): boolean =>
    moves.get(ref.$ref)?.(ref.output, !ref.ifThere && valueOf(ref) === undefined) === true;
  const after = new Map<string, readonly NodeId[]>();
  const wanted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(props)) {
    if (fieldOf(type, name).mode === 'seed') continue;
    const moved = refsIn(value).filter(isMoved);
    const known = moved.length === 0 ? resolve<unknown>(value, valueOf) : undefined;
    if (moved.length > 0) after.set(name, [...new Set(moved.map(({ $ref }) => $ref))]);
    else if (known && 'value' in known) wanted[name] = known.value;
  }
  if (after.size === 0) return undefined;
  const [live, fixed] = (['live', 'fixed'] as const).map((mode) =>
    differences({ type, wanted, found, mayReplace: false }, mode),
  ) as [string[], string[]];
  const isFixed = fixed.length > 0 || [...after.keys()].some((name) => fieldOf(type, name).mode === 'fixed');
  const ifFixed = type.replace === 'refuse' && !mayReplace.has(id) ? 'refuse' : 'replace';
  const differing = Object.fromEntries([...live, ...fixed].map((name) => [name, wanted[name]]));
  return { does: isFixed ? ifFixed : 'update', after, differing };
}
