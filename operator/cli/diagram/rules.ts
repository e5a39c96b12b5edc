import type { Node } from '../../model/graph.ts';
import { isRef, type Wanted } from '../../model/ref.ts';
import type { Rule } from '../../resources/ec2/security-group-rules.ts';

type WantedRule = Wanted<Rule>;
type Ports = Pick<Rule, 'protocol' | 'fromPort' | 'toPort'>;

export const rulesOf = ({ props }: Node, direction: 'ingress' | 'egress'): readonly WantedRule[] =>
  (props[direction] ?? []) as readonly WantedRule[];

/** What one group may send to another: only what the rules of both allow, for each side drops what its own do not. */
export function sharedPorts(source: Node, target: Node): Ports[] {
  const out = rulesOf(source, 'egress').filter((rule) => isFor(rule, target) || isAnywhere(rule));
  const into = rulesOf(target, 'ingress').filter((rule) => isFor(rule, source));
  return into.flatMap((entry) => out.flatMap((exit) => overlapOf(entry as Rule, exit as Rule)));
}

const isFor = (rule: WantedRule, { id }: Node): boolean => {
  const { groupId } = rule as { groupId?: unknown };
  return isRef(groupId) && groupId.$ref === id;
};

const isAnywhere = (rule: WantedRule): boolean => (rule as Partial<Rule>).cidr === '0.0.0.0/0';

const isEverything = ({ protocol }: Ports): boolean => protocol === '-1';

function overlapOf(a: Ports, b: Ports): Ports[] {
  if (isEverything(a)) return [b];
  if (isEverything(b)) return [a];
  const [fromPort, toPort] = [Math.max(a.fromPort, b.fromPort), Math.min(a.toPort, b.toPort)];
  return a.protocol === b.protocol && fromPort <= toPort ? [{ protocol: a.protocol, fromPort, toPort }] : [];
}

/** `443, 80`, `udp 53`, `any port`; empty for no rule. */
export const portsText = (rules: readonly unknown[]): string =>
  [...new Set((rules as readonly Ports[]).map(portText))].join(', ');

function portText(rule: Ports): string {
  if (isEverything(rule)) return 'any port';
  const { protocol, fromPort, toPort } = rule;
  const range = fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
  const ports = fromPort < 0 ? '' : range;
  return protocol === 'tcp' ? ports || 'any tcp port' : `${protocol} ${ports}`.trim();
}
