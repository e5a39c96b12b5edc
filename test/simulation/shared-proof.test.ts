import { describe, expect, test } from 'vitest';
import { recordFor } from '../../simulator/aws/acm/certificates.ts';
import { teardown } from '../../operator/engine/reconcile.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

// The record that proves a name is the same for every certificate of an account, in all regions. So it may be there
// already, made for another certificate by another store, or by a person.

const HostedZoneId = 'Z0123456789ABCDEFGHIJ';
const minimal = 'examples/minimal.yaml';

interface RecordSet {
  readonly Name: string;
  readonly Type: string;
  readonly TTL?: number;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
}

function inWorld() {
  const world = new VirtualWorld();
  const store = world.add(minimal, (spec) => ({ ...spec, policy: { ...spec.policy, deletion: 'Delete' } }));
  store.confirmed = true;
  const proof = recordFor(world.aws.world.account, store.spec.domain.host);
  /** As other tools write it: with their own time to live, and without the dot at the end. */
  const theirs = (Value = proof.value.replace(/\.$/, '')) => ({
    ...{ Name: proof.name, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value }] },
  });
  return {
    ...{ world, store, proof, theirs },
    change: (Action: string, ResourceRecordSet: object) =>
      world.other('route53', 'ChangeResourceRecordSets', {
        HostedZoneId,
        ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] },
      }),
    /** All that stands under the name of the proof: the record, and our mark of it. */
    proofs: async () => {
      const { ResourceRecordSets } = await world.other<{ ResourceRecordSets: RecordSet[] }>(
        ...(['route53', 'ListResourceRecordSets', { HostedZoneId }] as const),
      );
      return ResourceRecordSets.filter(({ Name }) => Name.includes(proof.name.split('.')[0] ?? ''));
    },
  };
}

const validation = ({ last }: VirtualStore) => last?.nodes.find(({ node }) => node.startsWith('domain/validation-'));

describe('a proof that somebody else has put into the zone', () => {
  test('is enough: the store is built, leaves it as it is, and leaves it behind', async () => {
    const { world, store, theirs, change, proofs } = inWorld();
    await change('CREATE', theirs());
    await world.settle(store);
    expect(validation(store)).toMatchObject({ standing: 'ready', reason: 'Shared' });
    expect(await world.leftAlone(store)).toEqual([]);
    await world.settle(store, teardown);
    expect(await proofs()).toMatchObject([theirs()]);
  });

  test('is made by the store when it is gone, and is the store’s then', async () => {
    const { world, store, theirs, change, proofs } = inWorld();
    await change('CREATE', theirs());
    await world.settle(store);
    await change('DELETE', theirs());
    for (let i = 0; i < 20; i++) {
      world.clock.advance(60_000);
      await world.pass(store);
    }
    await world.settle(store);
    expect(await proofs()).toHaveLength(2);
    expect(validation(store)).toMatchObject({ standing: 'ready', reason: 'UpToDate' });
  });

  test('is left alone, and that is said, when it proves something else', async () => {
    const { world, store, theirs, change, proofs } = inWorld();
    await change('CREATE', theirs('_else.acm-validations.aws.'));
    await expect(world.settle(store)).rejects.toThrow('is not ours; it is left alone');
    expect(validation(store)).toMatchObject({ standing: 'stalled', reason: 'Foreign' });
    expect(await proofs()).toMatchObject([theirs('_else.acm-validations.aws.')]);
  });

  test('may be another store’s of the same host: the second has its certificate, and makes a proof when the first goes', async () => {
    const { world, store, proofs } = inWorld();
    await world.settle(store);
    const second = world.add(minimal, undefined, 'second');
    await expect(world.settle(second)).rejects.toThrow(/:\ndomain\/a-shop.*\ndomain\/aaaa-shop.*$/);
    expect(second.last?.nodes.find(({ node }) => node === 'domain/certificate')).toMatchObject({ standing: 'ready' });
    await world.settle(store, teardown);
    await world.settle(second);
    expect(await proofs()).toHaveLength(2);
    expect(validation(second)).toMatchObject({ standing: 'ready', reason: 'UpToDate' });
  });
});
