import type { Action, Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws, Input, Output } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { byArns, withOwners } from './tags.ts';

/** Paths for which people have to be signed in before their request is forwarded. */
export interface ListenerRuleProps {
  /** A listener that speaks HTTPS. */
  readonly listenerArn: string;
  /** From 1; the lowest that fits a request takes it. */
  readonly priority: number;
  /** Patterns with `*` and `?`, sorted, at most five. */
  readonly paths: readonly string[];
  readonly signIn: SignIn;
  /** The target group that gets the request then. */
  readonly targetGroupArn: string;
}

export interface SignIn {
  readonly userPoolArn: string;
  readonly clientId: string;
  /** The prefix of the pool's domain. */
  readonly domain: string;
  readonly scope: string;
  readonly sessionSeconds: number;
}

export interface ListenerRuleOutputs {
  readonly ruleArn: string;
}

/** What AWS calls the cookie that holds the session, unless it is told otherwise. */
const sessionCookie = 'AWSELBAuthSessionCookie';

export const listenerRule: ResourceType<ListenerRuleProps, ListenerRuleOutputs> = {
  name: 'elbv2/listener-rule',
  fields: {
    listenerArn: 'fixed',
    // Nobody asks for another number of a rule, but somebody may have set one: it is set back in place.
    priority: 'live',
    paths: 'live',
    signIn: 'live',
    targetGroupArn: 'live',
  },
  needs: ['elbv2/listener', 'elbv2/target-group', 'cognito/user-pool', 'cognito/user-pool-client'],
  parentOf: (props) => props.listenerArn,
  parentType: 'elbv2/listener',
  replace: 'delete-first', // A listener has one rule a number.
  once: 'name',
  endedBy: 'DeleteRule',
  keepsOut: true, // Without it, its paths are forwarded to whoever asks.
  beat: 'settings', // One listener a call; but many rules by their ARNs.
  beatByName: true,
  scope: 'regional',
  key: (props) => `${props.listenerArn}:${props.priority}`,

  async *list(aws, scope) {
    for (const ListenerArn of scope.parents) {
      const read = (Marker?: string) => rulesPage(aws, { ListenerArn, Marker });
      for await (const { Rules = [] } of pages(read, (answer) => answer.NextMarker)) {
        const made = Rules.filter(({ IsDefault }) => IsDefault !== true);
        yield await withOwners({ aws, scope, arnOf }, made, (rule, owner) => told(rule, ListenerArn, owner));
      }
    }
  },

  async named(aws, ids, scope) {
    const read = async (RuleArns: string[]) => (await orAbsent(aws.elbv2('DescribeRules', { RuleArns })))?.Rules;
    return withOwners({ aws, scope, arnOf }, await byArns(ids, read), (rule, owner) =>
      told(rule, listenerOf(arnOf(rule)), owner),
    );
  },

  async create(aws, props, birth) {
    const { Rules: [made = {}] = [] } = await aws.elbv2('CreateRule', {
      ListenerArn: props.listenerArn,
      Priority: props.priority,
      Conditions: conditions(props),
      Actions: actions(props),
      Tags: tagPairs(birth.tags),
    });
    return told(made, props.listenerArn, birth.owner);
  },

  async update(aws, found, props, fields) {
    const RuleArn = found.id;
    const isOtherAction = fields.has('signIn') || fields.has('targetGroupArn');
    if (isOtherAction || fields.has('paths'))
      await aws.elbv2('ModifyRule', {
        RuleArn,
        Conditions: fields.has('paths') ? conditions(props) : undefined,
        Actions: isOtherAction ? actions(props) : undefined,
      });
    if (fields.has('priority'))
      await aws.elbv2('SetRulePriorities', { RulePriorities: [{ RuleArn, Priority: props.priority }] });
  },

  async delete(aws, found) {
    await orAbsent(aws.elbv2('DeleteRule', { RuleArn: found.id }));
  },
};

/** A listener that is gone has no rules. */
const rulesPage = async (
  aws: Aws,
  input: Input<'elbv2', 'DescribeRules'>,
): Promise<Partial<Output<'elbv2', 'DescribeRules'>>> => (await orAbsent(aws.elbv2('DescribeRules', input))) ?? {};

const arnOf = (rule: Rule): string => rule.RuleArn ?? '';

/**
 * A rule's ARN is its listener's, with the id of the rule behind it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 */
const listenerOf = (ruleArn: string): string =>
  ruleArn.slice(0, ruleArn.lastIndexOf('/')).replace(':listener-rule/', ':listener/');

const conditions = ({ paths }: ListenerRuleProps): RuleCondition[] => [
  { Field: 'path-pattern', PathPatternConfig: { Values: [...paths] } },
];

const actions = ({ signIn, targetGroupArn }: ListenerRuleProps): Action[] => [
  {
    Type: 'authenticate-cognito',
    Order: 1,
    AuthenticateCognitoConfig: {
      UserPoolArn: signIn.userPoolArn,
      UserPoolClientId: signIn.clientId,
      UserPoolDomain: signIn.domain,
      Scope: signIn.scope,
      SessionTimeout: signIn.sessionSeconds,
      SessionCookieName: sessionCookie,
      OnUnauthenticatedRequest: 'authenticate',
    },
  },
  { Type: 'forward', Order: 2, TargetGroupArn: targetGroupArn },
];

/** The paths of a rule that asks for nothing else; undefined of any other, which then differs and heals. */
function pathsFrom([condition, ...others]: readonly RuleCondition[] = []): string[] | undefined {
  if (condition?.Field !== 'path-pattern' || others.length > 0) return undefined;
  return [...(condition.PathPatternConfig?.Values ?? condition.Values ?? [])].sort();
}

const inOrder = (given: readonly Action[] = []): readonly Action[] =>
  [...given].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0));

/** Who lets people in without a session, or by other words than ours, does what we never ask for: it differs and heals. */
function signInFrom(rule: Rule): SignIn | undefined {
  const [first, , ...others] = inOrder(rule.Actions);
  const config = first?.Type === 'authenticate-cognito' ? first.AuthenticateCognitoConfig : undefined;
  const { SessionCookieName = sessionCookie, OnUnauthenticatedRequest = 'authenticate' } = config ?? {};
  const isOurs = SessionCookieName === sessionCookie && OnUnauthenticatedRequest === 'authenticate';
  const isPlain = Object.keys(config?.AuthenticationRequestExtraParams ?? {}).length === 0;
  if (!config || !isOurs || !isPlain || others.length > 0) return undefined;
  return {
    userPoolArn: config.UserPoolArn ?? '',
    clientId: config.UserPoolClientId ?? '',
    domain: config.UserPoolDomain ?? '',
    scope: config.Scope ?? 'openid',
    sessionSeconds: Number(config.SessionTimeout ?? 604_800),
  };
}

function targetFrom(rule: Rule): string | undefined {
  const last = inOrder(rule.Actions).at(-1);
  if (last?.Type !== 'forward') return undefined;
  const { TargetGroups: targets = [], TargetGroupStickinessConfig } = last.ForwardConfig ?? {};
  if (targets.length > 1 || TargetGroupStickinessConfig?.Enabled) return undefined;
  return targets[0]?.TargetGroupArn ?? last.TargetGroupArn;
}

function told(
  rule: Rule,
  listenerArn: string,
  owner: NodeOwner | undefined,
): Found<ListenerRuleProps, ListenerRuleOutputs> {
  const id = arnOf(rule);
  return {
    id,
    key: `${listenerArn}:${rule.Priority}`,
    owner,
    state: { is: 'ready' },
    props: {
      listenerArn,
      priority: Number(rule.Priority),
      paths: pathsFrom(rule.Conditions),
      signIn: signInFrom(rule),
      targetGroupArn: targetFrom(rule),
    },
    outputs: { ruleArn: id },
  };
}
