import { isLookup } from '../model/resource-type.ts';
import type { Graph } from '../model/graph.ts';
import type { StallReason } from '../model/stall-reasons.ts';
import type { Happening, NodeReport, Verdict } from '../model/verdict.ts';
import { bounds, type Bounds } from './bounds.ts';
import { fitted, leftOut } from './listed.ts';
import { waysIn } from './site.ts';
import type { EcomStoreStatus, StoreCondition, StoreResource } from './spec.ts';

/** All of status but the journal, which the kube room keeps. */
export type Status = Omit<EcomStoreStatus, 'journal'>;

export interface ToReport {
  readonly previous: Status;
  readonly generation: number;
  readonly account: string;
  readonly installation: string;
  /** The UID of the earlier store whose resources it goes on with. */
  readonly takenOver?: string | undefined;
  readonly host: string;
  readonly graph: Graph | undefined;
  readonly verdict: Verdict;
  readonly deleting: boolean;
  /** Why nothing is deleted although the store is to be. */
  readonly held?: string;
  /** The value of the reconcile annotation whose readings this verdict rests on. */
  readonly acknowledged: string | undefined;
  /** How much the lists may hold, where the CRD is not of this version. */
  readonly bounds?: Bounds;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Judged = Pick<StoreCondition, 'status' | 'reason' | 'message'>;

const iso = (millis: number): string => new Date(millis).toISOString();

/** What a verdict means for the user: conditions by kstatus, one more per section, endpoints and every resource. Pure. */
export function statusOf(report: ToReport): Status {
  const { previous, generation, account, installation, verdict, now, host, graph } = report;
  const outputs = (node: string) => verdict.outputs.get(node as `${string}/${string}`);
  const balancer = waysIn.map((way) => outputs(way.balancer)).find((told) => told !== undefined);
  const loadBalancer = balancer?.['dnsName'] as string | undefined;
  const cdn = outputs('cdn/distribution')?.['domainName'] as string | undefined;
  const all = {
    resources: [
      ...[...verdict.nodes.filter(({ node }) => !isLookupNode(graph, node)), ...verdict.leaving].map(resourceOf),
      ...unreadLeftovers(report),
    ],
    retained: verdict.retained.map(retainedOf),
  };
  const told = fitted(all, report.bounds ?? bounds, isWantedBy(graph));
  const judged = conditionsOf(report);
  const conditions = Object.entries({ ...judged, Ready: followedBy(judged.Ready, leftOut(all, told)) }).map(
    ([type, one]) => transition(previous, type, one, generation, now),
  );
  return {
    observedGeneration: generation,
    conditions,
    url: `https://${host}`,
    endpoints: { host, ...(loadBalancer ? { loadBalancer } : {}), ...(cdn ? { cdn } : {}) },
    zoneNameServers: outputs('domain/zone')?.['nameServers'] as string[] | undefined,
    account,
    installation,
    takenOver: report.takenOver,
    resources: [...told.resources],
    lastDrift: lastDrift(verdict, now) ?? previous.lastDrift,
    acknowledgedReconcile: report.acknowledged ?? previous.acknowledgedReconcile,
    retained: told.retained.length > 0 ? [...told.retained] : undefined,
  };
}

/** A status that says only why nothing is done: paused, or a spec that cannot be composed. */
export function statusWithout(
  previous: Status,
  why: { readonly generation: number; readonly ready: Judged; readonly stalled?: Judged; readonly now: number },
): Status {
  const judged: Record<string, Judged> = {
    Ready: why.ready,
    Stalled: why.stalled ?? { status: 'False', reason: why.ready.reason, message: '' },
    Reconciling: { status: 'False', reason: why.ready.reason, message: '' },
  };
  const others = (previous.conditions ?? []).filter(({ type }) => !(type in judged));
  const now = Object.entries(judged).map(([type, one]) => transition(previous, type, one, why.generation, why.now));
  return { ...previous, observedGeneration: why.generation, conditions: [...now, ...others] };
}

/**
 * What a store no longer wants is known from AWS alone. Until AWS was read in full it is told as it was, or the next
 * process would not know that it is there, and might cut it off while it serves.
 */
function unreadLeftovers({ previous, verdict, graph }: ToReport): StoreResource[] {
  if (verdict.known) return [];
  const told = new Set([...verdict.nodes, ...verdict.leaving].map(({ id }) => id));
  const isWanted = isWantedBy(graph);
  return (previous.resources ?? []).filter(({ node, id }) => id !== undefined && !told.has(id) && !isWanted(node));
}

const isWantedBy =
  (graph: Graph | undefined) =>
  (node: string): boolean =>
    graph?.nodes.has(node as NodeReport['node']) ?? false;

const isLookupNode = (graph: Graph | undefined, node: NodeReport['node']): boolean => {
  const type = graph?.nodes.get(node)?.type;
  return type !== undefined && isLookup(type);
};

function conditionsOf({
  verdict,
  deleting,
  held,
  graph,
}: ToReport): Readonly<Record<string, Judged>> & { readonly Ready: Judged } {
  const reports = [...verdict.nodes, ...verdict.leaving];
  const sections = new Map<string, NodeReport[]>();
  for (const node of graph?.nodes.keys() ?? []) sections.set(sectionOf(node), []);
  for (const report of reports) sections.get(sectionOf(report.node))?.push(report);
  const judged: Record<string, Judged> & { Ready: Judged } = {
    Ready: first(held, readiness(verdict, reports, deleting)),
    // Of the two the first that is true decides for kstatus: what has to be done by people is said before what goes on.
    Stalled: stalled(verdict, reports),
    Reconciling: first(held, reconciling(verdict, reports, deleting)),
  };
  for (const [section, ofSection] of sections)
    judged[`${section[0]?.toUpperCase()}${section.slice(1)}Ready`] = readiness(verdict, ofSection, deleting);
  return judged;
}

const sectionOf = (node: string): string => node.slice(0, node.indexOf('/'));

/** What holds everything up is said before what each resource waits for. */
const first = (held: string | undefined, judged: Judged): Judged =>
  held === undefined ? judged : { ...judged, message: clip(`${held}; ${judged.message}`, 1024) };

const isOpen = ({ standing }: NodeReport): boolean => standing !== 'ready';

/** Until AWS was read in full, that nothing is told says nothing. */
export const unread = ({ obstacle }: Pick<Verdict, 'obstacle'>): string =>
  clip(`AWS has not been read in full yet${obstacle ? `: ${explained(obstacle)}` : ''}`, 1024);

/** What the lists of the status leave out is said after all else. */
const followedBy = (judged: Judged, more: readonly string[]): Judged => ({
  ...judged,
  message: [judged.message, ...more].filter((part) => part !== '').join('; '),
});

/** Why a store is stalled of which some list cannot be read. */
export const cannotRead = 'CannotRead' satisfies StallReason;

/** What of a store is left, told while it is deleted. */
function leftovers(verdict: Verdict, open: readonly NodeReport[]): string {
  if (verdict.known) return summary(open, 'nothing is left in AWS');
  return open.length === 0 ? unread(verdict) : clip(`${unread(verdict)}; ${summary(open, '')}`, 1024);
}

function readiness(verdict: Verdict, reports: readonly NodeReport[], deleting: boolean): Judged {
  const open = reports.filter(isOpen);
  if (deleting) return { status: 'False', reason: 'Deleting', message: leftovers(verdict, open) };
  const worst = worstOf(open);
  if (worst) {
    const reason =
      worst.standing === 'stalled' ? worst.reason : worst.standing === 'drifted' ? 'DriftDetected' : 'Progressing';
    const done = `${reports.length - open.length} of ${reports.length} resources match; `;
    return { status: 'False', reason, message: done + summary(open, '') };
  }
  if (!verdict.known) return { status: 'Unknown', reason: 'Reading', message: unread(verdict) };
  return {
    status: 'True',
    reason: 'AllResourcesMatch',
    message: clip([`AWS was read and all ${reports.length} resources match`, ...notices(reports)].join('; '), 1024),
  };
}

/** What people want to know although nothing is wrong: an address that was not confirmed yet. */
const notices = (reports: readonly NodeReport[]): string[] =>
  reports.filter(({ noticed }) => noticed).map(({ node, message }) => `${node}: ${message}`);

function reconciling(verdict: Verdict, reports: readonly NodeReport[], deleting: boolean): Judged {
  const moving = reports.filter(({ standing }) => ['progressing', 'waiting', 'deleting'].includes(standing));
  if (deleting) return { status: 'True', reason: 'Deleting', message: leftovers(verdict, moving) };
  const worst = worstOf(moving);
  if (worst) return { status: 'True', reason: worst.reason, message: summary(moving, '') };
  if (!verdict.known) return { status: 'True', reason: 'Reading', message: unread(verdict) };
  return { status: 'False', reason: 'Settled', message: '' };
}

function stalled(verdict: Verdict, reports: readonly NodeReport[]): Judged {
  const stuck = reports.filter(({ standing }) => standing === 'stalled');
  const [first] = stuck;
  if (!first && verdict.obstacle?.isStall) return { status: 'True', reason: cannotRead, message: unread(verdict) };
  if (!first) return { status: 'False', reason: 'NotStalled', message: '' };
  return { status: 'True', reason: first.reason, message: summary(stuck, '') };
}

const severity: Readonly<Record<NodeReport['standing'], number>> = {
  stalled: 5,
  drifted: 4,
  progressing: 3,
  deleting: 2,
  waiting: 1,
  ready: 0,
};

const worstOf = (reports: readonly NodeReport[]): NodeReport | undefined =>
  reports.reduce<NodeReport | undefined>(
    (worst, one) => (!worst || severity[one.standing] > severity[worst.standing] ? one : worst),
    undefined,
  );

/** The worst three, each with cause, field and next step. */
function summary(open: readonly NodeReport[], otherwise: string): string {
  const sorted = [...open].sort((a, b) => severity[b.standing] - severity[a.standing]);
  const told = sorted.slice(0, 3).map((one) => `${one.node}: ${explained(one)}`);
  if (sorted.length > 3) told.push(`and ${sorted.length - 3} more`);
  return clip(told.join('; ') || otherwise, 1024);
}

/** What is wrong in one line, with the field and what to do. */
export const explained = ({ message, field, remedy }: Pick<NodeReport, 'message' | 'field' | 'remedy'>): string =>
  [message, ...(field ? [`(${field})`] : []), ...(remedy ? [`- ${remedy}`] : [])].join(' ');

const retainedOf = ({ node, id, type, why }: Verdict['retained'][number]) => ({ node, id, type, why: clip(why, 1024) });

const clip = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function transition(previous: Status, type: string, judged: Judged, generation: number, now: number): StoreCondition {
  const before = previous.conditions?.find((condition) => condition.type === type);
  const since = before?.status === judged.status ? before.lastTransitionTime : iso(now);
  return { type, ...judged, observedGeneration: generation, lastTransitionTime: since };
}

/** Of what is ready only the facts; of the rest also why. */
function resourceOf(report: NodeReport): StoreResource {
  const { node, type, id, standing, reason, readAt } = report;
  const why = standing === 'ready' && !report.noticed ? {} : { reason, message: clip(explained(report), 512) };
  return { node, type, id, standing, ...why, ...(readAt === undefined ? {} : { readAt: iso(readAt) }) };
}

function lastDrift(verdict: Verdict, now: number): Status['lastDrift'] {
  const isDrift = ({ kind }: Happening) => kind === 'DriftHealed' || kind === 'DriftSeen';
  const happening = verdict.happenings.findLast(isDrift);
  if (!happening) return undefined;
  const fields = verdict.nodes.find(({ node }) => node === happening.node)?.fields;
  return {
    at: iso(now),
    node: happening.node,
    fields: fields ?? [],
    healed: happening.kind === 'DriftHealed',
  };
}
