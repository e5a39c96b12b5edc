import type { Action, Listener, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws, Input, Output } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { byArns, withOwners } from './tags.ts';

/** A port of the load balancer: 443 forwards to the instances under the store's certificate, 80 only redirects. */
export interface ListenerProps {
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly certificateArn?: string;
  /** The TLS versions and ciphers on offer (ELB.17). */
  readonly sslPolicy?: string;
  readonly action: ListenerAction;
}

export type ListenerAction =
  | Forward
  /** To the same host, path and query. */
  | { readonly redirect: { readonly protocol: string; readonly port: string; readonly statusCode: RedirectCode } };

interface Forward {
  /** The ARN of the target group that gets the requests. */
  readonly forward: string;
  /** Those of groups that get none, but whose health the load balancer asks for. */
  readonly standby?: readonly string[];
}

export type RedirectCode = 'HTTP_301' | 'HTTP_302';

export interface ListenerOutputs {
  readonly listenerArn: string;
}

export const listener: ResourceType<ListenerProps, ListenerOutputs> = {
  name: 'elbv2/listener',
  fields: {
    loadBalancerArn: 'fixed',
    // Nobody asks for another port or protocol of a listener, but somebody may have set one: it is set back in place.
    port: 'live',
    protocol: 'live',
    certificateArn: 'live',
    sslPolicy: 'live',
    action: { mode: 'live', spare: withStandby },
  },
  needs: ['elbv2/load-balancer', 'elbv2/target-group', 'acm/certificate'],
  parentOf: (props) => props.loadBalancerArn,
  parentType: 'elbv2/load-balancer',
  replace: 'delete-first', // A load balancer has one listener a port.
  once: 'name',
  endedBy: 'DeleteListener',
  beat: 'settings', // One load balancer a call: AWS has no list of all listeners. But it tells many by their ARNs.
  beatByName: true,
  scope: 'regional',
  key: (props) => `${props.loadBalancerArn}:${props.port}`,

  async *list(aws, scope) {
    for (const LoadBalancerArn of scope.parents) {
      const read = (Marker?: string) => listenersPage(aws, { LoadBalancerArn, Marker });
      for await (const { Listeners = [] } of pages(read, (answer) => answer.NextMarker))
        yield await withOwners({ aws, scope, arnOf }, Listeners, told);
    }
  },

  async named(aws, ids, scope) {
    const read = async (ListenerArns: string[]) =>
      (await orAbsent(aws.elbv2('DescribeListeners', { ListenerArns })))?.Listeners;
    return withOwners({ aws, scope, arnOf }, await byArns(ids, read), told);
  },

  async create(aws, props, birth) {
    const { Listeners: [made = {}] = [] } = await aws.elbv2('CreateListener', {
      LoadBalancerArn: props.loadBalancerArn,
      Port: props.port,
      Protocol: props.protocol,
      Certificates: certificates(props),
      SslPolicy: props.sslPolicy,
      DefaultActions: [toAction(props.action)],
      Tags: tagPairs(birth.tags),
    });
    return told(made, birth.owner);
  },

  async update(aws, found, props, fields) {
    await aws.elbv2('ModifyListener', {
      ListenerArn: found.id,
      Port: fields.has('port') ? props.port : undefined,
      Protocol: fields.has('protocol') ? props.protocol : undefined,
      // From HTTP to HTTPS, ModifyListener wants both.
      Certificates: fields.has('certificateArn') || fields.has('protocol') ? certificates(props) : undefined,
      SslPolicy: fields.has('sslPolicy') || fields.has('protocol') ? props.sslPolicy : undefined,
      DefaultActions: fields.has('action') ? [toAction(props.action)] : undefined,
    });
  },

  async delete(aws, found) {
    await orAbsent(aws.elbv2('DeleteListener', { ListenerArn: found.id }));
  },
};

/** A load balancer that is gone has no listeners. */
const listenersPage = async (
  aws: Aws,
  input: Input<'elbv2', 'DescribeListeners'>,
): Promise<Partial<Output<'elbv2', 'DescribeListeners'>>> =>
  (await orAbsent(aws.elbv2('DescribeListeners', input))) ?? {};

const arnOf = (found: Listener): string => found.ListenerArn ?? '';

const certificates = ({ certificateArn }: ListenerProps) =>
  certificateArn === undefined ? undefined : [{ CertificateArn: certificateArn }];

/**
 * While another target group still serves, it goes on doing so, and the wanted one stands by. Only of a target group that
 * a listener names is the health known: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */
function withStandby(
  wanted: ListenerAction,
  found: ListenerAction,
  serves: (part: unknown) => boolean,
): ListenerAction {
  if (!('forward' in wanted) || !('forward' in found) || found.forward === wanted.forward) return wanted;
  return serves(found.forward) ? { forward: found.forward, standby: [wanted.forward] } : wanted;
}

const toAction = (action: ListenerAction): Action =>
  'forward' in action
    ? toForward(action)
    : {
        Type: 'redirect',
        RedirectConfig: {
          Protocol: action.redirect.protocol,
          Port: action.redirect.port,
          StatusCode: action.redirect.statusCode,
        },
      };

const toForward = ({ forward, standby = [] }: Forward): Action =>
  standby.length === 0
    ? { Type: 'forward', TargetGroupArn: forward }
    : {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: forward, Weight: 1 },
            ...standby.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 0 })),
          ],
          TargetGroupStickinessConfig: keptToGroup,
        },
      };

/**
 * Where one of several target groups keeps people to a target, AWS refuses a listener that does not keep them to a group.
 * All are led to one group anyway, so a second, which is the least, will do.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2734
 */
const keptToGroup = { Enabled: true, DurationSeconds: 1 };

/** Our words for the actions of a listener; undefined when it does what we never ask for, which then differs and heals. */
function fromActions([action, ...others]: readonly Action[] = []): ListenerAction | undefined {
  if (!action || others.length > 0) return undefined;
  const { RedirectConfig: redirect, ForwardConfig: { TargetGroups: targets = [], TargetGroupStickinessConfig } = {} } =
    action;
  if (action.Type === 'forward') {
    const [leads, standsBy] = [targets.filter(isWeighty), targets.filter((target) => !isWeighty(target))];
    const forward = leads.length === 1 ? leads[0]?.TargetGroupArn : action.TargetGroupArn;
    if (!forward || leads.length > 1) return undefined;
    const standby = standsBy.map(({ TargetGroupArn = '' }) => TargetGroupArn).sort();
    if (standby.length > 0) return { forward, standby };
    return TargetGroupStickinessConfig?.Enabled ? undefined : { forward };
  }
  if (action.Type !== 'redirect' || !redirect) return undefined;
  const { Protocol = '#{protocol}', Port = '#{port}', StatusCode = 'HTTP_302', Host, Path, Query } = redirect;
  // The values that CreateListener documents as keeping host, path and query.
  const kept = [Host ?? '#{host}', Path ?? '/#{path}', Query ?? '#{query}'].join(' ') === '#{host} /#{path} #{query}';
  return kept ? { redirect: { protocol: Protocol, port: Port, statusCode: StatusCode } } : undefined;
}

/** Where no weight is told there is one target group, which gets everything. */
const isWeighty = ({ Weight = 1 }: TargetGroupTuple): boolean => Weight > 0;

function told(found: Listener, owner: NodeOwner | undefined): Found<ListenerProps, ListenerOutputs> {
  const id = arnOf(found);
  return {
    id,
    key: `${found.LoadBalancerArn}:${found.Port}`,
    owner,
    state: { is: 'ready' },
    props: {
      loadBalancerArn: found.LoadBalancerArn,
      port: found.Port,
      protocol: found.Protocol as ListenerProps['protocol'],
      certificateArn: found.Certificates?.[0]?.CertificateArn,
      sslPolicy: found.SslPolicy,
      action: fromActions(found.DefaultActions),
    },
    outputs: { listenerArn: id },
  };
}
