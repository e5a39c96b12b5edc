import { expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import { homeRegion } from '../../simulator/account.ts';
import { certificates, recordFor } from '../../simulator/aws/acm/certificates.ts';
import { VirtualWorld } from '../support/virtual-world.ts';

const hour = 3_600_000;
const minimal = 'examples/minimal.yaml';

/** A CAA record of the domain, which somebody writes. */
const caa = (world: VirtualWorld, Action: 'UPSERT' | 'DELETE') =>
  world.other('route53', 'ChangeResourceRecordSets', {
    HostedZoneId: 'Z0123456789ABCDEFGHIJ',
    ChangeBatch: {
      Changes: [
        {
          Action,
          ResourceRecordSet: {
            ...{ Name: 'example.com', Type: 'CAA', TTL: 300 },
            ResourceRecords: [{ Value: '0 issue "letsencrypt.org"' }],
          },
        },
      ],
    },
  });

test('a domain that forbids Amazon to issue costs a few certificates, is told, and is served once it no longer does', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await caa(world, 'UPSERT');
  const requests = () => world.cloud.writes().filter((call) => call === 'acm:RequestCertificate').length;
  const until = world.clock.now() + 6 * hour;
  while (world.clock.now() < until) {
    const { wakeAt } = await world.pass(store);
    const due = Math.min(wakeAt, world.engine.inventory.nextDue());
    world.clock.advance(Math.max(30_000, due - world.clock.now()));
  }
  const told = store.last?.nodes.find(({ node }) => node === 'domain/certificate');
  expect(requests()).toBeGreaterThan(5);
  expect(requests()).toBeLessThan(14);
  expect(told).toMatchObject({
    ...{ standing: 'stalled', field: 'spec.domain' },
    message: expect.stringContaining('CAA_ERROR') as string,
    remedy: expect.stringContaining('0 issue "amazon.com"') as string,
  });
  await caa(world, 'DELETE');
  await world.settle(store, undefined, 150);
  expect(world.existing('acm/certificate')).toHaveLength(1);
});

test('a certificate that nobody proves is told to people after some time', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  // Whoever asks for the host is led to this zone, which knows nothing of it.
  await world.other('route53', 'CreateHostedZone', { Name: 'shop.example.com', CallerReference: 'another' });
  const told: string[] = [];
  const waiting = world.settle(
    store,
    async (...given) => {
      const verdict = await reconcile(...given);
      told.push(...verdict.happenings.filter(({ kind }) => kind === 'Stalled').map(({ message }) => message));
      return verdict;
    },
    100,
  );
  await expect(waiting).rejects.toThrow('domain/certificate is stalled: ACM has not seen the DNS records');
  expect(told).toEqual([expect.stringContaining('name servers of the hosted zone')]);
});

test('a certificate that has expired in use is followed by another one, and goes once that has taken its place', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  const all = world.aws.world.collection(homeRegion, certificates);
  const expired = world.idOf(store, 'domain/certificate');
  all.change(expired, { status: 'EXPIRED' });
  world.clock.advance(hour);
  const deletions = () => world.cloud.writes().filter((call) => call === 'acm:DeleteCertificate').length;
  await world.settle(store);
  expect(world.idOf(store, 'domain/certificate')).not.toBe(expired);
  expect(world.existing('acm/certificate').map(({ id }) => id)).toEqual([world.idOf(store, 'domain/certificate')]);
  expect(deletions()).toBe(1);
});

test('a renewal that ACM cannot make is told, at a read or two a day, and told no more once it is made', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  const said = async () => {
    await world.settle(store);
    return store.last?.nodes.find(({ node }) => node === 'domain/certificate');
  };
  const descriptions = () => world.cloud.sent.filter(({ operation }) => operation === 'DescribeCertificate').length;
  // Whoever asks for the host is led to this zone, which knows nothing of it.
  const { HostedZone } = await world.other<{ HostedZone: { Id: string } }>('route53', 'CreateHostedZone', {
    ...{ Name: 'shop.example.com', CallerReference: 'another' },
  });
  expect(await said()).toMatchObject({ standing: 'ready', reason: 'UpToDate' });
  world.clock.advance(336 * 24 * hour);
  const proof = recordFor(world.aws.world.account, 'shop.example.com').name.slice(0, -1);
  expect(await said()).toMatchObject({
    ...{ standing: 'ready', reason: 'RenewalWaits', noticed: true },
    message: expect.stringContaining(`does not see the DNS records that prove shop.example.com (${proof})`) as string,
  });
  const before = descriptions();
  const until = world.clock.now() + 48 * hour;
  while (world.clock.now() < until) {
    expect(await said()).toMatchObject({ reason: 'RenewalWaits' });
    world.clock.advance(4 * hour);
  }
  expect(descriptions() - before).toBeLessThanOrEqual(4);
  await world.other('route53', 'DeleteHostedZone', { Id: HostedZone.Id.replace('/hostedzone/', '') });
  world.clock.advance(25 * hour);
  await said();
  world.clock.advance(hour / 2);
  expect(await said()).toMatchObject({ standing: 'ready', reason: 'UpToDate' });
  // It has the same ARN, and nobody has asked for another one.
  expect(world.cloud.writes().filter((call) => call === 'acm:RequestCertificate')).toHaveLength(1);
});

test('a renewal that ACM has given up is told with what can be done', async () => {
  const world = new VirtualWorld();
  const store = world.add(minimal);
  await world.settle(store);
  const now = world.clock.now();
  world.aws.world.collection(homeRegion, certificates).change(world.idOf(store, 'domain/certificate'), {
    endsAt: now + 20 * 24 * hour,
    renewal: { status: 'FAILED', reason: 'CAA_ERROR', updatedAt: now },
  });
  world.clock.advance(hour);
  await world.settle(store);
  expect(store.last?.nodes.find(({ node }) => node === 'domain/certificate')).toMatchObject({
    ...{ standing: 'ready', reason: 'RenewalFailed', noticed: true },
    message: expect.stringMatching(/^it ends on 20.* \(CAA_ERROR\): let Amazon issue/) as string,
  });
});
