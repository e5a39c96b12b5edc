import { describe, expect, test } from 'vitest';
import { asking } from '../../operator/aws/guarded.ts';
import { Fault } from '../../operator/model/faults.ts';
import type { Service } from '../../operator/model/operations.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { becomes, built, isOpen, minimal, second, specOf, typesOf, type Change } from '../support/becoming.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const signIn = { identity: { protectedPaths: ['/account/*'] } } as Partial<EcomStoreManifestSpec>;
const withCdn: Change = (spec) => ({ ...spec, ...signIn, content: {}, cdn: {} });
const without: Change = (spec) => ({ ...spec, ...signIn, content: {} });

/** Both ways. */
const ways: readonly (readonly [string, Change, Change])[] = [
  ['gets a CDN', without, withCdn],
  ['loses its CDN', withCdn, without],
];

describe.each(ways)('a store that %s while it lives', (_, before, after) => {
  test('answers at every moment; then nothing of its old way in is left', async () => {
    const { world, store } = await built(before);
    const { targets, unanswered } = await becomes(world, store, specOf(after));
    expect(unanswered).toEqual([]);
    expect(targets.map((target) => target.endsWith('.cloudfront.net'))).toEqual([
      before === withCdn,
      after === withCdn,
    ]);
    const fresh = await built(after);
    expect(typesOf(world)).toEqual(typesOf(fresh.world));
    expect(await world.leftAlone(store)).toEqual([]);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('does so with a process that dies every quarter of a minute, before lists tell what was written', async () => {
    const { world, store } = await built(before);
    world.aws.world.readLagMillis = 10 * second;
    let died = 0;
    const { unanswered } = await becomes(world, store, specOf(after), (sinceStart) => {
      // Of what dies so often the drain never ends: it is counted from when a process has seen that all is ready.
      if (sinceStart - died < 15 * second || sinceStart > 40 * 60 * second) return;
      died = sinceStart;
      world.restart();
    });
    expect(unanswered).toEqual([]);
    expect(world.existing('elbv2/load-balancer')).toHaveLength(1);
  });

  test('may change its mind on the way', async () => {
    const { world, store } = await built(before);
    const original = store.spec;
    const { unanswered, targets } = await becomes(world, store, specOf(after), (sinceStart) => {
      if (sinceStart > 100 * second) store.spec = original;
    });
    expect(unanswered).toEqual([]);
    expect(targets).toHaveLength(1);
    const fresh = await built(before);
    expect(typesOf(world)).toEqual(typesOf(fresh.world));
  });

  test('may change its mind when the old way in is only still there for old answers of the DNS', async () => {
    const { world, store } = await built(before);
    const original = store.spec;
    const isDraining = () => store.last?.leaving.some(({ reason }) => reason === 'Draining') ?? false;
    const there = await becomes(world, store, specOf(after), () => {
      if (isDraining()) store.spec = original;
    });
    const again = await becomes(world, store, specOf(after));
    expect([there.unanswered, again.unanswered]).toEqual([[], []]);
    const fresh = await built(after);
    expect(typesOf(world)).toEqual(typesOf(fresh.world));
  });

  test('answers while a new process cannot read a service, and does not see what is on its way out', async () => {
    const { world, store } = await built(before);
    let isBlind = false;
    world.reachBy(
      asking(world.cloud, (service, kind) => {
        if (isBlind && kind === 'read' && behindFront.includes(service))
          throw new Fault('transient', `${service} does not answer`);
      }),
    );
    const { unanswered } = await becomes(world, store, specOf(after), (sinceStart) => {
      const wasBlind = isBlind;
      isBlind = sinceStart > 30 * second && sinceStart < 5 * 60 * second;
      if (isBlind && !wasBlind) world.restart();
    });
    expect(unanswered).toEqual([]);
    const fresh = await built(after);
    expect(typesOf(world)).toEqual(typesOf(fresh.world));
  });

  // Its instances wait for parameters, one of which leads to who signs: that must not wait for instances.
  test.each([1, 30, 300])('may change its mind %i seconds after it is made', async (seconds) => {
    const withDatabase = (change: Change) => (spec: EcomStoreManifestSpec) => ({ ...change(spec), database: {} });
    const world = new VirtualWorld();
    const store = world.add(minimal, withDatabase(before));
    const until = world.clock.now() + seconds * second;
    while (world.clock.now() < until) {
      await world.pass(store);
      world.clock.advance(second);
    }
    store.spec = specOf(withDatabase(after));
    await world.settle(store);
    const fresh = await built(withDatabase(after));
    expect(typesOf(world)).toEqual(typesOf(fresh.world));
  });

  test.each(['WaitingForOthers', 'Draining'])('closes what a stranger opens in its old way in (%s)', async (reason) => {
    const { world, store } = await built(before);
    const GroupId = world.idOf(store, before === withCdn ? 'network/sg-alb-internal' : 'network/sg-alb');
    const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    let openedAt: number | undefined;
    let closedAt: number | undefined;
    const happenings: string[] = [];
    await becomes(world, store, specOf(after), async () => {
      const { leaving = [], happenings: told = [] } = store.last ?? {};
      happenings.push(...told.filter(({ message }) => message.includes(GroupId)).map(({ kind }) => kind));
      if (openedAt === undefined && leaving.some((one) => one.reason === reason)) {
        openedAt = world.clock.now();
        await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [ssh] });
      } else if (openedAt !== undefined && !(await isOpen(world, GroupId, 22))) closedAt ??= world.clock.now();
    });
    expect((closedAt as number) - (openedAt as number)).toBeLessThan(75 * second);
    expect(happenings).toEqual(['DriftHealed', 'Deleted']);
  });

  test('closes what a stranger opens in its old way in although its process began meanwhile', async () => {
    const { world, store } = await built(before);
    const GroupId = world.idOf(store, before === withCdn ? 'network/sg-alb-internal' : 'network/sg-alb');
    const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    let openedAt: number | undefined;
    let closedAt: number | undefined;
    const { unanswered } = await becomes(world, store, specOf(after), async () => {
      if (openedAt === undefined && store.last?.leaving.some((one) => one.reason === 'WaitingForOthers')) {
        openedAt = world.clock.now();
        world.restart();
        await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [ssh] });
      } else if (openedAt !== undefined && !(await isOpen(world, GroupId, 22))) closedAt ??= world.clock.now();
    });
    expect(unanswered).toEqual([]);
    expect((closedAt as number) - (openedAt as number)).toBeLessThan(75 * second);
  });

  test('is removed whole on the way', async () => {
    const { world, store } = await built(before);
    store.spec = specOf(after);
    for (let i = 0; i < 60; i++) {
      await world.pass(store);
      world.clock.advance(2 * second);
    }
    expect(world.existing('elbv2/load-balancer')).toHaveLength(2);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });
});

const behindFront: readonly Service[] = ['elbv2', 'cloudfront'];
