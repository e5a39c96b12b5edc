import { isLookup, type Replaced } from '../model/resource-type.ts';
import type { NodeReport, Verdict } from '../model/verdict.ts';
import type { CostlyChange } from './cost/of-plan.ts';
import { following, type Following, type Foresight } from './following.ts';

/** One line of a plan. */
export interface Change {
  readonly node: string;
  readonly type: string;
  readonly id?: string;
  /** `follow`: it is changed because what it refers to is. */
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'refuse' | 'follow';
  /** Of a `follow`: what becomes of it. */
  readonly does?: 'update' | 'replace';
  /** Of a `follow`: the nodes that it follows. */
  readonly follows?: readonly string[];
  readonly fields?: readonly ChangedField[];
  /** The instances that AWS replaces because of it. */
  readonly instances?: Replaced;
  readonly message?: string;
  readonly field?: string;
  readonly remedy?: string;
}

export interface ChangedField {
  readonly field: string;
  readonly from: unknown;
  /** Null where it is to be unset, and where it follows from other changes. */
  readonly to: unknown;
  /** The nodes whose change it waits for: only then it is known what it becomes. */
  readonly follows?: readonly string[];
}

/** All that would change, in the order of the graph, and what would go. */
export function changesOf(foresight: Foresight & { readonly verdict: Verdict }): Change[] {
  const { graph, verdict } = foresight;
  const follows = following(foresight);
  const isAsked = ({ node }: NodeReport): boolean => {
    const known = graph.nodes.get(node);
    return known !== undefined && isLookup(known.type);
  };
  const wanted = verdict.nodes.flatMap((report) => {
    // Nothing is made of what is only asked: it can be refused, and no more.
    if (isAsked(report) && report.standing !== 'stalled') return [];
    const one = follows.get(report.node);
    const change = one ? followed(report, one, foresight) : changeOf(report);
    return change ? [withInstances(change, report, foresight)] : [];
  });
  return [...wanted, ...verdict.leaving.flatMap((report) => changeOf(report) ?? [])];
}

const namedBy = ({ node, type, id }: NodeReport): Pick<Change, 'node' | 'type' | 'id'> => ({
  ...{ node, type },
  ...(id === undefined ? {} : { id }),
});

function changeOf(report: NodeReport): Change | undefined {
  const { action, standing, message, field, remedy } = report;
  const named = namedBy(report);
  if (standing === 'stalled') return { ...named, action: 'refuse', message, field, remedy };
  if (standing === 'deleting' || action === 'delete') return { ...named, action: 'delete' };
  // What exists and waits for another node is told by what it follows.
  if (action === undefined || standing === 'ready' || standing === 'progressing') return undefined;
  const fields = report.fields?.map((name) => ({
    field: name,
    from: report.found?.[name] ?? null,
    to: report.wanted?.[name] ?? null,
  }));
  return { ...named, action, ...(fields ? { fields } : {}) };
}

function followed(report: NodeReport, { does, after, differing }: Following, { foundOf }: Foresight): Change {
  const found = (foundOf(report)?.props ?? {}) as Readonly<Record<string, unknown>>;
  const fields: ChangedField[] = [
    ...Object.entries(differing).map(([field, to]) => ({ field, from: found[field] ?? null, to: to ?? null })),
    ...[...after].map(([field, follows]) => ({ field, from: found[field] ?? null, to: null, follows })),
  ];
  const follows = [...new Set([...after.values()].flat())];
  const named = namedBy(report);
  if (does === 'refuse') {
    const message = `${fields.map(({ field }) => field).join(', ')} cannot be changed in place: ${follows.join(', ')} changes`;
    return { ...named, action: 'refuse', fields, message, remedy: `allow it by policy.replace: [${report.node}]` };
  }
  if (Object.keys(differing).length > 0) return { ...named, action: does, fields };
  return { ...named, action: 'follow', does, follows, fields };
}

/** A change with the instances that AWS replaces because of it, where its type has any. */
function withInstances(change: Change, report: NodeReport, { graph, foundOf }: Foresight): Change {
  const node = graph.nodes.get(report.node);
  const found = foundOf(report);
  if (!node || !found || isLookup(node.type) || (change.does ?? change.action) !== 'update') return change;
  const fields = new Set(change.fields?.map(({ field }) => field));
  const instances = node.type.replaces?.(found, node.props, fields);
  return instances ? { ...change, instances } : change;
}

/** A change as far as its cost is concerned: what a field becomes that follows is not known. */
export const asCostly = ({ node, action, does, fields }: Change): CostlyChange => ({
  ...{ node, action: action === 'follow' ? (does ?? 'update') : action },
  fields: fields?.filter(({ follows }) => !follows),
});
