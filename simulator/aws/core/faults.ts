import type { Random } from '../../random.ts';
import { AwsError, ConnectionLost } from './aws-error.ts';
import { modelOf, type Protocol, type ServiceId } from './service-model.ts';

/** Something that goes wrong on demand. */
export interface FaultRule {
  readonly service?: string;
  readonly operation?: string;
  readonly region?: string;
  /** How many calls it strikes; without end when left out. */
  readonly count?: number;
  /** How many matching calls pass first. */
  readonly skip?: number;
  /** From 0 to 1; always when left out. */
  readonly probability?: number;
  /** `before`: nothing happens; `after`: the effect happens and the reply is lost. */
  readonly when?: 'before' | 'after';
  readonly error?:
    | 'timeout'
    | 'reset'
    | 'throttle'
    | 'deny'
    | 'internal'
    | { readonly code: string; readonly message?: string; readonly status?: number };
  /** How much later the answer comes, by the caller's clock. */
  readonly latencyMillis?: number;
}

/** The call that a rule may strike. */
interface Struck {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

interface Armed {
  readonly rule: FaultRule;
  passed: number;
  struck: number;
}

/** The faults set now, in the order they were set: the first that matches a call strikes. */
export class Faults {
  #armed: Armed[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule): void {
    this.#armed.push({ rule, passed: 0, struck: 0 });
  }

  /** Takes back a rule that was added, this very one. */
  remove(rule: FaultRule): void {
    this.#armed = this.#armed.filter((armed) => armed.rule !== rule);
  }

  clear(): void {
    this.#armed = [];
  }

  list(): FaultRule[] {
    return this.#armed.map(({ rule }) => rule);
  }

  /** The rule that strikes this call, if any. */
  strike({ service, operation, region }: Struck): FaultRule | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (rule.service !== undefined && rule.service !== service) continue;
      if (rule.operation !== undefined && rule.operation !== operation) continue;
      if (rule.region !== undefined && rule.region !== region) continue;
      if (rule.count !== undefined && armed.struck >= rule.count) continue;
      if (armed.passed++ < (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && this.#random.next() >= rule.probability) continue;
      armed.struck += 1;
      return rule;
    }
    return undefined;
  }
}

type Words = readonly [code: string, status: number];
type Refusals = Readonly<Record<'throttle' | 'deny' | 'internal', Words>>;

/** How a service says that it is too much, not allowed, or that it failed itself. */
const byProtocol: Readonly<Record<Protocol, Refusals>> = {
  ec2: {
    throttle: ['RequestLimitExceeded', 503],
    deny: ['UnauthorizedOperation', 403],
    internal: ['InternalError', 500],
  },
  query: { throttle: ['Throttling', 400], deny: ['AccessDenied', 403], internal: ['InternalFailure', 500] },
  json: {
    ...{ throttle: ['ThrottlingException', 400], deny: ['AccessDeniedException', 400] },
    internal: ['InternalFailure', 500],
  },
  'smithy-rpc-v2-cbor': {
    throttle: ['Throttling', 400],
    deny: ['AccessDenied', 403],
    internal: ['InternalFailure', 500],
  },
  'rest-xml': { throttle: ['Throttling', 400], deny: ['AccessDenied', 403], internal: ['InternalFailure', 500] },
  'rest-json': {
    ...{ throttle: ['TooManyRequestsException', 429], deny: ['AccessDeniedException', 403] },
    internal: ['ServiceException', 500],
  },
};

/** Those that say it otherwise than their protocol's other services, as their API references have it. */
const own: Partial<Record<ServiceId, Partial<Refusals>>> = {
  s3: { throttle: ['SlowDown', 503], internal: ['InternalError', 500] },
  sns: { deny: ['AuthorizationError', 403], internal: ['InternalError', 500] },
  sqs: { throttle: ['RequestThrottled', 400] },
  'cognito-idp': { throttle: ['TooManyRequestsException', 400], internal: ['InternalErrorException', 500] },
};

/** A rule's error, in the words that the service has for it. */
export function errorOf(rule: FaultRule, service: ServiceId, operation: string): Error | undefined {
  const { protocol } = modelOf(service).metadata;
  const said = (what: keyof Refusals, message: string): AwsError => {
    const [code, status] = own[service]?.[what] ?? byProtocol[protocol][what];
    return new AwsError(code, message, status);
  };
  switch (rule.error) {
    case undefined:
      return undefined;
    case 'timeout':
    case 'reset':
      return new ConnectionLost(rule.error);
    case 'throttle':
      return said('throttle', protocol === 'ec2' ? 'Request limit exceeded.' : 'Rate exceeded');
    case 'deny':
      return said(
        'deny',
        protocol === 'ec2'
          ? 'You are not authorized to perform this operation.'
          : `User is not authorized to perform: ${service}:${operation} because no identity-based policy allows the action`,
      );
    case 'internal':
      return said('internal', 'An internal error has occurred');
    default:
      return new AwsError(rule.error.code, rule.error.message ?? 'a fault on demand', rule.error.status ?? 400);
  }
}
