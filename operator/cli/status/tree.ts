import type { EcomStore, StoreCondition, StoreResource } from '../../store/spec.ts';
import { aligned } from '../aligned.ts';
import type { Screen } from '../io.ts';
import { age } from './age.ts';
import { viewOf, type SectionView, type StoreView } from './view.ts';

/** How much of a tree is drawn. */
interface Detail {
  /** Whether resources that are ready are left to the count of their section. */
  readonly fold: boolean;
  /** How many resources of a section are drawn at the most. */
  readonly most: number;
}

const whole: Detail = { fold: false, most: Infinity };

/** From all there is to the sections alone. */
const details: readonly Detail[] = [whole, ...[Infinity, 5, 2, 1, 0].map((most) => ({ fold: true, most }))];

/** A store as a tree: its conditions, then section by section every resource with its standing. Pure. */
export const treeOf = (store: EcomStore, now: number): string[] => drawn(store, viewOf(store, now), now, whole);

/** The same with as much detail as a screen holds: what is ready is folded away before what is not. */
export function treeWithin({ columns, rows }: Screen, store: EcomStore, now: number): string[] {
  const view = viewOf(store, now);
  const trees = details.map((detail) => drawn(store, view, now, detail));
  const fitting = trees.find((lines) => lines.length <= rows) ?? (trees.at(-1) as string[]).slice(0, rows);
  return fitting.map((line) => (line.length > columns ? `${line.slice(0, Math.max(0, columns - 1))}…` : line));
}

function drawn(store: EcomStore, view: StoreView, now: number, detail: Detail): string[] {
  const widths = widthsOf(view.sections.flatMap(({ resources }) => resources));
  const sections = view.sections.flatMap((section, index) =>
    sectionLines(section, index === view.sections.length - 1, { now, detail, widths }),
  );
  const lines = [
    ...headLines(store, view, now),
    '',
    ...aligned(view.whole.map(conditionCells)),
    ...(sections.length > 0 ? ['', ...sections] : []),
    ...tailLines(store, now),
  ];
  // What AWS or the cluster wrote may not move the cursor.
  return lines.map((line) => line.replace(/\p{Cc}/gu, ' '));
}

function headLines({ metadata, spec, status }: EcomStore, view: StoreView, now: number): string[] {
  const { namespace, name, generation, deletionTimestamp } = metadata;
  const { observedGeneration = -1, url, account, zoneNameServers = [] } = status;
  const read = (status.resources ?? []).flatMap(({ readAt }) => (readAt === undefined ? [] : [Date.parse(readAt)]));
  const newest = age(now - Math.max(...read));
  const oldest = age(now - Math.min(...read));
  const seen =
    observedGeneration < 0 ? 'no operator has looked at it yet' : `it speaks of generation ${observedGeneration}`;
  return [
    [`EcomStore ${namespace}/${name}`, ...(url === undefined ? [] : [url])].join('  '),
    `${spec.region}${account === undefined ? '' : `, account ${account}`}`,
    ...(deletionTimestamp ? [`being deleted since ${age(now - Date.parse(deletionTimestamp))}`] : []),
    ...(view.outdated ? [`The status is behind generation ${generation}: ${seen}.`] : []),
    ...(view.silence === undefined
      ? []
      : [`${view.silence.charAt(0).toUpperCase()}${view.silence.slice(1)}: is one running?`]),
    ...(zoneNameServers.length > 0 ? [`name servers to enter at the registrar: ${zoneNameServers.join(', ')}`] : []),
    ...(read.length === 0
      ? []
      : [`AWS was read ${newest === oldest ? newest : `${newest} to ${oldest}`} ago, as far as the status tells`]),
  ];
}

const conditionCells = ({ type, status, reason, message }: StoreCondition): string[] => [type, status, reason, message];

interface Drawing {
  readonly now: number;
  readonly detail: Detail;
  readonly widths: readonly number[];
}

function sectionLines(section: SectionView, isLast: boolean, drawing: Drawing): string[] {
  const { name, condition, resources } = section;
  const { fold, most } = drawing.detail;
  const open = resources.filter(({ standing }) => standing !== 'ready');
  const shown = (fold ? open : resources).slice(0, most);
  const hidden = (fold ? open : resources).length - shown.length;
  const count = resources.length === 0 ? '' : `  ${resources.length - open.length} of ${resources.length} ready`;
  const [branch, stem] = isLast ? ['└─ ', '   '] : ['├─ ', '│  '];
  const heads = [
    ...shown.map((one) => resourceLines(one, drawing)),
    ...(hidden > 0 ? [[`and ${hidden} more that ${hidden === 1 ? 'is' : 'are'} not shown`]] : []),
  ];
  const below = heads.flatMap(([first = '', ...more], index) => {
    const [twig, under] = index === heads.length - 1 ? ['└─ ', '   '] : ['├─ ', '│  '];
    return [`${stem}${twig}${first}`, ...more.map((line) => `${stem}${under}${line}`)];
  });
  return [`${branch}${name}${condition ? `  ${condition.status} ${condition.reason}` : ''}${count}`, ...below];
}

const cellsOf = ({ standing, node, type, id = '' }: StoreResource): string[] => [standing, node, type, id];

const widthsOf = (resources: readonly StoreResource[]): number[] =>
  [0, 1, 2, 3].map((column) =>
    Math.max(0, ...resources.map((one) => Math.min(44, (cellsOf(one)[column] ?? '').length))),
  );

/** What it is on one line, and on the next what it waits for or what stopped it. */
function resourceLines(one: StoreResource, { now, widths }: Drawing): string[] {
  const cells = cellsOf(one).map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const read = one.readAt === undefined ? 'never read' : `read ${age(now - Date.parse(one.readAt))} ago`;
  const why = [one.reason, one.message].filter((part) => part !== undefined && part !== '').join(': ');
  return [[...cells, read].join('  '), ...(one.standing === 'ready' || why === '' ? [] : [`  ${why}`])];
}

function tailLines({ status }: EcomStore, now: number): string[] {
  const { lastDrift, retained = [] } = status;
  const lines = [
    ...(lastDrift
      ? [
          `Last drift ${age(now - Date.parse(lastDrift.at))} ago: ${lastDrift.node}${
            lastDrift.fields.length > 0 ? ` (${lastDrift.fields.join(', ')})` : ''
          }, ${lastDrift.healed ? 'put right' : 'seen, not put right'}`,
        ]
      : []),
    ...(retained.length > 0 ? ['Stays in AWS although the store wants it no more:'] : []),
    ...retained.map(({ node, type, id, why }) => `  ${[node, type, id].filter(Boolean).join('  ')}: ${why}`),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}
