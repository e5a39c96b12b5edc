import { once } from './once.ts';
import { refsIn, type NodeId, type Ref, type Wanted } from './ref.ts';
import { fieldOf, isLookup, type AnyType, type LookupType, type ResourceType } from './resource-type.ts';

/** One wanted resource (or lookup) of a store. */
export interface Node {
  readonly id: NodeId;
  readonly type: AnyType;
  readonly props: Readonly<Record<string, unknown>>;
  /** Nodes that must be settled before this one is created, although no prop refers to them; lookups also before it is changed. */
  readonly after: readonly NodeId[];
  /** Nodes that must be settled before this one is turned away from what is on its way out and still serves. */
  readonly turnsAfter: readonly NodeId[];
  /** Nodes that must serve by then, too. They may be built after this one: nothing else waits for that. */
  readonly servedBy: readonly NodeId[];
  /**
   * The nodes by which people come to this one, and which are built after it: while a store of another namespace has what
   * leads as one of them, this one is not made, and gets no other name.
   */
  readonly behind: readonly NodeId[];
  /** Where it lives, when that is not the store's own region. */
  readonly region?: string;
  /** The id of a resource that another store has left, which becomes this node's, with all it stands on. */
  readonly adopt?: string;
  /** The field of the store a person would change, by the prop of this node that it fills: for messages. */
  readonly specFields: Readonly<Record<string, string>>;
}

/**
 * The field of the store that a person would change: what these props come from, or where that is not known, all props of
 * the node; of several fields the part of the store that holds them. Undefined where that is the whole store.
 */
export function specFieldOf(
  { specFields }: Pick<Node, 'specFields'>,
  props: readonly string[] = [],
): string | undefined {
  const known = props.flatMap((prop) => specFields[prop] ?? []);
  const paths = (known.length > 0 ? known : Object.values(specFields)).map((field) => field.split('.'));
  const [first = [], ...others] = paths;
  const differs = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  const shared = differs < 0 ? first : first.slice(0, differs);
  return shared.length > 1 || others.length === 0 ? shared.join('.') || undefined : undefined;
}

export interface Graph {
  readonly nodes: ReadonlyMap<NodeId, Node>;
}

/** A node just added: its outputs are what other nodes may refer to. */
export interface Handle<O> {
  readonly id: NodeId;
  out<K extends keyof O & string>(output: K): Ref<NonNullable<O[K]>>;
  early<K extends keyof O & string>(output: K): Ref<NonNullable<O[K]>>;
  ifThere<K extends keyof O & string>(output: K): Ref<NonNullable<O[K]>>;
}

export interface NodeOptions {
  readonly after?: readonly { readonly id: NodeId }[];
  readonly turnsAfter?: readonly { readonly id: NodeId }[];
  readonly servedBy?: readonly { readonly id: NodeId }[];
  readonly behind?: readonly { readonly id: NodeId }[];
  readonly region?: string;
  readonly adopt?: string;
  readonly specFields?: Readonly<Record<string, string>>;
}

/** Builds a graph, in any order; `graph()` checks it as a whole. */
export class GraphBuilder {
  readonly #nodes = new Map<NodeId, Node>();

  add<P extends object, O extends object>(
    type: ResourceType<P, O> | LookupType<P, O>,
    id: NodeId,
    props: { readonly [K in keyof P]: Wanted<P[K]> },
    options: NodeOptions = {},
  ): Handle<O> {
    if (this.#nodes.has(id)) throw new Error(`the graph has two nodes ${id}`);
    const known = Object.entries(props).filter(([, value]) => value !== undefined);
    const idsOf = (nodes: readonly { readonly id: NodeId }[] = []): NodeId[] => nodes.map((node) => node.id);
    this.#nodes.set(id, {
      id,
      type,
      props: Object.fromEntries(known),
      after: idsOf(options.after),
      turnsAfter: idsOf(options.turnsAfter),
      servedBy: idsOf(options.servedBy),
      behind: idsOf(options.behind),
      region: options.region,
      adopt: options.adopt,
      specFields: options.specFields ?? {},
    });
    return handle(id);
  }

  /** The finished graph. Throws when a ref points nowhere or creations wait for each other in a circle: a bug of compose. */
  graph(): Graph {
    const graph = { nodes: this.#nodes };
    inBuildOrder(graph);
    return graph;
  }
}

/** Refers to a node by its id, for sections that name nodes of each other. */
export const handle = <O>(id: NodeId): Handle<O> => ({
  id,
  out: (output) => ({ $ref: id, output }),
  early: (output) => ({ $ref: id, output, early: true }),
  ifThere: (output) => ({ $ref: id, output, ifThere: true }),
});

// Nodes and graphs never change once they are built: what follows from one is found out once.

/**
 * The nodes that one is visited after: what its props refer to, and what it is to come after. Late fields aside, and what
 * lookups ask of what is there already: what they name may be built later. A lookup is not built, so its answer is waited
 * for there, too; so are the answers that the ways to it follow from.
 */
export const requirements = (graph: Graph, node: Node): readonly NodeId[] => requirementsIn(graph).get(node.id) ?? [];

const requirementsIn: (graph: Graph) => ReadonlyMap<NodeId, readonly NodeId[]> = once(({ nodes }) => {
  const isAnswer = (id: NodeId): boolean => {
    const named = nodes.get(id);
    return named !== undefined && isLookup(named.type);
  };
  const of = ({ type, props, after, turnsAfter }: Node): NodeId[] => {
    const named = Object.entries(props).flatMap(([name, value]) => {
      const refs = refsIn(value).filter(({ ifThere }) => !(ifThere && isLookup(type)));
      const ids = refs.map(({ $ref }) => $ref);
      return isLookup(type) || fieldOf(type, name).late !== true ? ids : ids.filter(isAnswer);
    });
    return [...new Set([...named, ...after, ...turnsAfter])];
  };
  const answersOf = (way: NodeId): NodeId[] =>
    refsIn(nodes.get(way)?.props).flatMap(({ $ref }) => (isAnswer($ref) ? [$ref] : []));
  return new Map([...nodes.values()].map((node) => [node.id, [...of(node), ...node.behind.flatMap(answersOf)]]));
});

/** These nodes, and all that they require, and what that requires; what the graph lacks is left out. */
export function withRequirements(graph: Graph, ids: readonly NodeId[]): Set<NodeId> {
  const known = new Set<NodeId>();
  const add = (id: NodeId): void => {
    const node = known.has(id) ? undefined : graph.nodes.get(id);
    if (!node) return;
    known.add(id);
    requirements(graph, node).forEach(add);
  };
  ids.forEach(add);
  return known;
}

/** The nodes so that each comes after what it requires. Throws on a circle or on a ref to nothing. */
export const inBuildOrder: (graph: Graph) => readonly Node[] = once((graph) => {
  const order: Node[] = [];
  const marks = new Map<NodeId, 'open' | 'done'>();
  const visit = (id: NodeId, from: string): void => {
    const node = graph.nodes.get(id);
    if (!node) throw new Error(`${from} refers to ${id}, which is not in the graph`);
    if (marks.get(id) === 'done') return;
    if (marks.get(id) === 'open') throw new Error(`${from} and ${id} wait for each other`);
    marks.set(id, 'open');
    for (const required of requirements(graph, node)) visit(required, id);
    marks.set(id, 'done');
    order.push(node);
  };
  for (const [id, node] of graph.nodes) {
    visit(id, 'the graph');
    for (const named of [...refsIn(node.props).map(({ $ref }) => $ref), ...node.servedBy, ...node.behind])
      if (!graph.nodes.has(named)) throw new Error(`${id} refers to ${named}, which is not in the graph`);
  }
  return order;
});

/** The graph as plain data, for golden files and `--output json`. */
export const graphAsData = (graph: Graph): Record<string, unknown> =>
  Object.fromEntries(
    [...graph.nodes.values()].map(({ id, type, props, after, turnsAfter, servedBy, behind, region, adopt }) => [
      id,
      {
        type: type.name,
        ...(region ? { region } : {}),
        ...(adopt === undefined ? {} : { adopt }),
        props,
        ...(after.length ? { after } : {}),
        ...(turnsAfter.length ? { turnsAfter } : {}),
        ...(servedBy.length ? { servedBy } : {}),
        ...(behind.length ? { behind } : {}),
      },
    ]),
  );
