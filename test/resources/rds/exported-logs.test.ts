import { describe, expect, test } from 'vitest';
import type { Found } from '../../../operator/model/resource-type.ts';
import { keepFor, keptFor, retentionsTold, type Retention } from '../../../operator/resources/rds/exported-logs.ts';
import { instance } from '../../../operator/resources/rds/instance.ts';
import { logGroups } from '../../../simulator/aws/logs/groups.ts';
import { Court, region } from '../laws.ts';

const groupOf = (name: string, log: string): string => `/aws/rds/instance/${name}/${log}`;

/** An account with these log groups, by name, with their retentions: 0 for none. */
async function withGroups(groups: Readonly<Record<string, number>>) {
  const court = new Court(instance);
  for (const [logGroupName, retentionInDays] of Object.entries(groups)) {
    await court.other('logs', 'CreateLogGroup', { logGroupName });
    if (retentionInDays > 0) await court.other('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
  }
  const kept = () => {
    const all = court.simulated.world.collection(region, logGroups).all();
    return Object.fromEntries(all.map(({ name, retentionDays = 0 }) => [name, retentionDays]));
  };
  return { court, kept };
}

const server = (key: string): Found => ({
  ...{ id: `db-${key}`, key, owner: undefined, state: { is: 'ready' } },
  ...{ props: {}, outputs: {} },
});

describe('the log groups that RDS makes', () => {
  const [postgresql, upgrade] = [groupOf('shop', 'postgresql'), groupOf('shop', 'upgrade')];
  const theirs = {
    [groupOf('shop-2', 'postgresql')]: 0,
    '/aws/rds/instance/shop': 0,
    '/aws/rds/cluster/shop/postgresql': 0,
    '/ecom/shops/shop/app': 0,
  };

  test('are told of each instance, and of none that has none yet', async () => {
    const { court } = await withGroups({ ...theirs, [postgresql]: 30, [upgrade]: 0 });
    const told = await retentionsTold(court.aws, [server('shop'), server('shop-2'), server('sho')]);
    expect(Object.fromEntries(told)).toEqual({
      'db-shop': { props: { logRetentionDays: { postgresql: 30, upgrade: 0 } } },
      'db-shop-2': { props: { logRetentionDays: { postgresql: 0 } } },
      'db-sho': { props: { logRetentionDays: {} } },
    });
  });

  test('are looked for again soon where the instance is still being made', async () => {
    const { court } = await withGroups({});
    const pending = { ...server('shop'), state: { is: 'pending', reason: 'creating' } } as const;
    expect(await retentionsTold(court.aws, [pending, server('shop-2')])).toEqual(
      new Map<string, object>([
        ['db-shop', { props: {}, incomplete: true }],
        ['db-shop-2', { props: { logRetentionDays: {} } }],
      ]),
    );
  });

  test('are told by all pages, and one list tells them of all instances', async () => {
    const { court } = await withGroups({ [postgresql]: 30, [upgrade]: 7, ...theirs });
    court.simulated.world.pageSize = 1;
    const told = await retentionsTold(court.aws, [server('shop'), server('shop-2')]);
    expect([...told.values()].map(({ props }) => props.logRetentionDays)).toEqual([
      { postgresql: 30, upgrade: 7 },
      { postgresql: 0 },
    ]);
  });

  test('are as wanted when each of them is, and while there is none; one that is wanted no more is as the others', () => {
    const wanted = { postgresql: 30, upgrade: 30 };
    const right: Retention[] = [{}, { postgresql: 30 }, { postgresql: 30, upgrade: 30, audit: 30 }];
    const wrong: Retention[] = [{ postgresql: 0 }, { postgresql: 0, upgrade: 30 }, { upgrade: 7 }, { audit: 0 }];
    expect(right.map((found) => keptFor(wanted, found))).toEqual(right.map(() => true));
    expect(wrong.map((found) => keptFor(wanted, found))).toEqual(wrong.map(() => false));
  });

  test('are set where they differ, each by one call, and those of another instance are left alone', async () => {
    const [audit, all] = [groupOf('shop', 'audit'), { ...theirs, [postgresql]: 30 }];
    const { court, kept } = await withGroups({ ...all, [upgrade]: 0, [audit]: 7 });
    const before = court.simulated.world.ledger.calls().length;
    const found = { postgresql: 30, upgrade: 0, audit: 7 };
    await keepFor(court.aws, 'shop', found, { postgresql: 30, upgrade: 30 });
    expect(kept()).toEqual({ ...all, [upgrade]: 30, [audit]: 30 });
    const calls = court.simulated.world.ledger.calls().slice(before);
    expect(calls.map(({ operation }) => operation)).toEqual(['PutRetentionPolicy', 'PutRetentionPolicy']);
  });

  test('may go while they are set', async () => {
    const { court, kept } = await withGroups({ [upgrade]: 0 });
    await keepFor(court.aws, 'shop', { postgresql: 0, upgrade: 0 }, { postgresql: 30, upgrade: 30 });
    expect(kept()).toEqual({ [upgrade]: 30 });
    expect(court.cloud.writes()).toHaveLength(2);
  });
});
