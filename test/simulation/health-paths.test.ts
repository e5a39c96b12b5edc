import { expect, test } from 'vitest';
import { homeRegion, seededImages } from '../../simulator/account.ts';
import { images } from '../../simulator/aws/ec2/images.ts';
import { listeners } from '../../simulator/aws/elbv2/kinds.ts';
import { healthChecks } from '../../simulator/aws/route53/health-checks.ts';
import { becomes, built, second, specOf, typesOf, type Change } from '../support/becoming.ts';
import type { VirtualWorld } from '../support/virtual-world.ts';

const telling =
  (id: string, healthPath: string, more: Partial<Parameters<Change>[0]> = {}): Change =>
  (spec) => ({
    ...spec,
    ...more,
    compute: { ...spec.compute, image: { id }, healthPath, scaling: { min: 2, max: 6 } },
  });

/** The application of each image answers one path only. */
function answering(world: VirtualWorld): void {
  const all = world.aws.world.collection(homeRegion, images);
  all.change(seededImages.storefront, { answersAt: ['/healthz'] });
  all.change(seededImages.next, { answersAt: ['/ready'] });
}

const before = telling(seededImages.storefront, '/healthz', { monitoring: {} });
const after = telling(seededImages.next, '/ready', { monitoring: {} });

/** The target group that the way in leads to, and the page that Route 53 asks for. */
const seen = ({ aws: { world } }: VirtualWorld) => {
  const [https] = world
    .collection(homeRegion, listeners)
    .all()
    .filter(({ port }) => port === 443);
  const leads = JSON.stringify(https?.actions);
  return {
    leads,
    asked: world
      .collection('global', healthChecks)
      .all()
      .map(({ config }) => config.ResourcePath),
  };
};

test('a store whose new image tells its health by another path has as many instances as before at every moment', async () => {
  const { world, store } = await built(before, answering);
  const old = seen(world);
  expect(old.asked).toEqual(['/healthz']);
  const early: unknown[] = [];
  const { unanswered, took } = await becomes(
    ...([world, store, specOf(after)] as const),
    () => {
      const now = seen(world);
      if (now.leads === old.leads && now.asked.includes('/ready')) early.push(now);
    },
    2,
  );
  expect([unanswered, early]).toEqual([[], []]);
  expect(took).toBeLessThan(30 * 60 * second);
  expect(seen(world).asked).toEqual(['/ready']);
  const fresh = await built(after, answering);
  expect(typesOf(world)).toEqual(typesOf(fresh.world));
});

test('a path that nothing answers harms nobody, is told, and leaves nothing once it is taken back', async () => {
  const { world, store } = await built(before, answering);
  const types = typesOf(world);
  const mistyped = specOf(telling(seededImages.storefront, '/helthz', { monitoring: {} }));
  const said = new Set<string>();
  const { unanswered } = await becomes(
    ...([world, store, mistyped] as const),
    (sinceStart) => {
      for (const { node, message } of store.last?.nodes ?? []) said.add(`${node}: ${message}`);
      if (sinceStart > 40 * 60 * second) store.spec = specOf(before);
    },
    2,
  );
  expect(unanswered).toEqual([]);
  expect([...said].join('\n')).toMatch(
    /https: waits until .* serves: 0 of 2 targets .*failed with these codes: \[404\]/,
  );
  expect(typesOf(world)).toEqual(types);
});
