import type { Graph, Node } from '../../model/graph.ts';
import { isRef, refsIn } from '../../model/ref.ts';
import { lookOf } from './looks.ts';
import { ofType, whatOf } from './surroundings.ts';

type Facts = (nodes: readonly Node[], graph: Graph) => string[];
type Props = Readonly<Record<string, unknown>>;

/** What a box tells, by type; one that is not listed tells the names of its nodes. */
const factsByType: Readonly<Record<string, Facts>> = {
  'ec2/internet-gateway': () => [],
  'ec2/nat-gateway': () => ['out only'],
  'ec2/vpc-endpoint': each(({ serviceName }) => `${String(serviceName).split('.').pop()?.toUpperCase()}, without NAT`),
  'ec2/flow-log': each(({ trafficType }) => `${trafficType === 'ALL' ? 'all' : String(trafficType)} traffic, logged`),
  'elbv2/load-balancer': each((props, node, graph) => [
    ...referring(graph, node, 'elbv2/listener').map((listener) => listenerFact(listener, graph)),
    ...accessLogs(props),
  ]),
  'autoscaling/group': each((props, node, graph) => [
    `${props['minSize'] as number} to ${props['maxSize'] as number} × ${otherwise(props['instanceTypes'] as string[])}`,
    `at ${props['targetCpuPercent'] as number} % CPU`,
    ...imageFacts(graph, node),
  ]),
  'acm/certificate': each(({ domainName, alternativeNames }) => [
    String(domainName),
    ...(alternativeNames as readonly string[]),
  ]),
  'acm/certificate-lookup': each(({ names }) => names as readonly string[]),
  'route53/hosted-zone': each(zoneFacts),
  'route53/hosted-zone-lookup': each(zoneFacts),
  'logs/group': each(({ name, retentionDays }) => `${String(name)}, ${retentionDays as number} days`),
  'ssm/parameter': parameterFacts,
  'iam/role': each((props, { id }) => `${id}, for ${trusted(props)}`),
};

export const factsOf = (nodes: readonly Node[], graph: Graph): string[] => {
  const facts = factsByType[(nodes[0] as Node).type.name];
  return facts ? facts(nodes, graph) : nodes.map(({ id }) => whatOf(id));
};

/** Facts that the nodes of a box tell one after the other; what several of them say is said once. */
function each(tell: (props: Props, node: Node, graph: Graph) => string | readonly string[]): Facts {
  return (nodes, graph) => [...new Set(nodes.flatMap((node) => tell(node.props, node, graph)))];
}

/** The nodes of a type that refer to this one. */
const referring = (graph: Graph, { id }: Node, type: string): Node[] =>
  ofType(graph, type).filter(({ props }) => refsIn(props).some(({ $ref }) => $ref === id));

function listenerFact({ props }: Node, { nodes }: Graph): string {
  const { port, protocol, action } = props as { port: number; protocol: string; action: Props };
  const at = `${protocol} ${port}`;
  const { forward, redirect } = action as { forward?: unknown; redirect?: { protocol?: string } };
  if (redirect) return `${at} redirects to ${redirect.protocol ?? 'another address'}`;
  const target = isRef(forward) ? nodes.get(forward.$ref)?.props : undefined;
  if (!target) return at;
  const sticky =
    target['stickinessEnabled'] === true ? `, sticky for ${duration(Number(target['stickinessSeconds']))}` : '';
  return `${at} to port ${String(target['port'])}${sticky}, healthy by ${String(target['healthPath'])}`;
}

function accessLogs({ accessLogs: logs }: Props): string[] {
  if (logs === null || logs === undefined) return [];
  const { bucket, prefix } = logs as { bucket: string; prefix: string };
  return [`access logs to ${[bucket, prefix].filter(Boolean).join('/')}`];
}

const otherwise = ([first = '', ...further]: readonly string[]): string =>
  further.length === 0 ? first : `${first} (else ${further.join(', ')})`;

/** The image as the user gave it: by id, or by the parameter that holds it. */
function imageFacts(graph: Graph, { props }: Node): string[] {
  const template = isRef(props['launchTemplateId']) ? graph.nodes.get(props['launchTemplateId'].$ref) : undefined;
  const image = isRef(template?.props['imageId']) ? graph.nodes.get(template.props['imageId'].$ref) : undefined;
  const given = image?.props['imageId'] ?? template?.props['imageId'];
  const parameter = isRef(given) ? graph.nodes.get(given.$ref)?.props['name'] : undefined;
  if (typeof parameter === 'string') return [`image from ${parameter}`];
  return typeof given === 'string' ? [`image ${given}`] : [];
}

/** The zone, and the host names in it with the types of their records. */
function zoneFacts({ name, zoneId }: Props, node: Node, graph: Graph): string[] {
  const hosts = new Map<string, string[]>();
  for (const { props } of referring(graph, node, 'route53/record-set'))
    if (typeof props['name'] === 'string')
      hosts.set(props['name'], [...(hosts.get(props['name']) ?? []), String(props['type'])]);
  return [String(name ?? zoneId), ...[...hosts].map(([host, types]) => `${types.join(', ')}: ${host}`)];
}

/** The path that all share, and what lies below it. */
function parameterFacts(nodes: readonly Node[]): string[] {
  const names = nodes.map(({ props }) => String(props['name']));
  const path = names[0]?.split('/').slice(0, 4).join('/') ?? '';
  if (!names.every((name) => name.startsWith(`${path}/`))) return names;
  return [`${path}/`, names.map((name) => name.slice(path.length + 1)).join(', ')];
}

/** The services that may take the role on. */
function trusted({ trustPolicy }: Props): string {
  const { Statement } = trustPolicy as { Statement: readonly { Principal?: { Service?: string | string[] } }[] };
  const trustedServices = Statement.flatMap(({ Principal }) => Principal?.Service ?? []);
  return trustedServices.map((service) => service.replace(/\.amazonaws\.com$/, '')).join(', ');
}

function duration(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** The title of a box, with how many it stands for. */
export const titleOf = (nodes: readonly Node[]): string => {
  const { label } = lookOf((nodes[0] as Node).type);
  return nodes.length === 1 ? label : `${label} × ${nodes.length}`;
};
