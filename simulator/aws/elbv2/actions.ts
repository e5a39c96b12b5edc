import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { clients, domainOf } from '../cognito/kinds.ts';
import { invalid, misconfigured, notFound, targetGroups, type Action, type LoadBalancer } from './kinds.ts';
import { forwardsTo, isSticky, loadBalancersOf } from './usage.ts';

/** Where the actions belong: redirects must lead away from it. */
export interface At {
  readonly lb: LoadBalancer;
  readonly protocol: string;
  readonly port: number;
}

const badAction = (message: string): AwsError => new AwsError('InvalidLoadBalancerAction', message);

const routing = ['forward', 'redirect', 'fixed-response'];

/** The actions as they are kept, with what AWS fills in; or why they will not do. */
export function checkedActions(request: Request, actions: readonly Action[], at: At): Action[] {
  const ordered = [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0));
  const last = ordered.at(-1);
  if (!last || ordered.filter(({ Type }) => routing.includes(Type)).length !== 1 || !routing.includes(last.Type))
    throw badAction(
      'An action list must contain exactly one forward, redirect or fixed-response action, and it must be the last one',
    );
  return ordered.map((action) => {
    if (action.Type === 'forward') return forward(request, action, at);
    if (action.Type === 'redirect') return redirect(action, at);
    if (action.Type === 'authenticate-cognito') return authenticate(request, action, at);
    if (action.Type === 'fixed-response' && !action.FixedResponseConfig)
      throw invalid("A fixed response configuration must be specified for an action of type 'fixed-response'");
    return action;
  });
}

function forward(request: Request, action: Action, { lb }: At): Action {
  const arns = forwardsTo(action);
  if (arns.length === 0) throw invalid('A target group must be specified for a forward action');
  for (const arn of arns) {
    const group = request.in(targetGroups).get(arn);
    if (!group) throw notFound('target-group');
    if (group.vpcId !== lb.vpcId)
      throw misconfigured(`The target group '${arn}' is not in the VPC of the load balancer '${lb.arn}'`);
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    if (loadBalancersOf(request, arn).some((other) => other.arn !== lb.arn))
      throw new AwsError(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
  }
  const given = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: arns[0] }];
  const TargetGroups = given.map(({ TargetGroupArn, Weight = 1 }) => ({ TargetGroupArn, Weight }));
  const sticky = action.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false };
  // https://github.com/argoproj/argo-rollouts/pull/1577
  if (arns.length > 1 && !sticky.Enabled && arns.some((arn) => isSticky(request.in(targetGroups).get(arn))))
    throw badAction(
      'You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups',
    );
  return {
    Type: 'forward',
    ...(action.Order === undefined ? {} : { Order: action.Order }),
    ...(TargetGroups.length === 1 ? { TargetGroupArn: TargetGroups[0]?.TargetGroupArn } : {}),
    ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: sticky },
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
function redirect(action: Action, { protocol, port }: At): Action {
  const { RedirectConfig: given } = action;
  if (!given) throw invalid("A redirect configuration must be specified for an action of type 'redirect'");
  const RedirectConfig = {
    Protocol: given.Protocol ?? '#{protocol}',
    Port: given.Port ?? '#{port}',
    Host: given.Host ?? '#{host}',
    Path: given.Path ?? '/#{path}',
    Query: given.Query ?? '#{query}',
    StatusCode: given.StatusCode,
  };
  const same =
    ['#{protocol}', protocol].includes(RedirectConfig.Protocol) &&
    ['#{port}', String(port)].includes(RedirectConfig.Port) &&
    [RedirectConfig.Host, RedirectConfig.Path, RedirectConfig.Query].join(' ') === '#{host} /#{path} #{query}';
  if (same) throw badAction('The redirect configuration is not valid because it creates a loop.');
  return { Type: 'redirect', ...(action.Order === undefined ? {} : { Order: action.Order }), RedirectConfig };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html */
function authenticate(request: Request, action: Action, { protocol }: At): Action {
  const { AuthenticateCognitoConfig: given } = action;
  if (!given)
    throw invalid(
      "An authenticate-cognito configuration must be specified for an action of type 'authenticate-cognito'",
    );
  if (protocol !== 'HTTPS')
    throw badAction("Actions of type 'authenticate-cognito' are supported only on HTTPS listeners");
  // https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1280
  const client = request.in(clients).get(given.UserPoolClientId);
  if (!client || !given.UserPoolArn.endsWith(`:userpool/${client.poolId}`))
    throw badAction(`The user pool client '${given.UserPoolClientId}' does not exist in '${given.UserPoolArn}'`);
  if (client.secret === undefined) throw badAction('The user pool client must have a client secret');
  if (domainOf(request, client.poolId)?.prefix !== given.UserPoolDomain)
    throw badAction(`The user pool domain '${given.UserPoolDomain}' is not associated with the provided user pool`);
  return {
    ...action,
    AuthenticateCognitoConfig: {
      SessionCookieName: 'AWSELBAuthSessionCookie',
      Scope: 'openid',
      SessionTimeout: 604_800,
      OnUnauthenticatedRequest: 'authenticate',
      ...given,
    },
  };
}
