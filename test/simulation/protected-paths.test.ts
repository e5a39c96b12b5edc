import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from 'vitest';
import { withDefaults } from '../../operator/store/spec.ts';
import { AwsError } from '../../simulator/aws/core/aws-error.ts';
import { isSettled, VirtualWorld } from '../support/virtual-world.ts';

const five = ['/account', '/account/*', '/admin', '/admin/*', '/b'];
const twenty = Array.from({ length: 20 }, (_, n) => `/section-${n}/*`);
const minute = 60_000;

/** What somebody else's rules, quotas and throttling do: none of these calls gets through. */
type Refused = readonly ('CreateRule' | 'ModifyRule')[];

/**
 * Lets one set of protected paths become another, and looks after every single write which of those that are in both ask
 * nobody to sign in. Answers them, and the paths that are protected in the end.
 */
async function becomes(before: readonly string[], after: readonly string[], refused: Refused, diesEach = Infinity) {
  const world = new VirtualWorld();
  const store = world.add('examples/minimal.yaml', (spec) => ({ ...spec, identity: { protectedPaths: [...before] } }));
  await world.settle(store);
  const ListenerArn = world.idOf(store, 'loadBalancer/https');
  const handle = world.aws.handle.bind(world.aws);
  const asking = async (): Promise<string[]> => {
    const request = { service: 'elbv2', operation: 'DescribeRules', input: { ListenerArn }, region: store.spec.region };
    const { Rules } = (await handle({ ...request, principal: 'somebody' })) as { Rules: Rule[] };
    const signingIn = Rules.filter(({ Actions }) => Actions?.[0]?.Type === 'authenticate-cognito');
    return signingIn.flatMap(({ Conditions = [] }) => Conditions.flatMap((one) => one.PathPatternConfig?.Values ?? []));
  };
  const open = new Set<string>();
  world.aws.handle = async (request) => {
    if (refused.some((operation) => operation === request.operation))
      throw new AwsError('TooManyRules', 'The maximum number of rules has been reached');
    const answer = await handle(request);
    const asked = await asking();
    for (const path of before) if (after.includes(path) && !asked.includes(path)) open.add(path);
    return answer;
  };
  store.spec = withDefaults({ ...store.spec, identity: { protectedPaths: [...after] } });
  const start = world.clock.now();
  let died = start;
  for (;;) {
    const verdict = await world.pass(store);
    const now = world.clock.now();
    if (isSettled(verdict) || now - start > 30 * minute) break;
    if (now - died > diesEach && now - start < 5 * minute) {
      died = now;
      world.restart();
    }
    world.clock.advance(Math.max(200, Math.min(verdict.wakeAt, world.engine.inventory.nextDue()) - now));
  }
  return { open: [...open], asking: (await asking()).sort() };
}

/** What becomes of what: those that come and go are sorted before the others, between them and behind them. */
const changes: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['one comes before five others', five, ['/aaa', ...five]],
  ['the first of six goes', ['/aaa', ...five], five],
  ['one takes the place of another', five, [...five.slice(1), '/aaa']],
  ['of twenty every other one goes, and as many come', twenty, twenty.map((path, n) => (n % 2 ? path : `/a${path}`))],
];

test.each(changes)('%s: what is protected before and after is so all the time', async (_, before, after) => {
  expect(await becomes(before, after, [])).toEqual({ open: [], asking: [...after].sort() });
});

test.each(changes)('%s, and the process dies every few seconds', async (_, before, after) => {
  expect(await becomes(before, after, [], 3_000)).toEqual({ open: [], asking: [...after].sort() });
});

test.each(changes)('%s, and AWS makes no rule', async (_, before, after) => {
  expect(await becomes(before, after, ['CreateRule'])).toMatchObject({ open: [] });
});

test.each(changes)('%s, and AWS changes no rule', async (_, before, after) => {
  expect(await becomes(before, after, ['ModifyRule'])).toMatchObject({ open: [] });
});
