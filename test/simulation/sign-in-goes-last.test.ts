import { expect, test } from 'vitest';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { isSettled, VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

interface Groups {
  readonly SecurityGroups: readonly { readonly IpPermissionsEgress: readonly { readonly FromPort?: number }[] }[];
}
interface Described {
  readonly UserPoolClient: { readonly CallbackURLs: readonly string[]; readonly LogoutURLs: readonly string[] };
}

/** Lets a store become another, and asks a question after every pass on the way. */
async function becomes(
  { world, store }: { world: VirtualWorld; store: VirtualStore },
  spec: EcomStoreManifestSpec,
  ask: () => Promise<void>,
): Promise<void> {
  store.spec = withDefaults(spec);
  const until = world.clock.now() + 60 * 60_000;
  for (;;) {
    const verdict = await world.pass(store);
    await ask();
    if (isSettled(verdict)) return;
    if (world.clock.now() > until) throw new Error('it does not settle');
    const due = Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
    world.clock.advance(Math.max(200, due - world.clock.now()));
  }
}

test('as long as a rule asks people to sign in, the load balancer reaches Cognito', async () => {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml', (spec) => ({ ...spec, identity: {} }));
  await world.settle(store);
  const GroupIds = [world.idOf(store, 'network/sg-alb')];
  const isOpen = async (): Promise<boolean> => {
    const { SecurityGroups } = await world.other<Groups>('ec2', 'DescribeSecurityGroups', { GroupIds });
    return SecurityGroups.some((group) => group.IpPermissionsEgress.some(({ FromPort }) => FromPort === 443));
  };
  const seen = new Set<string>();
  const { identity: _, ...without } = store.spec;
  // The rules go once all that is wanted is ready: a database takes its time.
  await becomes({ world, store }, { ...without, database: {} } as EcomStoreManifestSpec, async () => {
    const isAsked = world.existing('elbv2/rule').length > 0;
    seen.add(`${isAsked ? 'asked' : 'not asked'}, ${(await isOpen()) ? 'open' : 'closed'}`);
  });
  expect([...seen]).not.toContain('asked, closed');
  expect(await isOpen()).toBe(false);
  expect(await world.leftAlone(store)).toEqual([]);
});

test('as long as the old name leads to a store, whoever signs in there comes back there', async () => {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml', (spec) => ({ ...spec, identity: {} }));
  await world.settle(store);
  const { domain } = store.spec;
  const UserPoolId = world.idOf(store, 'identity/pool');
  const ClientId = world.idOf(store, 'identity/client');
  const urls = async (): Promise<string[]> => {
    const input = { UserPoolId, ClientId };
    const { UserPoolClient } = await world.other<Described>('cognito-idp', 'DescribeUserPoolClient', input);
    return [...UserPoolClient.CallbackURLs, ...UserPoolClient.LogoutURLs].sort();
  };
  const of = (host: string): string[] => [`https://${host}/`, `https://${host}/oauth2/idpresponse`];
  const host = `new-${domain.host}`;
  const lost: string[][] = [];
  await becomes({ world, store }, { ...store.spec, domain: { ...domain, host } } as EcomStoreManifestSpec, async () => {
    const names = world.existing('route53/record-set').map(({ id }) => id);
    const known = await urls();
    for (const one of [domain.host, host])
      if (names.some((name) => name.includes(`/${one}`))) lost.push(of(one).filter((url) => !known.includes(url)));
  });
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.flat()).toEqual([]);
  expect(await urls()).toEqual(of(host));
  expect(await world.leftAlone(store)).toEqual([]);
});
