import { expect, test } from 'vitest';
import { guarded } from '../../operator/aws/guarded.ts';
import { pacedCloud } from '../../operator/aws/paced-cloud.ts';
import { Pacing } from '../../operator/aws/pacing.ts';
import { isUnknownOutcome } from '../../operator/engine/creation.ts';
import { Fault } from '../../operator/model/faults.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const region = 'eu-central-1';

/** An account that answers everything, slowly, as AWS has throttled its writes; and one pass's way to it. */
async function throttled({ patience = Infinity }: { readonly patience?: number } = {}) {
  const timers = new VirtualTimers();
  const pacing = new Pacing(timers);
  const sent: string[] = [];
  const observed: string[] = [];
  const [process, pass] = [new AbortController(), new AbortController()];
  const mandate = { holds: true };
  const cloud = await pacedCloud(
    region,
    { pacing, signal: process.signal, observe: ({ outcome }) => observed.push(outcome) },
    ({ operation }) => {
      sent.push(operation);
      return Promise.resolve({ Account: '111122223333' });
    },
  );
  const bucket = pacing.bucket(region, 'ec2', 'write');
  for (let i = 0; i < 10; i++) bucket.throttled();
  const allow = (): void => {
    if (!mandate.holds) throw new Fault('busy', 'this replica does not lead any more');
  };
  const terms = { signal: pass.signal, patience: () => patience };
  const aws = guarded(cloud, allow, terms).at(region, 'change');
  sent.length = observed.length = 0;
  return { timers, bucket, sent, observed, process, pass, mandate, aws };
}

const faultOf = (call: Promise<unknown>): Promise<Fault> =>
  call.then(
    () => expect.fail('it was sent'),
    (fault: Fault) => fault,
  );

test('what would wait too long is not sent, and says so at once: AWS was not asked, and throttled nothing', async () => {
  const { bucket, sent, observed, aws } = await throttled({ patience: 10_000 });
  const speed = bucket.perSecond;
  const calls = [1, 2, 3].map(() => aws.ec2('CreateVpc', {}));
  const fault = await faultOf(calls[2] as Promise<unknown>);
  expect(fault).toMatchObject({ kind: 'throttled', facts: { action: 'ec2:CreateVpc', unsent: true } });
  expect(isUnknownOutcome(fault)).toBe(false);
  expect([sent, observed, bucket.perSecond]).toEqual([[], [], speed]);
});

test('that AWS throttles a call leaves open what became of it', () => {
  expect(isUnknownOutcome(new Fault('throttled', 'Rate exceeded'))).toBe(true);
});

test.each(['process', 'pass'] as const)('what waits for its turn is let go when the %s ends', async (which) => {
  const { timers, sent, aws, ...ends } = await throttled();
  const calls = [1, 2, 3].map(() => faultOf(aws.ec2('CreateVpc', {})));
  ends[which].abort();
  const faults = await Promise.all(calls);
  expect(faults.map(({ kind, facts }) => [kind, facts.unsent])).toEqual(Array(3).fill(['busy', true]));
  await timers.advance(60_000);
  expect(sent).toEqual([]);
});

test('a write whose turn comes when this process leads no more is not sent', async () => {
  const { timers, sent, mandate, aws } = await throttled();
  const fault = faultOf(aws.ec2('CreateVpc', {}));
  mandate.holds = false;
  await timers.advance(60_000);
  expect((await fault).message).toContain('does not lead');
  await aws.ec2('DescribeVpcs', {});
  expect(sent).toEqual(['DescribeVpcs']);
});
