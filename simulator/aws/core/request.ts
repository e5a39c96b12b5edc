import { AwsError } from './aws-error.ts';
import type { Collection } from './collection.ts';
import type { Kind, World } from './world.ts';

/** What an operation is given beside its input. */
export class Request {
  readonly world: World;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly requestId: string;

  constructor(parts: { world: World; service: string; operation: string; region: string; requestId: string }) {
    this.world = parts.world;
    [this.service, this.operation] = [parts.service, parts.operation];
    [this.region, this.requestId] = [parts.region, parts.requestId];
  }

  get now(): number {
    return this.world.now();
  }

  get account(): string {
    return this.world.account;
  }

  in<T extends object>(kind: Kind<T>): Collection<T> {
    return this.world.collection(this.region, kind);
  }

  /** What a list tells: the world as it was a read lag ago, in no promised order. */
  listed<T extends object>(kind: Kind<T>): T[] {
    const { readLagMillis, shuffleLists, random } = this.world;
    const listed = this.in(kind).asOf(readLagMillis > 0 ? this.now - readLagMillis : Infinity);
    return shuffleLists ? random.shuffled(listed) : listed;
  }

  arn(resource: string, service = this.service, region = this.region): string {
    return `arn:aws:${service}:${region}:${this.account}:${resource}`;
  }

  /** `vpc-` and 17 hexadecimal digits. */
  id(prefix: string): string {
    return `${prefix}-0${this.world.random.hex(16)}`;
  }

  /** Refuses one more than the quota allows. */
  withinQuota(name: string, standard: number, inUse: number, code: string, message: string): void {
    if (inUse >= (this.world.quotas.get(name) ?? standard)) throw new AwsError(code, message);
  }
}

// Inputs were validated against the model before a handler sees them; each handler states the shape that it reads.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handler = (input: any, request: Request) => object | void;
export type Operations = Readonly<Record<string, Handler>>;
