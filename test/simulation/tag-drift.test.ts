import { describe, expect, test } from 'vitest';
import { ownerTags, tagKeys, type NodeOwner } from '../../operator/model/identity.ts';
import { homeRegion } from '../../simulator/account.ts';
import { securityGroups } from '../../simulator/aws/ec2/security-groups.ts';
import { drifts } from '../drift/index.ts';
import { movedBetween, picture } from '../drift/picture.ts';
import { Place } from '../drift/place.ts';
import { taggings, untagged, type Tagging } from '../drift/tags.ts';
import { isSettled } from '../support/virtual-world.ts';

const minutes = (count: number): number => count * 60_000;
const ours = Object.values<string>(tagKeys);

/** What somebody does to owner tags. */
const harms: readonly (readonly [string, (tagging: Tagging, place: Place, node: string) => Promise<unknown>])[] = [
  ['all are removed', (tagging, place, node) => tagging.remove(place, node, ours)],
  ['the one of the node is removed', (tagging, place, node) => tagging.remove(place, node, [tagKeys.node])],
  [
    'another node is named',
    (tagging, place, node) => tagging.set(place, node, { [tagKeys.node]: `${node.split('/')[0]}/elsewhere` }),
  ],
  [
    'another store is named',
    (tagging, place, node) =>
      tagging.set(place, node, { [tagKeys.uid]: '99999999-0000-4000-8000-000000000009', [tagKeys.store]: 'a/b' }),
  ],
];

const reportOn = ({ store }: Place, node: string) => store.last?.nodes.find((report) => report.node === node);

const tagged = drifts.filter(({ type }) => !untagged.includes(type.name));

describe.each(tagged.map((one) => [one.type.name, one] as const))('owner tags of %s', (name, one) => {
  const tagging = taggings[name] as Tagging;
  const { node } = one;
  const { type: moved, writes: follows = [] } = tagging.elsewhere ?? {};
  /** Built once: with its tags back a store is what it was. */
  let place: Place | undefined;

  test.each(harms)('%s: nothing is written, it is told, and it ends with the tags', async (_what, harm) => {
    place ??= await Place.at(one.in);
    const { world, store } = place;
    const owner: NodeOwner = { ...store.owner, node: node as NodeOwner['node'] };
    await harm(tagging, place, node);
    const harmed = picture(world.aws.world);
    const before = world.cloud.writes().length;
    const written = () => world.cloud.writes().slice(before);
    if (tagging.readOnce) world.restart();
    await place.until(() => false, minutes(6));
    expect(written()).toEqual(follows);
    const others = movedBetween(harmed, picture(world.aws.world)).filter((line) => !line.startsWith(`${moved} `));
    expect(others).toEqual([]);
    expect(reportOn(place, node)).toMatchObject({ standing: 'stalled', reason: 'Foreign' });
    expect(reportOn(place, node)?.remedy).toBeTruthy();
    // A process that knows only what status says comes to the same.
    world.restart();
    await place.until(() => false, minutes(4));
    expect(written()).toEqual(follows);

    const { Name: _, ...tags } = ownerTags(owner);
    await tagging.set(place, node, tags);
    if (tagging.readOnce) world.restart();
    const healed = await place.until(() => store.last !== undefined && isSettled(store.last), minutes(35));
    expect(healed, JSON.stringify(reportOn(place, node))).toBeDefined();
    expect(written()).toEqual([...follows, ...follows]);
  });
});

test('what was opened while the tags were gone is closed as soon as they are back, however often their lack was told', async () => {
  const place = await Place.at('production');
  const { world, store } = place;
  const node = 'network/sg-app';
  const tagging = taggings['ec2/security-group'] as Tagging;
  const GroupId = place.id(node);
  await tagging.remove(place, node, ours);
  await place.until(() => false, minutes(20));
  expect(reportOn(place, node)).toMatchObject({ standing: 'stalled', reason: 'Foreign' });
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await world.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  const { Name: _, ...tags } = ownerTags({ ...store.owner, node });
  await tagging.set(place, node, tags);
  const isOpen = () =>
    world.aws.world
      .collection(homeRegion, securityGroups)
      .get(GroupId)
      ?.rules.some(({ fromPort }) => fromPort === 22);
  expect(isOpen()).toBe(true);
  expect(await place.until(() => !isOpen(), minutes(20))).toBeLessThan(90_000);
});

describe('tags that are not ours', () => {
  test.each(
    tagged.filter(({ type }) => type.name !== 'route53/record-set').map((one) => [one.type.name, one] as const),
  )('on %s are left alone', async (name, one) => {
    const place = await Place.at(one.in);
    const tagging = taggings[name] as Tagging;
    const set =
      name === 'autoscaling/group'
        ? place.autoscaling('CreateOrUpdateTags', {
            Tags: [
              {
                ...{ ResourceId: place.id(one.node), ResourceType: 'auto-scaling-group', Key: 'cost-centre' },
                ...{ Value: '42', PropagateAtLaunch: false },
              },
            ],
          })
        : tagging.set(place, one.node, { 'cost-centre': '42' });
    await set;
    const before = place.world.cloud.writes().length;
    const tagged = picture(place.world.aws.world);
    await place.until(() => false, minutes(20));
    expect(place.world.cloud.writes().slice(before)).toEqual([]);
    expect(movedBetween(tagged, picture(place.world.aws.world))).toEqual([]);
  });
});
