import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import type { AnyResourceType } from '../../../operator/model/resource-type.ts';
import { compose } from '../../../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import { VirtualWorld } from '../../support/virtual-world.ts';

const everything = parse(readFileSync('examples/everything.yaml', 'utf8')) as { readonly spec: EcomStoreManifestSpec };
const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'u1' };
const handler = { s3: { bucket: 'example-code', key: 'on-order.zip' }, handler: 'h', runtime: 'nodejs24.x' } as const;

/** Names that we give ourselves, and begins of such names. */
const ours = ['alarms', 'failed', 'on', 'image-on', 'topic', 'app', 'flow', 'url', 'host', 'secrets'];

test('no two resources of a store have one name, whatever names of ours people give', () => {
  const topics = Object.fromEntries(ours.map((what) => [what, { function: handler }]));
  const spec = withDefaults({
    ...everything.spec,
    notifications: { topics },
    monitoring: { notify: { emails: ['ops@example.com'] } },
  } as EcomStoreManifestSpec);
  const names = [...compose({ owner, account: '111122223333', spec }).nodes.values()].flatMap(
    ({ type, region = '', props }) => {
      const { name, title } = props as { readonly name?: unknown; readonly title?: unknown };
      const told = [name, title].find((one) => typeof one === 'string');
      return told === undefined || isShared(type as AnyResourceType) ? [] : [`${type.name} ${region} ${told}`];
    },
  );
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

/** A record set is told apart by its type too. */
const isShared = ({ name }: AnyResourceType): boolean => name === 'route53/record-set';

test('a topic of the user called alarms stands beside that of the alarms, whichever was there first', async () => {
  const topics = { notifications: { topics: { alarms: {} } } };
  const told = { monitoring: { notify: { emails: ['ops@example.com'] } } };
  for (const first of [topics, told]) {
    const world = new VirtualWorld();
    const store = world.add('examples/minimal.yaml', (spec) => ({ ...spec, ...first }) as EcomStoreManifestSpec);
    await world.settle(store);
    const before = ids(store.last);
    store.spec = withDefaults({ ...store.spec, ...topics, ...told } as unknown as EcomStoreManifestSpec);
    await world.settle(store);
    const after = ids(store.last);
    expect(store.last?.nodes.filter(({ standing }) => standing !== 'ready')).toEqual([]);
    expect(new Set(after.values()).size).toBe(3);
    if (first === told) for (const [node, id] of before) expect(after.get(node)).toBe(id);
  }
});

/** The topics by their nodes. */
const ids = (last: { readonly nodes: readonly { node: string; type: string; id?: string }[] } | undefined) =>
  new Map((last?.nodes ?? []).flatMap(({ node, type, id }) => (type === 'sns/topic' ? [[node, id]] : [])));
