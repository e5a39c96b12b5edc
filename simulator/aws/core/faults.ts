import type { Random } from '../../random.ts';
import { AwsError, ConnectionLost } from './aws-error.ts';
import type { ServiceModel } from './service-model.ts';

/** Something that goes wrong on demand. */
export interface FaultRule {
  readonly service?: string;
  readonly operation?: string;
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

  clear(): void {
    this.#armed = [];
  }

  list(): FaultRule[] {
    return this.#armed.map(({ rule }) => rule);
  }

  /** The rule that strikes this call, if any. */
  strike(service: string, operation: string): FaultRule | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (rule.service !== undefined && rule.service !== service) continue;
      if (rule.operation !== undefined && rule.operation !== operation) continue;
      if (rule.count !== undefined && armed.struck >= rule.count) continue;
      if (armed.passed++ < (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && this.#random.next() >= rule.probability) continue;
      armed.struck += 1;
      return rule;
    }
    return undefined;
  }
}

/** A rule's error, in the words that the service's protocol has for it. */
export function errorOf(rule: FaultRule, model: ServiceModel, service: string, operation: string): Error | undefined {
  const ec2 = model.metadata.protocol === 'ec2';
  const json = model.metadata.protocol === 'json';
  switch (rule.error) {
    case undefined:
      return undefined;
    case 'timeout':
    case 'reset':
      return new ConnectionLost(rule.error);
    case 'throttle':
      return ec2
        ? new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503)
        : new AwsError(json ? 'ThrottlingException' : 'Throttling', 'Rate exceeded', 400);
    case 'deny':
      return ec2
        ? new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403)
        : new AwsError(
            json ? 'AccessDeniedException' : 'AccessDenied',
            `User is not authorized to perform: ${service}:${operation} because no identity-based policy allows the action`,
            json ? 400 : 403,
          );
    case 'internal':
      return new AwsError(ec2 ? 'InternalError' : 'InternalFailure', 'An internal error has occurred', 500);
    default:
      return new AwsError(rule.error.code, rule.error.message ?? 'a fault on demand', rule.error.status ?? 400);
  }
}
