import type { ServiceId } from '../core/service-model.ts';
import { modelOf } from '../core/service-model.ts';
import { serviceOf, signerOf, type WireReply, type WireRequest } from '../front/wire.ts';
import { judgeReply } from './judge-reply.ts';
import { judgeRequest } from './judge-request.ts';
import type { Finding, WireMisfit } from './misfit.ts';
import { recorded, type Exchange } from './exchange.ts';

/** A request that was judged and waits for its reply. */
export interface Seen {
  readonly request: WireRequest;
  readonly service: ServiceId | undefined;
  readonly operation: string | undefined;
  readonly region: string | undefined;
  readonly misfits: readonly WireMisfit[];
}

/** What a front has seen go over its sockets, judged against AWS's service models. */
export class Witness {
  requests = 0;
  replies = 0;
  /** How often each operation was asked for: `ec2:CreateVpc`. */
  readonly operations = new Map<string, number>();
  readonly misfits: WireMisfit[] = [];
  readonly #record: ((exchange: Exchange) => void) | undefined;

  constructor(record?: (exchange: Exchange) => void) {
    this.#record = record;
  }

  asked(request: WireRequest): Seen {
    this.requests += 1;
    const { service, region } = addressee(request);
    if (service === undefined) {
      const nobody: Finding = { path: 'authorization', rule: 'operation', message: 'names no service that is known' };
      return this.#seen({ request, service, region, operation: undefined }, [nobody]);
    }
    const { operation, found } = judgeRequest(modelOf(service), request);
    const call = `${service}:${operation}`;
    if (found.every(({ rule }) => rule !== 'operation'))
      this.operations.set(call, (this.operations.get(call) ?? 0) + 1);
    return this.#seen({ request, service, region, operation }, found);
  }

  /** A reply that goes out; undefined where none does, because the connection is to be lost. */
  answered(seen: Seen, reply: WireReply | undefined): void {
    const { service, operation } = seen;
    const misfits =
      reply && service ? this.#told('reply', seen, judgeReply(service, operation, reply, seen.request)) : [];
    if (reply) this.replies += 1;
    this.misfits.push(...misfits);
    this.#record?.(recorded(seen, reply, [...seen.misfits, ...misfits]));
  }

  /** The misfits so far, which count no more: for tests that make some on purpose. */
  taken(): WireMisfit[] {
    return this.misfits.splice(0);
  }

  toJSON(): object {
    const { requests, replies, misfits } = this;
    return { requests, replies, operations: Object.fromEntries([...this.operations].sort()), misfits };
  }

  #seen(asked: Omit<Seen, 'misfits'>, found: readonly Finding[]): Seen {
    const misfits = this.#told('request', asked, found);
    this.misfits.push(...misfits);
    return { ...asked, misfits };
  }

  #told(
    side: WireMisfit['side'],
    { service, operation }: Omit<Seen, 'misfits'>,
    found: readonly Finding[],
  ): WireMisfit[] {
    return found.map((finding) => ({ side, call: `${service ?? 'nobody'}:${operation ?? '?'}`, ...finding }));
  }
}

function addressee(request: WireRequest): { service?: ServiceId; region?: string } {
  try {
    return { service: serviceOf(request), region: signerOf(request).region };
  } catch {
    return {}; // An unsigned request, or for a service that is not simulated: the caller tells it as a misfit.
  }
}
