import type { Handle, NodeOptions } from '../../model/graph.ts';
import type { Wanted } from '../../model/ref.ts';
import type { AlarmOutputs } from '../../resources/cloudwatch/alarm.ts';
import { dashboard, type Widget } from '../../resources/cloudwatch/dashboard.ts';
import { plain, type Metric } from '../../resources/cloudwatch/metrics.ts';
import { hostNames, type Site } from '../site.ts';
import { periodOf, thresholdOf, type Row } from './alarms.ts';

export interface RowMade {
  readonly row: Row;
  readonly made: Handle<AlarmOutputs>;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const columns = 24;
const graph = { width: 8, height: 6 } as const;
const header = { x: 0, y: 0, width: columns, height: 2 } as const;
const states = { x: 0, y: header.height, width: columns, height: 3 } as const;

/** What the store is, which of its alarms ring, and for every alarm what it looks at with the line that it must not cross. */
export function composeDashboard(site: Site, alarms: readonly RowMade[], turning: NodeOptions): void {
  const { graph: nodes, owner, spec } = site;
  const markdown = `# ${owner.namespace}/${owner.name}\n${hostNames(spec).join(', ')} in ${spec.region}. Kept by the EcomStore operator: what is changed here is changed back.`;
  const top = header.height + states.height;
  const perRow = columns / graph.width;
  const graphs = alarms.map(({ row }, at): Wanted<Widget> => ({
    type: 'metric',
    x: (at % perRow) * graph.width,
    y: top + Math.floor(at / perRow) * graph.height,
    ...graph,
    properties: graphOf(row, row.inUsEast1 ? 'us-east-1' : spec.region),
  }));
  const widgets: Wanted<Widget>[] = [
    { type: 'text', ...header, properties: { markdown } },
    { type: 'alarm', ...states, properties: { title: 'Alarms', alarms: alarms.map(({ made }) => made.out('arn')) } },
    ...graphs,
  ];
  nodes.add(dashboard, 'monitoring/dashboard', { widgets }, turning);
}

function graphOf(row: Row, region: string): Record<string, unknown> {
  const computed = row.expression === plain ? [] : [[{ expression: row.expression, label: row.what, id: 'result' }]];
  const line = { label: 'alarm', value: thresholdOf(row) };
  return {
    ...{ title: row.says, region, view: 'timeSeries', stacked: false, period: periodOf(row) },
    // What only goes into the result is not drawn.
    metrics: [...computed, ...Object.entries(row.metrics).map(([id, one]) => lineOf(id, one, computed.length === 0))],
    annotations: { horizontal: [line] },
  };
}

function lineOf(id: string, wanted: Wanted<Metric>, visible: boolean): unknown[] {
  const { namespace, name, dimensions, statistic } = wanted as { readonly [K in keyof Metric]: Metric[K] };
  return [namespace, name, ...Object.entries(dimensions).flat(), { id, stat: statistic, visible }];
}
