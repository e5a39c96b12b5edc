import { fail } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { decide, unread } from '../../operator/model/decide.ts';
import { Fault } from '../../operator/model/faults.ts';
import { clientToken, ownerTags, physicalName, type NodeOwner } from '../../operator/model/identity.ts';
import type { Aws } from '../../operator/model/ports.ts';
import {
  fieldOf,
  type AnyResourceType,
  type Birth,
  type Found,
  type ResourceType,
  type Scope,
} from '../../operator/model/resource-type.ts';
import { createSimulatedAws, type SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { SimulatedCloud } from '../support/simulated-cloud.ts';

export const region = 'eu-central-1';
export const owner: NodeOwner = {
  installation: 'default',
  namespace: 'shops',
  name: 'acme',
  uid: '0c8a4d9e-0000-4000-8000-000000000001',
  node: 'law/subject',
};

/** Of whose namespace that store is. */
export const tenant = { installation: owner.installation, namespace: owner.namespace };

/** A new account, the operator's port onto it, and one type under test. */
export class Court {
  readonly clock = new VirtualClock();
  readonly simulated: SimulatedAws = createSimulatedAws({ clock: this.clock });
  readonly cloud = new SimulatedCloud(this.simulated);
  readonly type: AnyResourceType;

  constructor(type: AnyResourceType) {
    this.type = type;
  }

  get aws(): Aws {
    return this.cloud.at(region);
  }

  /** Somebody else calls AWS: to prepare what the type stands on, or behind our back. */
  async other<T>(service: string, operation: string, input: object): Promise<T> {
    return (await this.simulated.handle({ service, operation, input, region, principal: 'somebody' })) as T;
  }

  birth(incarnation = 'a'): Birth {
    const [name, token] = [physicalName(owner, incarnation), clientToken(owner, incarnation)];
    return { owner, name, token, tags: ownerTags(owner) };
  }

  /** What a list reads: nothing is known before, and nothing hangs below anything, where it is not said. */
  scope(more: Partial<Pick<Scope, 'known' | 'last' | 'parents'>> = {}): Scope {
    const { account } = this.cloud;
    return {
      installation: owner.installation,
      account,
      region,
      now: this.clock.now(),
      recently: this.clock.now() - 15_000,
      known: () => undefined,
      last: () => undefined,
      parents: [],
      ...more,
    };
  }

  /** Everything that the type's list tells. */
  async list(props: object): Promise<Found[]> {
    const parent = this.type.parentOf?.(props);
    const scope = this.scope({ parents: parent ? [parent] : [] });
    const found: Found[] = [];
    for await (const page of this.type.list(this.aws, scope)) found.push(...(page as Found[]));
    return found;
  }

  /** Asks for the deletion again for as long as AWS needs more than one step, as the engine does. */
  async remove(found: Found): Promise<void> {
    for (let turn = 0; turn < 30; turn++)
      try {
        return await this.type.delete(this.aws, found);
      } catch (error) {
        if (!(error instanceof Fault && error.kind === 'busy')) throw error;
        this.clock.advance(60_000);
      }
    fail(`${this.type.name} is not deleted in half an hour`);
  }

  /** What we own, with its details. */
  async own(props: object): Promise<Found[]> {
    const owned = (await this.list(props)).filter((found) => found.owner?.uid === owner.uid);
    const detailed = await Promise.all(
      owned.map(async (found) => {
        const { type, aws } = this;
        if (!type.detail && !type.details) return found;
        const one = type.details ? (await type.details(aws, owned)).get(found.id) : await type.detail?.(aws, found);
        const told = one as Partial<Found> | undefined;
        return told && { ...found, ...told, props: { ...found.props, ...told.props } };
      }),
    );
    return detailed.filter((found) => found !== undefined);
  }

  decide(props: object, found: Found | undefined) {
    return decide({ type: this.type, wanted: props as Record<string, unknown>, found, mayReplace: false });
  }

  /** Looks, decides and acts until nothing is left to do. Time passes while AWS is at work. */
  async settle(props: object): Promise<Found> {
    for (let turn = 0; turn < 60; turn++) {
      const [found] = await this.own(props);
      const decision = this.decide(props, found);
      if (decision.do === 'nothing') return found as Found;
      if (decision.do === 'create') await this.type.create(this.aws, props, this.birth());
      else if (decision.do === 'update')
        await this.type.update(this.aws, found as Found, props, new Set(decision.fields));
      else if (decision.do === 'wait') this.clock.advance(30_000);
      else fail(`asked to ${decision.do} ${JSON.stringify(decision)}`);
    }
    fail(`${this.type.name} does not settle: ${JSON.stringify(await this.own(props))}`);
  }

  writesSince(count: number): string[] {
    return this.cloud.writes().slice(count);
  }
}

export interface Sample<P extends object> {
  /** Makes what the type stands on, and answers props that are wanted of it. */
  ground(court: Court): Promise<P>;
  /** For every live field another good value. */
  live: { readonly [K in keyof P]?: (props: P, court: Court) => P[K] | Promise<P[K]> };
  /** For every fixed field another value. */
  fixed: { readonly [K in keyof P]?: unknown };
  /** Fields whose drift cannot be made by our own update, with why. */
  readonly notDrifted?: readonly (keyof P & string)[];
  /** How many writes the healing of a live field may take, where AWS needs more than one. */
  readonly writes?: { readonly [K in keyof P]?: number };
  /** Makes something of the same name without our tags, where the type has names. */
  readonly foreign?: (court: Court, props: P) => Promise<void>;
}

/** The outputs that another value was told of. */
const movedOutputs = ({ outputs: before }: Found, { outputs: after }: Found): string[] => {
  const [was, is] = [before, after] as Record<string, unknown>[];
  return Object.keys(was ?? {}).filter(
    (output) => output in (is ?? {}) && !isDeepStrictEqual(was?.[output], is?.[output]),
  );
};

const outputsMovedBy = ({ moves = {} }: AnyResourceType, name: string): string[] =>
  Object.entries(moves as Record<string, readonly string[]>).flatMap(([output, by]) =>
    by.includes(name) ? [output] : [],
  );

/** What every resource type must hold to. */
export function laws<P extends object, O extends object>(type: ResourceType<P, O>, sample: Sample<P>): void {
  let court: Court;
  let props: P;
  beforeEach(async () => {
    court = new Court(type);
    props = await sample.ground(court);
    court.clock.advance(600_000);
  });
  const modes = (mode: string) =>
    (Object.keys(type.fields) as (keyof P & string)[]).filter((name) => fieldOf(type, name).mode === mode);

  describe(`the laws for ${type.name}`, () => {
    test('has a sample for every live and every fixed field', () => {
      const skipped: readonly string[] = sample.notDrifted ?? [];
      expect(Object.keys(sample.live).sort()).toEqual(
        modes('live')
          .filter((name) => !skipped.includes(name))
          .sort(),
      );
      expect(Object.keys(sample.fixed).sort()).toEqual(modes('fixed').sort());
    });

    test('what was created reads back equal, with all its props read', async () => {
      const found = await court.settle(props);
      expect(unread({ type, wanted: props as Record<string, unknown>, found, mayReplace: false })).toEqual([]);
      expect(found.owner).toEqual(owner);
      expect(found.state).toEqual({ is: 'ready' });
      expect(Object.values(found.outputs).every((output) => output !== undefined)).toBe(true);
    });

    test('create claims nothing that a later look does not find', async () => {
      const made = await type.create(court.aws, props, court.birth());
      court.clock.advance(1_000);
      const [found] = await court.own(props);
      for (const [name, value] of Object.entries(made.props))
        if (fieldOf(type, name).mode !== 'seed' && found && name in found.props)
          expect([name, (found.props as Record<string, unknown>)[name]]).toEqual([name, value]);
      expect(found?.id).toBe(made.id);
    });

    test('a second look writes nothing', async () => {
      await court.settle(props);
      const before = court.cloud.writes().length;
      await court.settle(props);
      expect(court.writesSince(before)).toEqual([]);
    });

    test('every page is read', async () => {
      await court.settle(props);
      // More of them, where AWS has room for more beside the first: a second subnet has no addresses, a name is taken.
      for (const incarnation of ['b', 'c'])
        await type.create(court.aws, props, court.birth(incarnation)).catch((error: unknown) => {
          if (!(error instanceof Fault)) throw error;
        });
      court.clock.advance(1_200_000);
      const ids = async () => (await court.own(props)).map(({ id }) => id).sort();
      const all = await ids();
      expect(all.length).toBeGreaterThanOrEqual(1);
      court.simulated.world.pageSize = 1;
      court.simulated.world.shuffleLists = true;
      expect(await ids()).toEqual(all);
    });

    if (type.once === 'token')
      test('created twice with one token it is one', async () => {
        const { id } = await type.create(court.aws, props, court.birth());
        // Most services answer the first one again; CloudFront refuses a reference it has seen.
        const second = await type.create(court.aws, props, court.birth()).catch((error: unknown) => error);
        expect(second).toMatchObject(second instanceof Error ? { kind: 'foreign' } : { id });
        expect(await court.own(props)).toHaveLength(1);
      });

    if (type.once === 'name')
      test('created twice under one name it is one', async () => {
        const { id } = await type.create(court.aws, props, court.birth());
        // Most services refuse the second one; Elastic Load Balancing answers the first again.
        const second = await type.create(court.aws, props, court.birth()).catch((error: unknown) => error);
        expect(second).toMatchObject(second instanceof Error ? { kind: 'foreign' } : { id });
        const owned = await court.own(props);
        expect(owned).toHaveLength(1);
        expect(owned[0]?.key).toBe(type.key?.(props, court.birth().name));
      });

    for (const [name, another] of Object.entries(sample.live) as [
      keyof P & string,
      (props: P, court: Court) => unknown,
    ][]) {
      test(`${name} heals in place and nothing else moves`, async () => {
        const before = await court.settle(props);
        const drifted = { ...props, [name]: await another(props, court) };
        const [found] = await court.own(props);
        expect(court.decide(drifted, found)).toEqual({ do: 'update', fields: [name] });
        const count = court.cloud.writes().length;
        await type.update(court.aws, found as Found<P, O>, drifted, new Set([name]));
        expect(court.writesSince(count).length).toBeLessThanOrEqual(sample.writes?.[name] ?? 1);
        const after = await court.settle(drifted);
        expect({ ...after.props, [name]: undefined }).toEqual({ ...before.props, [name]: undefined });
        expect(after.id).toBe(before.id);
        expect(movedOutputs(before, after)).toEqual(outputsMovedBy(type, name));
        await court.settle(props);
      });
    }

    for (const [name, another] of Object.entries(sample.fixed) as [keyof P & string, unknown][])
      test(`${name} asks for a replacement or is refused`, async () => {
        const found = await court.settle(props);
        const decision = court.decide({ ...props, [name]: another }, found);
        expect(decision).toMatchObject({ do: type.replace === 'refuse' ? 'refuse' : 'replace', fields: [name] });
      });

    for (const name of modes('seed'))
      test(`${name} is not looked at again`, async () => {
        const found = await court.settle(props);
        expect(court.decide({ ...props, [name]: 'something else' }, found)).toEqual({ do: 'nothing' });
      });

    if (type.stands)
      test('whether it stands is told by its id alone, and not of what is gone', async () => {
        const found = (await court.settle(props)) as Found<P, O>;
        expect(await type.stands?.(court.aws, found.id)).toBe(true);
        await type.delete(court.aws, found);
        court.clock.advance(600_000);
        expect(await type.stands?.(court.aws, found.id)).toBe(false);
      });

    if (type.named)
      test('a single one is told by its id as the list tells it, and not when it is gone', async () => {
        const found = (await court.settle(props)) as Found<P, O>;
        const scope = court.scope({ last: (id) => (id === found.id ? found : undefined) });
        expect(await type.named?.(court.aws, [found.id, 'nobody'], scope)).toEqual(
          (await court.list(props)).filter(({ id }) => id === found.id),
        );
        await type.delete(court.aws, found);
        court.clock.advance(600_000);
        expect(await type.named?.(court.aws, [found.id], scope)).toEqual([]);
      });

    test('deleting leaves nothing, and deleting again is no error', async () => {
      const found = (await court.settle(props)) as Found<P, O>;
      const count = court.cloud.writes().length;
      await court.remove(found);
      expect(court.writesSince(count).map((call) => call.split(':')[1])).toContain(type.endedBy);
      court.clock.advance(600_000);
      await court.remove(found);
      expect(await court.own(props)).toEqual([]);
    });

    const { foreign } = sample;
    if (foreign)
      test("somebody else's of the same name is told as foreign, and stays", async () => {
        await foreign(court, props);
        const listed = (await court.list(props)).filter(({ key }) => key === type.key?.(props, court.birth().name));
        expect(listed.map((found) => found.owner)).toEqual(listed.map(() => undefined));
        expect(await court.own(props)).toEqual([]);
        await expect(type.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'foreign' });
      });
  });
}
