import { tagKeys } from '../../../operator/model/identity.ts';
import { registry } from '../../../operator/resources/index.ts';
import type { EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import { endState } from '../../support/crash-sweep/end-state.ts';
import { maskOf, type Mask } from '../../support/crash-sweep/words.ts';
import { VirtualOperator, type StoreHandle } from '../../support/virtual-operator.ts';
import type { History } from './history.ts';

const minute = 60_000;
const ownTypes = new Set(registry.resources.map(({ name }) => name));

type Told = Readonly<Record<string, unknown>>;

/**
 * What AWS keeps of a thing's past, and what belongs to AWS once the thing is made: of the versions of a template only
 * the one that serves counts, whatever its number; how many instances a group has now, between its least and its most,
 * and what it met on the way, is not the operator's.
 */
const withoutPast: Readonly<Record<string, (value: Told) => Told>> = {
  'ec2/launch-template': ({ versions, latestVersion, defaultVersion, ...rest }) => ({
    ...rest,
    serves: (versions as readonly { data: object }[]).at(-1)?.data,
    isDefault: latestVersion === defaultVersion,
  }),
  // What waits for its window counts as done, and where a standby stands is AWS's.
  'rds/instance': ({ settings, pending, secondaryZone: _, interfaceIds: _interfaces, ...rest }) => ({
    ...rest,
    settings: { ...(settings as Told), ...(pending as Told) },
  }),
  'route53/health-check': ({ callerReference: _, ...rest }) => rest,
  // Metrics that nobody asks for any more cost nothing, and are left on.
  'autoscaling/group': ({ configuration, tags, desired: _, failures: _f, retryAt: _r, metrics: _m, ...rest }) => ({
    ...rest,
    template: (configuration as { LaunchTemplate?: { LaunchTemplateId: string } }).LaunchTemplate?.LaunchTemplateId,
    tags: (tags as readonly { Key: string; Value: string }[])
      .filter(({ Key }) => Key !== 'ecom.io/rolled-out')
      .map((tag) => (tag.Key === 'ecom.io/rollout' ? { ...tag, Value: tag.Value.replace(/^\d+-/, '') } : tag)),
  }),
};

/** The tag for people's eyes is given at birth and is no prop of anything: who takes it away is not put right. */
const isForEyes = ([key]: readonly [string, unknown]): boolean => key === 'Name';

const withoutName = (value: Told): Told =>
  typeof value['tags'] === 'object' && !Array.isArray(value['tags'])
    ? { ...value, tags: Object.fromEntries(Object.entries(value['tags'] as Told).filter((tag) => !isForEyes(tag))) }
    : value;

/** What alarms are told apart by follows from ids. */
const withoutDigests = (told: string): string => told.replace(/\b(ecom\/[\w./-]+)-[0-9a-f]{8}\b/g, '$1-#');

/** What stores have in AWS, in the simulator's own words and without ids: of their own alone, and of nobody else's. */
function heldBy(world: VirtualOperator, mask: Mask, stores: readonly StoreHandle[]): string[] {
  const uids = new Set(stores.map(({ uid }) => uid));
  const existing = world.ledger
    .existing()
    .filter(({ type, tags }) => ownTypes.has(type) && uids.has(tags[tagKeys.uid] ?? ''));
  const ids = new Set(existing.map(({ type, id }) => `${type} ${id}`));
  const contents = world.aws.world.contents().flatMap(({ type, id, value }) => {
    if (!ids.has(`${type} ${id}`)) return [];
    return [{ type, id, value: withoutName(withoutPast[type]?.(value as Told) ?? (value as Told)) }];
  });
  // A view of the world in which nothing else is.
  const alone = { aws: { world: { contents: () => contents } }, ledger: { existing: () => existing } } as never;
  return endState(alone, (told) => mask(withoutDigests(told)));
}

/**
 * Whatever a store has been through, once it is ready it holds what a fresh build of the same spec holds in an empty
 * account: what nobody compares with the spec any more, and was left behind or never made good, shows here.
 */
export async function isLikeFresh(history: History): Promise<void> {
  const handles = history.stores.flatMap(({ handle }) => handle ?? []);
  if (handles.length === 0) return;
  const fresh = new VirtualOperator({ seed: history.seed });
  const mask = maskOf(fresh.aws.world.random);
  fresh.start();
  const again: StoreHandle[] = [];
  for (const { namespace, name, ...handle } of handles) {
    const spec = history.world.object({ namespace, name, ...handle })?.spec as EcomStoreManifestSpec;
    const store = await fresh.post({ namespace, name }, spec);
    await fresh.ready(store);
    again.push(store);
  }
  await fresh.advance(minute);
  fresh.kill();
  const [is, wanted] = [heldBy(history.world, history.mask, handles), heldBy(fresh, mask, again)];
  for (const one of is) if (!wanted.includes(one)) history.violations.push(`I8: more than a fresh build holds: ${one}`);
  for (const one of wanted) if (!is.includes(one)) history.violations.push(`I8: less than a fresh build holds: ${one}`);
}
