import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagPair } from '../core/tags.ts';
import { checkedActions } from './actions.ts';
import { bornWith, listenerAttributes, objection } from './attributes.ts';
import { checkCertificate } from './certificates.ts';
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
} from './kinds.ts';
import { attributesTold, removeListener } from './load-balancers.ts';
import { makeDefaultRule } from './rules.ts';
import { checkPolicy } from './ssl-policies.ts';
import { forwardsTo } from './usage.ts';

const told = (listener: Listener) => ({
  ListenerArn: listener.arn,
  LoadBalancerArn: listener.loadBalancerArn,
  Port: listener.port,
  Protocol: listener.protocol,
  SslPolicy: listener.sslPolicy,
  Certificates: listener.certificateArns.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
  DefaultActions: [...listener.actions],
  ...(listener.protocol === 'HTTPS' ? { MutualAuthentication: { Mode: 'off' } } : {}),
});

interface Settings {
  readonly Protocol?: string;
  readonly Port?: number;
  readonly SslPolicy?: string;
  readonly Certificates?: { readonly CertificateArn?: string }[];
  readonly DefaultActions?: readonly Action[];
}

type Configured = Pick<Listener, 'port' | 'protocol' | 'sslPolicy' | 'certificateArns' | 'actions'>;

/** A listener's settings as the request changes those it has. */
function configured(request: Request, loadBalancerArn: string, input: Settings, has?: Listener): Configured {
  const lb = the(request, loadBalancers, 'load-balancer', loadBalancerArn);
  const [protocol, port] = [input.Protocol ?? has?.protocol, input.Port ?? has?.port];
  if (port === undefined) throw invalid('A listener port must be specified');
  if (protocol === undefined) throw invalid('A listener protocol must be specified');
  if (!['HTTP', 'HTTPS'].includes(protocol))
    throw new AwsError('UnsupportedProtocol', `Protocol '${protocol}' is not supported by application load balancers`);
  const actions = checkedActions(request, input.DefaultActions ?? has?.actions ?? [], { lb, protocol, port });
  if (protocol === 'HTTP') {
    if (input.Certificates?.length) throw invalid('Certificates cannot be specified for HTTP listeners');
    if (input.SslPolicy !== undefined) throw invalid('An SSL policy cannot be specified for HTTP listeners');
    return { port, protocol, sslPolicy: undefined, certificateArns: [], actions };
  }
  const [given, ...more] = input.Certificates ?? [];
  if (more.length > 0) throw new AwsError('TooManyCertificates', 'Only one certificate may be the default one');
  const [standard, ...further] = has?.certificateArns ?? [];
  const certificate = given?.CertificateArn ?? standard;
  if (certificate === undefined) throw invalid('A certificate must be specified for HTTPS listeners');
  if (given) checkCertificate(request, certificate);
  const sslPolicy = checkPolicy(input.SslPolicy ?? has?.sslPolicy ?? 'ELBSecurityPolicy-2016-08');
  return { port, protocol, sslPolicy, certificateArns: [certificate, ...further], actions };
}

/** Doing it twice with the same settings answers the same listener, as documented. */
function create(input: Settings & { LoadBalancerArn: string; Tags?: TagPair[] }, request: Request) {
  const all = request.in(listeners);
  const settings = configured(request, input.LoadBalancerArn, input);
  const tags = tagsGiven(input.Tags);
  const siblings = all.all().filter(({ loadBalancerArn }) => loadBalancerArn === input.LoadBalancerArn);
  const twin = siblings.find(({ port }) => port === settings.port);
  if (twin) {
    const { port, protocol, sslPolicy, certificateArns, actions } = twin;
    if (isDeepStrictEqual([{ port, protocol, sslPolicy, certificateArns, actions }, twin.tags], [settings, tags]))
      return { Listeners: [told(twin)] };
    throw duplicate(input.LoadBalancerArn);
  }
  const [quota, used] = ['Listeners per Application Load Balancer', siblings.length];
  request.withinQuota(quota, 50, used, 'TooManyListeners', 'The maximum number of listeners has been reached');
  const lbName = input.LoadBalancerArn.split(':loadbalancer/')[1] ?? '';
  const arn = arnOf(request, `listener/${lbName}/${request.world.random.hex(16)}`);
  const attributes = bornWith(listenerAttributes(settings.protocol));
  const listener = all.put(arn, { arn, tags, loadBalancerArn: input.LoadBalancerArn, ...settings, attributes });
  makeDefaultRule(request, listener);
  checkAgain(request, settings.actions.flatMap(forwardsTo));
  return { Listeners: [told(listener)] };
}

const duplicate = (lb: string): AwsError =>
  new AwsError('DuplicateListener', `A listener already exists on this port for this load balancer '${lb}'`);

interface Named {
  readonly ListenerArn: string;
}

const listenerOf = (request: Request, { ListenerArn }: Named): Listener =>
  the(request, listeners, 'listener', ListenerArn);

function modify(input: Named & Settings, request: Request) {
  const has = listenerOf(request, input);
  const settings = configured(request, has.loadBalancerArn, input, has);
  const clash = request
    .in(listeners)
    .all()
    .some(
      ({ arn, loadBalancerArn, port }) =>
        arn !== has.arn && loadBalancerArn === has.loadBalancerArn && port === settings.port,
    );
  if (clash) throw duplicate(has.loadBalancerArn);
  const changed = request.in(listeners).change(has.arn, settings);
  const standard = request
    .in(rules)
    .all()
    .find(({ listenerArn, priority }) => listenerArn === has.arn && priority === 'default');
  if (standard) request.in(rules).change(standard.arn, { actions: settings.actions });
  checkAgain(request, [...has.actions, ...settings.actions].flatMap(forwardsTo));
  return { Listeners: [told(changed)] };
}

function describe(input: Paged & { LoadBalancerArn?: string; ListenerArns?: string[] }, request: Request) {
  const { LoadBalancerArn } = input;
  if (LoadBalancerArn === undefined && !input.ListenerArns)
    throw invalid('You must specify either listener ARNs or a load balancer ARN');
  if (LoadBalancerArn !== undefined) the(request, loadBalancers, 'load-balancer', LoadBalancerArn);
  const listed = chosen(request.listed(listeners), input.ListenerArns, notFound('listener'));
  const below = listed.filter((one) => LoadBalancerArn === undefined || one.loadBalancerArn === LoadBalancerArn);
  const { items, next } = paged(request, below, input);
  return { Listeners: items.map(told), NextMarker: next };
}

function modifyAttributes(input: Named & { Attributes: { Key?: string; Value?: string }[] }, request: Request) {
  const listener = listenerOf(request, input);
  for (const { Key = '', Value = '' } of input.Attributes) {
    const why = objection('Listener', listenerAttributes(listener.protocol), Key, Value);
    if (why !== undefined) throw invalid(why);
  }
  const changes = Object.fromEntries(input.Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
  const attributes = { ...listener.attributes, ...changes };
  return attributesTold(request.in(listeners).change(listener.arn, { attributes }).attributes);
}

type WithCertificates = Named & { readonly Certificates: { readonly CertificateArn?: string }[] };
const arnsIn = ({ Certificates }: WithCertificates): string[] => Certificates.map((one) => one.CertificateArn ?? '');

export const listenerOperations: Operations = {
  CreateListener: create,
  DescribeListeners: describe,
  ModifyListener: modify,
  DeleteListener: (input: Named, request) => {
    const { arn, actions } = listenerOf(request, input);
    removeListener(request, arn);
    checkAgain(request, actions.flatMap(forwardsTo));
  },
  DescribeListenerAttributes: (input: Named, request) => attributesTold(listenerOf(request, input).attributes),
  ModifyListenerAttributes: modifyAttributes,
  AddListenerCertificates: (input: WithCertificates, request) => {
    const { arn, certificateArns } = listenerOf(request, input);
    for (const certificate of arnsIn(input)) checkCertificate(request, certificate);
    request.in(listeners).change(arn, { certificateArns: [...new Set([...certificateArns, ...arnsIn(input)])] });
    return { Certificates: input.Certificates.map((one) => ({ ...one, IsDefault: false })) };
  },
  RemoveListenerCertificates: (input: WithCertificates, request) => {
    const { arn, certificateArns } = listenerOf(request, input);
    const [standard, ...further] = certificateArns;
    if (standard !== undefined && arnsIn(input).includes(standard))
      throw new AwsError('OperationNotPermitted', 'The default certificate of a listener cannot be removed');
    const left = further.filter((one) => !arnsIn(input).includes(one));
    request.in(listeners).change(arn, { certificateArns: standard === undefined ? left : [standard, ...left] });
  },
  DescribeListenerCertificates: (input: Named & Paged, request) => {
    const { certificateArns } = listenerOf(request, input);
    const { items, next } = paged(request, certificateArns, input);
    const isDefault = (arn: string): boolean => arn === certificateArns[0];
    return {
      Certificates: items.map((CertificateArn) => ({ CertificateArn, IsDefault: isDefault(CertificateArn) })),
      NextMarker: next,
    };
  },
};
