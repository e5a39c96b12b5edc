import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagPair } from '../core/tags.ts';
import { checkedActions } from './actions.ts';
import { checkAgain } from './health.ts';
import {
  arnOf,
  chosen,
  invalid,
  listeners,
  loadBalancers,
  notFound,
  paged,
  rules,
  tagsGiven,
  the,
  type Action,
  type Listener,
  type Paged,
  type Rule,
} from './kinds.ts';
import { forwardsTo } from './usage.ts';

const told = (rule: Rule) => ({
  RuleArn: rule.arn,
  Priority: String(rule.priority),
  IsDefault: rule.priority === 'default',
  Conditions: [...rule.conditions],
  Actions: [...rule.actions],
});

const newArn = (request: Request, listener: Listener): string =>
  arnOf(request, `listener-rule/${listener.arn.split(':listener/')[1]}/${request.world.random.hex(16)}`);

/** Every listener has one: it takes what no other rule takes. */
export function makeDefaultRule(request: Request, listener: Listener): void {
  const arn = newArn(request, listener);
  const { arn: listenerArn, actions } = listener;
  request.in(rules).put(arn, { arn, tags: {}, listenerArn, priority: 'default', conditions: [], actions });
}

interface Condition {
  readonly Field?: string;
  readonly Values?: readonly string[];
  readonly PathPatternConfig?: { readonly Values?: readonly string[] };
  readonly HostHeaderConfig?: { readonly Values?: readonly string[] };
}

/** AWS answers a condition in both its old and its new form. */
const conditionKept = (condition: Condition): object => {
  const { Field, Values } = condition;
  if (Field === 'path-pattern') {
    const values = condition.PathPatternConfig?.Values ?? Values ?? [];
    return { Field, Values: values, PathPatternConfig: { Values: values } };
  }
  if (Field === 'host-header') {
    const values = condition.HostHeaderConfig?.Values ?? Values ?? [];
    return { Field, Values: values, HostHeaderConfig: { Values: values } };
  }
  return condition;
};

const actionsFor = (request: Request, listener: Listener, actions: readonly Action[]): Action[] => {
  const lb = the(request, loadBalancers, 'load-balancer', listener.loadBalancerArn);
  return checkedActions(request, actions, { lb, protocol: listener.protocol, port: listener.port });
};

interface Create {
  readonly ListenerArn: string;
  readonly Priority: number;
  readonly Conditions: Condition[];
  readonly Actions: Action[];
  readonly Tags?: TagPair[];
}

function create(input: Create, request: Request) {
  const listener = the(request, listeners, 'listener', input.ListenerArn);
  const siblings = request
    .in(rules)
    .all()
    .filter(({ listenerArn }) => listenerArn === listener.arn);
  if (siblings.some(({ priority }) => priority === input.Priority))
    throw new AwsError('PriorityInUse', `Priority '${input.Priority}' is currently in use`);
  if (input.Conditions.length === 0) throw invalid('A condition must be specified');
  const [quota, used] = ['Rules per Application Load Balancer', siblings.length - 1];
  request.withinQuota(quota, 100, used, 'TooManyRules', 'The maximum number of rules has been reached');
  const arn = newArn(request, listener);
  const rule = request.in(rules).put(arn, {
    arn,
    tags: tagsGiven(input.Tags),
    listenerArn: listener.arn,
    priority: input.Priority,
    conditions: input.Conditions.map(conditionKept),
    actions: actionsFor(request, listener, input.Actions),
  });
  checkAgain(request, rule.actions.flatMap(forwardsTo));
  return { Rules: [told(rule)] };
}

const order = ({ priority }: Rule): number => (priority === 'default' ? Infinity : priority);

function describe(input: Paged & { ListenerArn?: string; RuleArns?: string[] }, request: Request) {
  const { ListenerArn } = input;
  if (ListenerArn !== undefined) the(request, listeners, 'listener', ListenerArn);
  const listed = chosen(request.listed(rules), input.RuleArns, notFound('rule'));
  const below = listed.filter(({ listenerArn }) => ListenerArn === undefined || listenerArn === ListenerArn);
  const { items, next } = paged(
    request,
    below.sort((a, b) => order(a) - order(b)),
    input,
  );
  return { Rules: items.map(told), NextMarker: next };
}

interface Named {
  readonly RuleArn: string;
}

function modify(input: Named & { Conditions?: Condition[]; Actions?: Action[] }, request: Request) {
  const rule = the(request, rules, 'rule', input.RuleArn);
  if (rule.priority === 'default')
    throw new AwsError('OperationNotPermitted', `Default rule '${rule.arn}' cannot be modified`);
  const listener = the(request, listeners, 'listener', rule.listenerArn);
  const changed = request.in(rules).change(rule.arn, {
    ...(input.Conditions ? { conditions: input.Conditions.map(conditionKept) } : {}),
    ...(input.Actions ? { actions: actionsFor(request, listener, input.Actions) } : {}),
  });
  checkAgain(request, [...rule.actions, ...changed.actions].flatMap(forwardsTo));
  return { Rules: [told(changed)] };
}

function setPriorities(input: { RulePriorities: { RuleArn?: string; Priority?: number }[] }, request: Request) {
  const changes = input.RulePriorities.map(({ RuleArn, Priority = 0 }) => ({
    rule: the(request, rules, 'rule', RuleArn),
    Priority,
  }));
  const moving = changes.map(({ rule }) => rule.arn);
  for (const { rule, Priority } of changes) {
    const siblings = request
      .in(rules)
      .all()
      .filter(({ listenerArn }) => listenerArn === rule.listenerArn);
    if (siblings.some(({ arn, priority }) => priority === Priority && !moving.includes(arn)))
      throw new AwsError('PriorityInUse', `Priority '${Priority}' is currently in use`);
  }
  return {
    Rules: changes.map(({ rule, Priority }) => told(request.in(rules).change(rule.arn, { priority: Priority }))),
  };
}

export const ruleOperations: Operations = {
  CreateRule: create,
  DescribeRules: describe,
  ModifyRule: modify,
  SetRulePriorities: setPriorities,
  DeleteRule: ({ RuleArn }: Named, request) => {
    const { arn, priority, actions } = the(request, rules, 'rule', RuleArn);
    if (priority === 'default') throw new AwsError('OperationNotPermitted', `Default rule '${arn}' cannot be deleted`);
    request.in(rules).remove(arn);
    checkAgain(request, actions.flatMap(forwardsTo));
  },
};
