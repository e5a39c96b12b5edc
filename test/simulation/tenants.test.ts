import { describe, expect, test } from 'vitest';
import { homeRegion } from '../../simulator/account.ts';
import { recordFor, seedCertificate } from '../../simulator/aws/acm/certificates.ts';
import { teardown } from '../../operator/engine/reconcile.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

const minimal = 'examples/minimal.yaml';
const minutes = (count: number): number => count * 60_000;

const inNamespace = (world: VirtualWorld, namespace: string, part: Partial<EcomStoreManifestSpec>): VirtualStore => {
  const store = world.add(minimal, (spec) => ({ ...spec, policy: { deletion: 'Delete' }, ...part }), namespace);
  store.owner = { ...store.owner, namespace };
  return store;
};

const standingOf = (store: VirtualStore, id: string) => store.last?.nodes.find(({ node }) => node === id);

/** A certificate of the user's own in us-east-1, for CloudFront; its proof stays in the zone. */
async function issuedFor(world: VirtualWorld, DomainName: string, SubjectAlternativeNames: string[]): Promise<string> {
  const call = async <T>(service: string, operation: string, input: object): Promise<T> =>
    (await world.aws.handle({ service, operation, input, region: 'us-east-1', principal: 'somebody' })) as T;
  const { CertificateArn } = await call<{ CertificateArn: string }>('acm', 'RequestCertificate', {
    ...{ DomainName, SubjectAlternativeNames, ValidationMethod: 'DNS' },
  });
  const proofs = [DomainName, ...SubjectAlternativeNames].map((name) => recordFor(world.aws.world.account, name));
  await call('route53', 'ChangeResourceRecordSets', {
    HostedZoneId: 'Z0123456789ABCDEFGHIJ',
    ChangeBatch: {
      Changes: proofs.map(({ name: Name, value: Value }) => ({
        Action: 'CREATE',
        ResourceRecordSet: { ...{ Name, Type: 'CNAME', TTL: 60 }, ResourceRecords: [{ Value }] },
      })),
    },
  });
  world.clock.advance(minutes(30));
  world.aws.world.settle();
  return CertificateArn;
}

const distributionsIn = (world: VirtualWorld): Promise<object> => world.other('cloudfront', 'ListDistributions', {});

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

  test('gets neither a certificate nor a CDN for a name that leads to the store of another namespace', async () => {
    const world = new VirtualWorld();
    const store = inNamespace(world, 'shops', {});
    await world.settle(store);
    const [proven] = world.existing('acm/certificate');
    const refusal = {
      standing: 'stalled',
      message: expect.stringContaining('belongs to a store of namespace shops') as string,
      field: 'spec.domain.host',
    };
    const evil = inNamespace(world, 'evil', { cdn: {} });
    await tries(world, evil, 60);
    expect(standingOf(evil, 'domain/certificate')).toMatchObject(refusal);
    expect(standingOf(evil, 'cdn/certificate')).toMatchObject(refusal);
    expect(world.existing('acm/certificate')).toEqual([proven]);
    expect(world.existing('cloudfront/distribution')).toEqual([]);
    // Once the name is given up, it is free.
    await world.remove(store);
    await world.settle(evil, undefined, 120);
    await world.remove(evil);
    expect(world.existing()).toEqual([]);
  });

  test('gets no such name into a CDN, whatever certificate he has for it', async () => {
    const world = new VirtualWorld();
    const domain = { host: 'evil.example.com', zone: 'example.com' };
    const certificate = await issuedFor(world, 'evil.example.com', ['shop.example.com']);
    const evil = inNamespace(world, 'evil', { domain, cdn: { certificateArn: certificate } });
    await world.settle(evil);
    const store = inNamespace(world, 'shops', { domain: { ...domain, host: 'shop.example.com' } });
    await world.settle(store);
    evil.spec = { ...evil.spec, domain: { ...evil.spec.domain, aliases: ['shop.example.com'] } };
    await tries(world, evil, 60);
    expect(standingOf(evil, 'cdn/distribution')).toMatchObject({ standing: 'stalled', field: 'spec.domain.aliases' });
    expect(JSON.stringify(await distributionsIn(world))).not.toContain('shop.example.com');
    const second = inNamespace(world, 'evil', { domain: store.spec.domain, cdn: { certificateArn: certificate } });
    second.owner = { ...second.owner, name: 'second' };
    await tries(world, second, 60);
    expect(standingOf(second, 'cdn/distribution')).toMatchObject({ standing: 'stalled', field: 'spec.domain.host' });
    // A process that has just begun has not read the zone yet.
    world.restart();
    await tries(world, evil);
    expect(JSON.stringify(await distributionsIn(world))).not.toContain('shop.example.com');
    await world.remove(second);
    await world.remove(evil);
    expect(await world.leftAlone(store)).toEqual([]);
  });

  test('gets no such name by a zone above the one that it stands in', async () => {
    const world = new VirtualWorld();
    const store = inNamespace(world, 'shops', {
      domain: { host: 'shop.deep.example.com', zone: 'deep.example.com', createZone: true },
    });
    await world.settle(store);
    const [proven] = world.existing('acm/certificate');
    const evil = inNamespace(world, 'evil', { domain: { host: 'shop.deep.example.com', zone: 'example.com' } });
    await tries(world, evil);
    expect(standingOf(evil, 'domain/certificate')).toMatchObject({ standing: 'stalled', field: 'spec.domain.host' });
    expect(world.existing('acm/certificate')).toEqual([proven]);
  });

  test('holds up no CDN by a second way to its name, in a zone of his own', async () => {
    const world = new VirtualWorld();
    const domain = { host: 'shop.deep.example.com', zone: 'example.com' };
    const store = inNamespace(world, 'shops', { domain, cdn: {} });
    await world.settle(store);
    const arn = `arn:aws:acm:${homeRegion}:${world.aws.world.account}:certificate/87654321-1234-1234-1234-123456789012`;
    seedCertificate(world.aws.world, homeRegion, { arn, domain: domain.host, names: [domain.host] });
    const second = { host: domain.host, zone: 'deep.example.com', createZone: true, certificateArn: arn };
    await world.settle(inNamespace(world, 'evil', { domain: second }));
    [store.spec, store.applied] = [withDefaults({ ...store.spec, cdn: { priceClass: 'PriceClass_100' } }), false];
    await world.settle(store);
    expect(JSON.stringify(await distributionsIn(world))).toContain('PriceClass_100');
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
