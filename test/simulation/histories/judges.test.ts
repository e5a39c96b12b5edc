import { describe, expect, test } from 'vitest';
import { ownerTags, tagKeys } from '../../../operator/model/identity.ts';
import { storePath } from '../../../operator/kube/store-object.ts';
import type { History } from './history.ts';
import { judged, type Plants } from './judged.ts';

/** A history of one store that lives to the end, without strangers. */
const seed = 8;

/** One of a store with a database, which is kept when its store goes. */
const seedWithData = 308;

/** One of a store whose data are to go with it, which nobody confirms: it stands at the end. */
const seedUnconfirmed = 46;

const broken = async (plants: Plants, of = seed): Promise<string[]> => {
  const { violations } = await judged(of, plants);
  return [...new Set(violations.map((one) => one.slice(0, 2)))];
};

const ofNode = (node: string) => (history: History) =>
  history.world.ledger.existing().find(({ tags }) => tags[tagKeys.node] === node)?.id as string;

/** Somebody calls AWS, and nobody is told. */
const secretly = (service: string, operation: string, input: (history: History) => object) => (history: History) =>
  history.world.other(service, operation, input(history));

const idleTimeout = secretly('elbv2', 'ModifyLoadBalancerAttributes', (history) => ({
  LoadBalancerArn: ofNode('loadBalancer/balancer')(history),
  Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '999' }],
}));

const opened = secretly('ec2', 'AuthorizeSecurityGroupIngress', (history) => ({
  GroupId: ofNode('network/sg-app')(history),
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
}));

describe('the judges of histories', () => {
  test('have nothing against a history in which all is well', async () => {
    expect(await broken({})).toEqual([]);
  });

  test('see two resources of one node (I1)', async () => {
    const twin = secretly('ec2', 'AllocateAddress', ({ handles }) => {
      const [store] = handles;
      if (!store) throw new Error('no store was made');
      const tags = (node: 'network/a') => ownerTags({ installation: 'default', ...store, node });
      const Tags = Object.entries(tags('network/a')).map(([Key, Value]) => ({ Key, Value }));
      return { Domain: 'vpc', TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }] };
    });
    expect(await broken({ converged: async (history) => [await twin(history), await twin(history)] })).toContain('I1');
  });

  test('see what is left after the end (I2)', async () => {
    const left = secretly('ec2', 'AllocateAddress', () => ({ Domain: 'vpc' }));
    expect(await broken({ removed: left })).toContain('I2');
  });

  test('see a database that is destroyed without the word of its user (I3)', async () => {
    const destroyed = ({ world }: History): void => {
      const entry = world.ledger.existing().find(({ tags }) => tags[tagKeys.node] === 'database/primary');
      if (!entry) throw new Error('there is no database');
      world.ledger.destroyed(entry, world.timers.now());
    };
    expect(await broken({ removed: destroyed }, seedWithData)).toEqual(['I3']);
  });

  test('see data go that nobody has confirmed may go (I3)', async () => {
    const destroyed = ({ world }: History): void => {
      const entry = world.ledger.existing().find(({ tags }) => tags[tagKeys.node] === 'database/primary');
      if (!entry) throw new Error('there is no database');
      world.ledger.destroyed(entry, world.timers.now());
    };
    expect(await broken({ removed: destroyed }, seedUnconfirmed)).toContain('I3');
  });

  test('see an opening that nobody is known to have made (I4)', async () => {
    expect(await broken({ quiet: opened })).toContain('I4');
  });

  test("see an opening of somebody's that stays open (I4)", async () => {
    const known = async (history: History): Promise<void> => {
      history.meddlings.push({ at: history.now, said: 'opened', opens: 'tcp/22' });
      await opened(history);
      history.world.aws.world.faults.add({ operation: 'RevokeSecurityGroupIngress', error: 'internal', count: 20 });
    };
    expect(await broken({ quiet: known })).toContain('I4');
  });

  test('see a change of what is not ours (I5)', async () => {
    const decoy = secretly('ssm', 'PutParameter', ({ stores: [store] }) => ({
      Name: `/ecom/${store?.namespace}/${store?.name}X/host`,
      Value: 'x',
      Overwrite: true,
    }));
    expect(await broken({ converged: decoy })).toContain('I5');
  });

  test('see a record taken from the zone of the user (I5)', async () => {
    const record = secretly('route53', 'ChangeResourceRecordSets', () => {
      const ResourceRecordSet = {
        Name: 'www2.example.com',
        Type: 'A',
        TTL: 60,
        ResourceRecords: [{ Value: '192.0.2.1' }],
      };
      return {
        HostedZoneId: 'Z0123456789ABCDEFGHIJ',
        ChangeBatch: { Changes: [{ Action: 'DELETE', ResourceRecordSet }] },
      };
    });
    expect(await broken({ removed: record })).toContain('I5');
  });

  test('see what a fresh build of the same spec does not have (I8)', async () => {
    const tagged = secretly('ec2', 'CreateTags', (history) => ({
      Resources: [ofNode('network/sg-app')(history)],
      Tags: [{ Key: 'left-by', Value: 'an earlier spec' }],
    }));
    expect(await broken({ converged: tagged })).toEqual(['I8']);
  });

  test('see a write in quiet hours (I6)', async () => {
    expect(await broken({ quiet: idleTimeout })).toContain('I6');
  });

  test('see a store that is not ready for a moment of quiet (I6)', async () => {
    const { violations } = await judged(seed, { quiet: idleTimeout });
    expect(violations.join('\n')).toContain('I6: not ready for a moment of quiet');
  });

  test('see a store that does not come about (I7)', async () => {
    const denied = ({ world, stores }: History): Promise<void> => {
      world.aws.world.faults.add({ error: 'deny' });
      const [store] = stores;
      return world.patch(store?.handle as never, { spec: { loadBalancer: { idleTimeoutSeconds: 77 } } });
    };
    expect(await broken({ played: denied })).toEqual(['I7']);
  });

  test('see a status that is called ready and is not (I8)', async () => {
    const lie = async ({ world, stores }: History): Promise<void> => {
      const handle = stores[0]?.handle as never;
      const object = world.object(handle);
      const generation = (object?.metadata.generation ?? 0) + 1;
      world.kill();
      await world.patch(handle, { spec: { loadBalancer: { idleTimeoutSeconds: 77 } } });
      const conditions = (world.status(handle)?.conditions ?? []).map((condition) => ({
        ...condition,
        ...(condition.type === 'Ready' ? { status: 'True', observedGeneration: generation } : {}),
      }));
      await world.user.request({
        method: 'PATCH',
        path: `${storePath(handle)}/status`,
        body: { status: { conditions } },
      });
    };
    expect(await broken({ played: lie })).toContain('I8');
  });
}, 120_000);
