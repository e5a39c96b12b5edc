import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultRule } from '../../../simulator/aws/core/faults.ts';
import { bucket } from '../../../operator/resources/s3/bucket.ts';
import { Court, region } from '../laws.ts';

const allFour = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

const props = {
  ...{ region, publicAccessBlocked: true, aclsDisabled: true, policy: {}, versioning: false },
  ...({ encryption: 'AES256', lifecycle: [], cors: [] } as const),
};

let court: Court;
beforeEach(async () => {
  court = new Court(bucket);
  for (const incarnation of ['a', 'b']) await bucket.create(court.aws, props, court.birth(incarnation));
});

/** The account's block is set by somebody else. */
const blockAccount = (PublicAccessBlockConfiguration: object = allFour): Promise<unknown> =>
  court.other('s3control', 'PutPublicAccessBlock', {
    AccountId: court.cloud.account,
    PublicAccessBlockConfiguration,
  });

/** What of public access blocks was read for one list: of the account, and of each bucket. */
async function readForList(): Promise<string[]> {
  const before = court.cloud.sent.length;
  await court.list(props);
  return court.cloud.sent
    .slice(before)
    .filter(({ operation }) => operation === 'GetPublicAccessBlock')
    .map(({ service }) => service);
}

describe("a list of buckets, by what S3 Control tells of the account's public access block", () => {
  test('all four settings are on: no bucket is asked for its own', async () => {
    await blockAccount();
    expect(await readForList()).toEqual(['s3control']);
    expect(await court.list(props)).toMatchObject([{ props: { region } }, { props: { region } }]);
  });

  test.each(Object.keys(allFour))('%s is off: each bucket is asked', async (off) => {
    await blockAccount({ ...allFour, [off]: false });
    expect(await readForList()).toEqual(['s3control', 's3', 's3']);
  });

  test('there is none: each bucket is asked', async () => {
    expect(await readForList()).toEqual(['s3control', 's3', 's3']);
  });

  test('it may not be read: each bucket is asked, although it is on', async () => {
    await blockAccount();
    court.simulated.world.faults.add({ service: 's3control', error: 'deny' });
    expect(await readForList()).toEqual(['s3control', 's3', 's3']);
  });

  test.each<[FaultRule['error'], string]>([
    ['throttle', 'throttled'],
    ['internal', 'transient'],
    ['reset', 'transient'],
    [{ code: 'ExpiredToken', status: 400 }, 'denied'],
    [{ code: 'NoSuchAccount', status: 404 }, 'absent'],
    [{ code: 'SomethingNew', status: 400 }, 'bug'],
  ])('it fails with %j: that is told, and the list is read again as any other that failed', async (error, kind) => {
    court.simulated.world.faults.add({ service: 's3control', error });
    await expect(court.list(props)).rejects.toMatchObject({ kind });
  });

  test('where there is one bucket it is asked at once, and where there is none nobody is', async () => {
    await blockAccount();
    const [one, other] = await court.list(props);
    await bucket.delete(court.aws, other as never);
    court.clock.advance(3_600_000);
    expect(await readForList()).toEqual(['s3']);
    await bucket.delete(court.aws, one as never);
    court.clock.advance(3_600_000);
    expect(await readForList()).toEqual([]);
  });
});
