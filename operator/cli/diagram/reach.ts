import type { Graph, Node } from '../../model/graph.ts';
import { isRef, refsIn, type Wanted } from '../../model/ref.ts';
import type { Rule } from '../../resources/ec2/security-group-rules.ts';
import { carrying, type Drawn } from './boxes.ts';
import { rulesOf, sharedPorts, portsText } from './rules.ts';
import type { Actor, Flow } from './picture.ts';
import { ofType, reached } from './surroundings.ts';

export const internet: Actor = { id: 'internet', title: 'Internet' };

interface Reach {
  readonly actors: readonly Actor[];
  readonly flows: readonly Flow[];
}

/** Who may reach whom: what the rules of both sides allow, and for the ways out what the routes allow too. */
export function reachOf(graph: Graph, drawn: readonly Drawn[]): Reach {
  const groups = ofType(graph, 'ec2/security-group');
  const actors = new Map<string, Actor>();
  const flows: Flow[] = [];
  for (const target of groups) {
    for (const [source, rules] of bySource(target)) {
      const from = outsideOf(graph, drawn, source);
      if ('title' in from) actors.set(from.id, from);
      flows.push(...between([from.id], ids(graph, drawn, target), portsText(rules)));
    }
    for (const source of groups)
      flows.push(
        ...between(ids(graph, drawn, source), ids(graph, drawn, target), portsText(sharedPorts(source, target))),
      );
  }
  const edge = atTheEdge(drawn);
  const out = groups.flatMap((group) => waysOut(graph, drawn, group));
  if ([...edge, ...out].some(({ from, to }) => from === internet.id || to === internet.id))
    actors.set(internet.id, internet);
  return { actors: [...actors.values()], flows: [...edge, ...flows, ...out] };
}

/** What no security group tells: the world asks a distribution, and that asks the buckets that are its origins. */
function atTheEdge(drawn: readonly Drawn[]): Flow[] {
  const isOf = ({ nodes }: Drawn, type: string): Node | undefined => nodes.find((node) => node.type.name === type);
  return drawn.flatMap((one) => {
    const distribution = isOf(one, 'cloudfront/distribution');
    if (!distribution) return [];
    const origins = new Set(refsIn(distribution.props['origins']).map(({ $ref }) => $ref));
    const buckets = drawn.filter((other) => origins.has(isOf(other, 's3/bucket')?.id ?? 'none/none'));
    return [
      ...between([internet.id], [one.box.id], '443, 80'),
      ...between(
        [one.box.id],
        buckets.map(({ box }) => box.id),
        '443',
      ),
    ];
  });
}

const ids = (graph: Graph, drawn: readonly Drawn[], group: Node): string[] =>
  carrying(graph, drawn, group).map(({ box }) => box.id);

const between = (sources: readonly string[], targets: readonly string[], ports: string): Flow[] =>
  ports === '' ? [] : sources.flatMap((from) => targets.map((to) => ({ from, to, ports, way: 'in', through: [] })));

const anywhere: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);

/** The rules that let in what lies outside the groups, by whom they let in. */
function bySource(group: Node): Map<string, Wanted<Rule>[]> {
  const sources = new Map<string, Wanted<Rule>[]>();
  for (const rule of rulesOf(group, 'ingress')) {
    const { cidr, cidr6, prefixListId } = rule as Partial<Record<keyof Rule, unknown>>;
    const source = cidr ?? cidr6 ?? (isRef(prefixListId) ? prefixListId.$ref : prefixListId);
    if (typeof source !== 'string') continue;
    const key = anywhere.has(source) ? internet.id : source;
    sources.set(key, [...(sources.get(key) ?? []), rule]);
  }
  return sources;
}

/** An address range or prefix list as somebody in the picture: CloudFront's own list is CloudFront, where it is drawn. */
function outsideOf({ nodes }: Graph, drawn: readonly Drawn[], source: string): Actor | { readonly id: string } {
  if (source === internet.id) return internet;
  const lookup = nodes.get(source as Node['id']);
  const { name = source } = (lookup?.props ?? {}) as { name?: string };
  const cdn = drawn.find(({ nodes: [node] }) => node?.type.name === 'cloudfront/distribution');
  return cdn && name.includes('cloudfront') ? { id: cdn.box.id } : { id: source, title: name };
}

/** Where a group's rules let out to anywhere, and a route leads: through NAT gateways, and to endpoints without them. */
function waysOut(graph: Graph, drawn: readonly Drawn[], group: Node): Flow[] {
  const isOpen = (rule: Wanted<Rule>): boolean => anywhere.has(String((rule as Partial<Rule>).cidr));
  const ports = portsText(rulesOf(group, 'egress').filter(isOpen));
  if (ports === '') return [];
  return carrying(graph, drawn, group).flatMap(({ box, nodes }): Flow[] => {
    const from = box.id;
    const around = new Set(nodes.flatMap((node) => [...reached(graph, node)]));
    if ([...around].some((id) => graph.nodes.get(id)?.type.name === 'ec2/subnets-lookup'))
      return [
        {
          from,
          to: internet.id,
          ports,
          way: 'out',
          through: [],
          provided: 'where the routes of the given VPC lead out',
        },
      ];
    const tables = ofType(graph, 'ec2/route-table').filter(({ props }) =>
      (props['subnetIds'] as readonly unknown[]).some((subnet) => isRef(subnet) && around.has(subnet.$ref)),
    );
    const targets = drawn.filter(({ nodes: all }) => all.some((node) => leads(tables, node)));
    const endpoints = targets.filter(({ box: { spot } }) => spot.at === 'vpc');
    const gates = targets.filter(({ box: { spot } }) => spot.at !== 'vpc').map(({ box: { id } }) => id);
    return [
      ...endpoints.map(({ box: { id } }): Flow => ({ from, to: id, ports, way: 'out', through: [] })),
      ...(gates.length === 0 ? [] : [{ from, to: internet.id, ports, way: 'out' as const, through: gates }]),
    ];
  });
}

/** Whether these route tables lead to a gateway, or an endpoint has entered itself in them. */
function leads(tables: readonly Node[], node: Node): boolean {
  const named = (values: unknown, id: string): boolean => JSON.stringify(values ?? []).includes(`"$ref":"${id}"`);
  return tables.some(({ id, props }) => named(props['routes'], node.id) || named(node.props['routeTableIds'], id));
}
