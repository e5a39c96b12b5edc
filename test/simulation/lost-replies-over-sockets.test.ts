import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pacing } from '../../operator/aws/pacing.ts';
import { operations, type ActionClass, type Service } from '../../operator/model/operations.ts';
import type { Aws, Cloud } from '../../operator/model/ports.ts';
import { judgedConnect } from '../support/judged-cloud.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { endState } from '../support/crash-sweep/end-state.ts';
import { exposures, lives } from '../support/crash-sweep/judge.ts';
import { maskOf } from '../support/crash-sweep/words.ts';
import { VirtualOperator } from '../support/virtual-operator.ts';

type AnyCall = (operation: string, input: object) => Promise<unknown>;

/** What makes something: a second one of it, or of its effect, would be a duplicate. */
const creations = Object.entries(operations).flatMap(([service, known]) =>
  Object.entries(known as Record<string, ActionClass>)
    .filter(([operation, action]) => action === 'write' && /^(Create|Allocate|Request|Put)/.test(operation))
    .map(([operation]) => `${service}:${operation}`),
);

let front: JudgedFront | undefined;
/** Every call that the operator made, before the SDK had it. */
let asked: string[];

beforeEach(() => void (asked = []));
afterEach(async () => {
  vi.unstubAllEnvs();
  await front?.close();
  front = undefined;
});

/** Virtual time stands still while a call is under way, so a bucket that waits for its next token would wait for ever. */
const unpaced = {
  bucket: () => ({ take: () => Promise.resolve('come'), succeeded: () => undefined, throttled: () => undefined }),
} as unknown as Pacing;

/** The operator with the SDK's real clients, over real sockets; time stands still while a call is under way. */
async function overSockets(): Promise<VirtualOperator> {
  const world = new VirtualOperator({
    seed: 3,
    connect: (exchange) => async (region, options) => {
      const cloud = await exchange.during(judgedConnect(front as JudgedFront, region, { ...options, pacing: unpaced }));
      const at: Cloud['at'] = (inRegion, priority) => {
        const aws = cloud.at(inRegion, priority);
        const call =
          (service: Service): AnyCall =>
          (operation, input) => {
            asked.push(`${service}:${operation}`);
            return exchange.during((aws[service] as unknown as AnyCall)(operation, input));
          };
        return Object.fromEntries(
          (Object.keys(operations) as Service[]).map((one) => [one, call(one)]),
        ) as unknown as Aws;
      };
      return { account: cloud.account, at };
    },
  });
  front = await judgedFront({ aws: world.aws });
  return world;
}

const counted = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

async function built(world: VirtualOperator): Promise<VirtualOperator> {
  world.start();
  const store = await world.apply('examples/minimal.yaml');
  await world.ready(store);
  return world;
}

test.each(['reset', 'internal', 'throttle'] as const)(
  'the first reply of every creation is lost (%s): the SDK sends none again, and one of each is there',
  async (error) => {
    const undisturbed = new VirtualOperator({ seed: 3 });
    const world = await overSockets();
    const mask = maskOf(undisturbed.aws.world.random, world.aws.world.random);
    await built(undisturbed);
    for (const creation of creations) {
      const [service, operation] = creation.split(':') as [string, string];
      world.aws.world.faults.add({ service, operation, error, when: 'after', count: 1 });
    }
    await built(world);
    const isWrite = (call: string): boolean => creations.includes(call);
    const calls = world.ledger.calls().map(({ service, operation }) => `${service}:${operation}`);
    expect(counted(calls.filter(isWrite))).toEqual(counted(asked.filter(isWrite)));
    expect(lives(world)).toEqual(lives(undisturbed));
    expect(endState(world, mask)).toEqual(endState(undisturbed, mask));
    expect(exposures(world)).toEqual([]);
    const struck = creations.filter((creation) => asked.includes(creation));
    console.log(`${error}: ${struck.length} of ${creations.length} creating operations met`);
    expect(struck.length).toBeGreaterThan(18);
    world.kill();
  },
  60_000,
);
