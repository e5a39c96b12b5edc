/** What CloudWatch finds wrong with the body of a dashboard; empty when nothing is. */
export interface Finding {
  readonly DataPath: string;
  readonly Message: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const widgetTypes = ['metric', 'text', 'log', 'alarm', 'explorer', 'custom'];
const columns = 24;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function findingsIn(text: string): Finding[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Its answer to what is no JSON at all: just that.
    return [{ DataPath: '', Message: 'The field DashboardBody must be a valid JSON object' }];
  }
  if (!isObject(body)) return [{ DataPath: '', Message: 'The field DashboardBody must be a valid JSON object' }];
  const { widgets } = body;
  if (!Array.isArray(widgets)) return [{ DataPath: '/widgets', Message: 'Should be an array' }];
  if (widgets.length > 500) return [{ DataPath: '/widgets', Message: 'Should NOT have more than 500 items' }];
  return widgets.flatMap((widget, at) => findingsInWidget(widget, `/widgets/${at}`));
}

function findingsInWidget(widget: unknown, path: string): Finding[] {
  if (!isObject(widget)) return [{ DataPath: path, Message: 'Should be an object' }];
  const { type, x = 0, width = 6, properties } = widget;
  if (typeof type !== 'string' || !widgetTypes.includes(type))
    return [{ DataPath: `${path}/type`, Message: 'Should be equal to one of the allowed values' }];
  if (!isObject(properties)) return [{ DataPath: path, Message: "Should have required property 'properties'" }];
  const lacking = (name: string): Finding[] =>
    properties[name] === undefined
      ? [{ DataPath: `${path}/properties`, Message: `Should have required property '${name}'` }]
      : [];
  const wide =
    typeof x === 'number' && typeof width === 'number' && x >= 0 && width >= 1 && x + width <= columns
      ? []
      : [{ DataPath: path, Message: `x and width should fit into ${columns} columns` }];
  const needed: Readonly<Record<string, readonly string[]>> = { text: ['markdown'], alarm: ['alarms'] };
  const inside = (needed[type] ?? []).flatMap(lacking);
  if (type !== 'metric') return [...wide, ...inside];
  const shown = properties['metrics'] === undefined && properties['annotations'] === undefined;
  return [
    ...wide,
    ...lacking('region'),
    ...(shown ? [{ DataPath: `${path}/properties`, Message: 'Should have metrics or annotations' }] : []),
  ];
}
