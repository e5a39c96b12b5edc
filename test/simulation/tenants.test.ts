import { describe, expect, test } from 'vitest';
import { teardown } from '../../operator/engine/reconcile.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
const minutes = (count: number): number => count * 60_000;

const inNamespace = (world: VirtualWorld, namespace: string, part: Partial<EcomStoreManifestSpec>): VirtualStore => {
  const store = world.add(minimal, (spec) => ({ ...spec, policy: { deletion: 'Delete' }, ...part }), namespace);
  store.owner = { ...store.owner, namespace };
  return store;
};

const standingOf = (store: VirtualStore, id: string) => store.last?.nodes.find(({ node }) => node === id);

/** Lets it try for a while. */
async function tries(world: VirtualWorld, store: VirtualStore, forMinutes = 20): Promise<void> {
  for (let i = 0; i < forMinutes; i++) {
    await world.pass(store);
    world.clock.advance(minutes(1));
  }
}

describe('whoever may write stores in one namespace', () => {
  test('makes no second zone of a name, and holds up nobody by one that was made before', async () => {
    const world = new VirtualWorld();
    const store = world.add(minimal);
    await world.settle(store);
    const domain = { host: 'x.example.com', zone: 'example.com', createZone: true };
    const evil = inNamespace(world, 'evil', { domain });
    await tries(world, evil);
    expect(standingOf(evil, 'domain/zone')).toMatchObject({ standing: 'stalled', field: 'spec.domain.createZone' });
    expect(world.existing('route53/hosted-zone')).toEqual([]);
    // As an earlier version of the operator would have made it.
    const { Id } = (
      await world.other<{ HostedZone: { Id: string } }>('route53', 'CreateHostedZone', {
        ...{ Name: 'example.com', CallerReference: 'evil' },
        HostedZoneConfig: { Comment: `default evil/evil ${evil.owner.uid} domain/zone`, PrivateZone: false },
      })
    ).HostedZone;
    expect(Id).toBeTruthy();
    await tries(world, store, 40);
    expect(store.last?.nodes.filter(({ standing }) => standing !== 'ready')).toEqual([]);
  });

  test('gets no name into a zone that the store of another namespace has made', async () => {
    const world = new VirtualWorld();
    const domain = { host: 'shop.example.org', zone: 'example.org' };
    const store = inNamespace(world, 'shops', { domain: { ...domain, createZone: true } });
    await world.settle(store);
    const evil = inNamespace(world, 'evil', { domain: { ...domain, host: 'login.example.org' } });
    await tries(world, evil);
    expect(standingOf(evil, 'domain/zone')).toMatchObject({ standing: 'stalled', field: 'spec.domain.zone' });
    await world.remove(evil);
    await world.remove(store);
    expect(world.existing()).toEqual([]);
  });

  test('gets nothing into a network that the store of another namespace has made', async () => {
    const world = new VirtualWorld();
    const store = inNamespace(world, 'shops', {});
    await world.settle(store);
    const ids = (tier: string) => ['a', 'b'].map((zone) => world.idOf(store, `network/${tier}-${zone}`));
    const existing = {
      vpcId: world.idOf(store, 'network/vpc'),
      ...{ publicSubnetIds: ids('public'), appSubnetIds: ids('app'), dataSubnetIds: ids('data') },
    };
    const evil = inNamespace(world, 'evil', { network: { existing } });
    await tries(world, evil);
    expect(standingOf(evil, 'network/vpc')).toMatchObject({
      standing: 'stalled',
      field: 'spec.network.existing.vpcId',
    });
    await world.remove(store);
    expect(world.existing('ec2/vpc')).toEqual([]);
  });

  test('leaves no name behind in a zone that was given to another namespace meanwhile', async () => {
    const world = new VirtualWorld();
    const store = inNamespace(world, 'shops', {});
    await world.settle(store);
    await world.other('route53', 'ChangeTagsForResource', {
      ...{ ResourceType: 'hostedzone', ResourceId: 'Z0123456789ABCDEFGHIJ' },
      AddTags: [{ Key: 'ecom.io/store', Value: 'garden/' }],
    });
    world.restart();
    await tries(world, store);
    expect(standingOf(store, 'domain/zone')).toMatchObject({ standing: 'stalled' });
    await world.settle(store, teardown, 24 * 60);
    expect(world.existing()).toEqual([]);
  });
});
