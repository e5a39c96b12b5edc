import { describe, expect, test } from 'vitest';
import { secret, type SecretProps } from '../../../operator/resources/secretsmanager/secret.ts';
import { otherAccount } from '../../support/other-account.ts';
import { letsRead } from '../../support/secret-policy.ts';
import { Court, laws } from '../laws.ts';

const wanted: SecretProps = {
  ...{ description: 'of a database', username: 'shopadmin' },
  ...{ deletionScheduled: false, resourcePolicy: null },
};

laws(secret, {
  ground: async () => wanted,
  live: { description: () => 'of something else' },
  // Scheduled by a deletion only; never anything but null.
  notDrifted: ['deletionScheduled', 'resourcePolicy'],
  fixed: {},
  foreign: async (court) =>
    void (await court.other('secretsmanager', 'CreateSecret', {
      ...{ Name: `ecom-${court.birth().name}`, SecretString: 'theirs' },
    })),
});

describe('a secret', () => {
  const built = async () => {
    const court = new Court(secret);
    const found = await court.settle(wanted);
    const value = async () =>
      (await court.other<{ SecretString: string }>('secretsmanager', 'GetSecretValue', { SecretId: found.id }))
        .SecretString;
    return { court, found, value };
  };
  const schedule = (court: Court, SecretId: string) => court.other('secretsmanager', 'DeleteSecret', { SecretId });

  test('holds a user and a password that nobody tells', async () => {
    const { found, value } = await built();
    const { username, password } = JSON.parse(await value()) as Record<string, string>;
    expect(username).toBe('shopadmin');
    expect(password).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(JSON.stringify(found)).not.toContain(password);
  });

  test('whose deletion somebody has scheduled is had back, with its value', async () => {
    const { court, found, value } = await built();
    const before = await value();
    await schedule(court, found.id);
    const [scheduled] = await court.own(wanted);
    expect(court.decide(wanted, scheduled)).toEqual({ do: 'update', fields: ['deletionScheduled'] });
    await court.settle(wanted);
    expect(await value()).toBe(before);
  });

  test('that somebody lets another account read, or everybody, is taken back', async () => {
    for (const reader of [otherAccount, '*']) {
      const { court, found } = await built();
      const policy = letsRead(reader);
      await court.other('secretsmanager', 'PutResourcePolicy', { SecretId: found.id, ResourcePolicy: policy });
      const [read] = await court.own(wanted);
      expect(read?.props).toMatchObject({ resourcePolicy: policy });
      expect(court.decide(wanted, read)).toEqual({ do: 'update', fields: ['resourcePolicy'] });
      expect((await court.settle(wanted)).props).toMatchObject({ resourcePolicy: null });
      const exposures = court.simulated.world.ledger.exposures();
      expect(exposures.map(({ what }) => what)).toEqual(reader === '*' ? [`secret ${found.key} by its policy`] : []);
      expect(exposures.filter(({ until }) => until === undefined)).toEqual([]);
    }
  });

  test('goes at once, scheduled or not, and its name is free', async () => {
    for (const first of [async () => undefined, schedule]) {
      const { court, found } = await built();
      await first(court, found.id);
      const [standing = found] = await court.own(wanted);
      await court.type.delete(court.aws, standing);
      expect(await court.own(wanted)).toEqual([]);
      await court.type.delete(court.aws, standing);
      await court.settle(wanted);
    }
  });
});
