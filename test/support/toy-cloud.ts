import { Fault } from '../../operator/model/faults.ts';
import type { NodeOwner } from '../../operator/model/identity.ts';
import type { Aws, Cloud } from '../../operator/model/ports.ts';
import type {
  AnyResourceType,
  Beat,
  Found,
  LookupType,
  Registry,
  ResourceType,
  State,
} from '../../operator/model/resource-type.ts';

/** A thing in the toy cloud. */
export interface Thing {
  readonly id: string;
  readonly type: string;
  readonly owner: NodeOwner | undefined;
  readonly key?: string;
  props: Record<string, unknown>;
  readonly born: number;
  readyAt: number;
  /** Why AWS gave it up. */
  failure?: string;
}

export interface ToyProps {
  readonly size?: number;
  readonly color?: string;
  readonly seed?: number;
  readonly below?: string;
  readonly friend?: string;
}

export interface ToyOutputs {
  readonly id: string;
}

/**
 * The smallest AWS that the engine can be wrong about: things of a few types, lists that lag behind, faults on demand.
 * It is no stand-in for a service: it exists so that the engine's own rules can be tested one at a time.
 */
export class ToyCloud implements Cloud {
  readonly account = '111122223333';
  readonly things = new Map<string, Thing>();
  /** What every call did, in order: `create toy/box shops/acme box/a`. */
  readonly log: string[] = [];
  /** Lists tell of the world as it was so long ago. */
  lag = 0;
  /** Thrown once by the next matching call, before or after its effect. */
  readonly faults: { call: string; fault: Fault; after?: boolean }[] = [];
  readonly clock: { now(): number };
  readonly #history: { at: number; things: Map<string, Thing> }[] = [];
  #next = 1;

  constructor(clock: { now(): number }) {
    this.clock = clock;
  }

  at(): Aws {
    return {} as Aws;
  }

  change(): void {
    const things = new Map([...this.things].map(([id, thing]) => [id, { ...thing, props: { ...thing.props } }]));
    this.#history.push({ at: this.clock.now(), things });
  }

  seen(): Thing[] {
    const until = this.clock.now() - this.lag;
    return [...(this.#history.findLast(({ at }) => at <= until)?.things.values() ?? [])];
  }

  put(thing: Omit<Thing, 'id' | 'born'>): Thing {
    const made = { ...thing, id: `${thing.type}-${this.#next++}`, born: this.clock.now() };
    this.things.set(made.id, made);
    this.change();
    return made;
  }

  remove(id: string): void {
    this.things.delete(id);
    this.change();
  }

  effect<T>(call: string, run: () => T): T {
    const index = this.faults.findIndex((one) => call.startsWith(one.call));
    const [planned] = index < 0 ? [] : this.faults.splice(index, 1);
    this.log.push(call);
    if (planned && !planned.after) throw planned.fault;
    const result = run();
    if (planned) throw planned.fault;
    return result;
  }

  writes(): string[] {
    return this.log.filter((call) => !call.startsWith('list') && !call.startsWith('ask'));
  }
}

export interface ToyOptions {
  readonly needs?: readonly string[];
  readonly once?: 'token' | 'name' | 'journal';
  readonly replace?: 'create-first' | 'delete-first' | 'refuse';
  readonly slow?: number;
  readonly refusesDelete?: boolean;
  /** A used token is refused, be what it made there or gone. */
  readonly refusesUsedTokens?: boolean;
  /** Updates are accepted, and change nothing. */
  readonly forgetsUpdates?: boolean;
  readonly beat?: Beat;
  readonly keepsOut?: true;
  /** Another size stops what it serves for a while. */
  readonly interrupts?: true;
  /** Single things can be read without the list. */
  readonly named?: boolean;
}

export function toyType(cloud: ToyCloud, name: string, options: ToyOptions = {}): ResourceType<ToyProps, ToyOutputs> {
  const { needs = [], once = 'journal', replace = 'refuse', slow = 0 } = options;
  const tokens = new Map<string, Thing>();
  const told = (thing: Thing): Found<ToyProps, ToyOutputs> => {
    const making: State =
      thing.readyAt <= cloud.clock.now() ? { is: 'ready' } : { is: 'pending', reason: 'being made' };
    const state: State = thing.failure === undefined ? making : { is: 'failed', reason: thing.failure };
    const { id, key, owner, props, born } = thing;
    return { id, key, owner, state, props: { ...props }, outputs: { id }, bornAt: born };
  };
  const seen = () =>
    cloud
      .seen()
      .filter((thing) => thing.type === name)
      .map(told);
  return {
    name,
    fields: {
      size: options.interrupts ? { mode: 'live', interrupts: true } : 'live',
      color: 'fixed',
      seed: 'seed',
      below: 'fixed',
      friend: { mode: 'live', late: true },
    },
    needs,
    once,
    endedBy: 'DeleteToy',
    replace,
    beat: options.beat ?? 'existence',
    ...(options.keepsOut ? { keepsOut: true } : {}),
    scope: 'regional',
    ...(once === 'name' ? { key: (_: ToyProps, given: string) => given } : {}),
    async *list() {
      cloud.effect(`list ${name}`, () => undefined);
      yield seen();
    },
    ...(options.named
      ? {
          async named(_aws: Aws, ids: readonly string[]) {
            cloud.effect(`list ${ids.join(' ')} of ${name}`, () => undefined);
            return seen().filter(({ id }) => ids.includes(id));
          },
        }
      : {}),
    async create(_aws, props, { owner, name: physical, token }) {
      return cloud.effect(`create ${name} ${owner.node}`, () => {
        const key = once === 'name' ? physical : undefined;
        const same = tokens.get(token);
        if (options.refusesUsedTokens && same) throw new Fault('foreign', 'used before', { usedToken: true });
        // AWS answers a used token with what it made for it, be that dead or not.
        if (once === 'token' && same) return told(cloud.things.get(same.id) ?? same);
        if (key !== undefined && [...cloud.things.values()].some((thing) => thing.key === key))
          throw new Fault('foreign', `${key} exists`, { code: 'AlreadyExists' });
        const { friend: _friend, ...born } = props;
        const readyAt = cloud.clock.now() + slow;
        const thing = cloud.put({ type: name, owner, key, props: { friend: undefined, ...born }, readyAt });
        tokens.set(token, thing);
        return told(thing);
      });
    },
    async update(_aws, found, props, fields) {
      cloud.effect(`update ${name} ${found.id} ${[...fields].join(',')}`, () => {
        const thing = cloud.things.get(found.id);
        if (!thing) throw new Fault('absent', `${found.id} is gone`);
        if (options.forgetsUpdates) return;
        for (const field of fields) thing.props[field] = props[field];
        cloud.change();
      });
    },
    async delete(_aws, found) {
      cloud.effect(`delete ${name} ${found.id}`, () => {
        if (options.refusesDelete) throw new Fault('refused', 'it holds what is not ours');
        cloud.remove(found.id);
      });
    },
  };
}

export const toyLookup = (cloud: ToyCloud, answer: () => object): LookupType<{ what: string }, { value: string }> => ({
  name: 'toy/lookup',
  scope: 'regional',
  lookup: async () => cloud.effect('ask toy/lookup', () => answer() as { value: string }),
});

export const registryOf = (...resources: AnyResourceType[]): Registry => ({
  resources,
  lookups: [],
});
