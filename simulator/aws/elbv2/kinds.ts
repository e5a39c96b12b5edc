import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import type { TagMap, TagPair } from '../core/tags.ts';
import { toTagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

/** Everything in Elastic Load Balancing is known by its ARN. */
export interface Named {
  readonly arn: string;
  readonly tags: TagMap;
}

export type Attributes = Readonly<Record<string, string>>;

export interface LoadBalancer extends Named {
  readonly name: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  /** By subnet, its zone and the network interface in it. */
  readonly places: readonly Place[];
  readonly groupIds: readonly string[];
  readonly ipAddressType: string;
  readonly dnsName: string;
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html */
  readonly state: 'provisioning' | 'active' | 'failed';
  readonly createdAt: number;
  readonly attributes: Attributes;
}

export interface Place {
  readonly subnetId: string;
  readonly zone: string;
  readonly interfaceId: string;
}

export interface TargetGroup extends Named {
  readonly name: string;
  readonly vpcId: string;
  readonly port: number;
  readonly protocol: string;
  readonly protocolVersion: string;
  readonly targetType: string;
  readonly ipAddressType: string;
  readonly check: HealthCheck;
  readonly attributes: Attributes;
}

export interface HealthCheck {
  readonly protocol: string;
  readonly port: string;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly matcher: string;
}

/** What a listener or rule does with a request, as the API has it. */
export interface Action {
  readonly Type: string;
  readonly Order?: number;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: {
    readonly TargetGroups?: readonly { readonly TargetGroupArn?: string; readonly Weight?: number }[];
    readonly TargetGroupStickinessConfig?: { readonly Enabled?: boolean; readonly DurationSeconds?: number };
  };
  readonly RedirectConfig?: {
    readonly Protocol?: string;
    readonly Port?: string;
    readonly Host?: string;
    readonly Path?: string;
    readonly Query?: string;
    readonly StatusCode: string;
  };
  readonly FixedResponseConfig?: object;
  readonly AuthenticateCognitoConfig?: {
    readonly UserPoolArn: string;
    readonly UserPoolClientId: string;
    readonly UserPoolDomain: string;
    readonly SessionCookieName?: string;
    readonly Scope?: string;
    readonly SessionTimeout?: number;
    readonly AuthenticationRequestExtraParams?: Readonly<Record<string, string>>;
    readonly OnUnauthenticatedRequest?: string;
  };
}

export interface Listener extends Named {
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: string;
  readonly sslPolicy: string | undefined;
  /** The default certificate first, then the further ones. */
  readonly certificateArns: readonly string[];
  readonly actions: readonly Action[];
  readonly attributes: Attributes;
}

export interface Rule extends Named {
  readonly listenerArn: string;
  /** `default` for the rule that every listener has. */
  readonly priority: number | 'default';
  readonly conditions: readonly object[];
  readonly actions: readonly Action[];
}

const kind = <T extends Named>(type: string, more: Partial<Kind<T>> = {}): Kind<T> => ({
  type: `elbv2/${type}`,
  tags: ({ tags }) => tags,
  ...more,
});

export const loadBalancers = kind<LoadBalancer>('load-balancer', { dollarsPerHour: () => 0.027 });
export const targetGroups = kind<TargetGroup>('target-group');
export const listeners = kind<Listener>('listener');
/** The default rule is part of its listener: nobody makes or deletes it. */
export const rules = kind<Rule>('rule', { exists: ({ priority }) => priority !== 'default' });

const missing = {
  'load-balancer': ['LoadBalancerNotFound', 'load balancers'],
  'target-group': ['TargetGroupNotFound', 'target groups'],
  listener: ['ListenerNotFound', 'listeners'],
  rule: ['RuleNotFound', 'rules'],
} as const;

export const notFound = (what: keyof typeof missing): AwsError =>
  new AwsError(missing[what][0], `One or more ${missing[what][1]} not found`);

/** The one with this ARN as it truly is, or the error of its kind. */
export function the<T extends Named>(request: Request, of: Kind<T>, what: keyof typeof missing, arn = ''): T {
  const found = request.in(of).get(arn);
  if (!found) throw notFound(what);
  return found;
}

/** Those with the given ARNs; an ARN of nothing is an error. */
export function chosen<T extends Named>(all: readonly T[], arns: readonly string[] | undefined, lost: AwsError): T[] {
  if (!arns || arns.length === 0) return [...all];
  const found = all.filter(({ arn }) => arns.includes(arn));
  if (found.length < new Set(arns).size) throw lost;
  return found;
}

export interface Paged {
  readonly Marker?: string;
  readonly PageSize?: number;
}

export const paged = <T>(request: Request, all: readonly T[], { Marker, PageSize }: Paged) =>
  pageOf(request.world, all, {
    token: Marker,
    size: PageSize,
    most: 400,
    badToken: () => new AwsError('ValidationError', `The marker '${Marker}' is not valid`),
  });

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);
export const misconfigured = (message: string): AwsError => new AwsError('InvalidConfigurationRequest', message);

export const arnOf = (request: Request, resource: string): string => request.arn(resource, 'elasticloadbalancing');

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html: rules for names. */
export function checkName(what: string, name: string): void {
  if (!/^[A-Za-z0-9-]{1,32}$/.test(name))
    throw invalid(`${what} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`);
  if (name.startsWith('-') || name.endsWith('-'))
    throw invalid(`${what} name '${name}' cannot begin or end with a hyphen(-)`);
  if (name.startsWith('internal-')) throw invalid(`${what} name '${name}' cannot begin with 'internal-'`);
}

export function tagsGiven(pairs: readonly TagPair[] = []): TagMap {
  const tags = toTagMap(pairs);
  if (Object.keys(tags).length < pairs.length)
    throw new AwsError('DuplicateTagKeys', 'Tag keys must be unique within a request');
  if (pairs.length > 50) throw new AwsError('TooManyTags', 'The maximum number of tags is 50');
  if (Object.keys(tags).some((key) => key.startsWith('aws:')))
    throw invalid("Tag keys starting with 'aws:' are reserved for internal use");
  return tags;
}
