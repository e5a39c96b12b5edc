import { expect, test } from 'vitest';
import { reconcile } from '../../operator/engine/reconcile.ts';
import { homeRegion } from '../../simulator/account.ts';
import { certificates } from '../../simulator/aws/acm/certificates.ts';
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
