import type { Disturbance, LoggedCall } from '../exchange.ts';
import { VirtualOperator } from '../virtual-operator.ts';
import { held, lost } from './data.ts';
import { endState } from './end-state.ts';
import type { Scenario } from './scenario.ts';
import { maskOf, type Mask } from './words.ts';

/** What there was after a step of a scenario. */
export interface State {
  readonly step: string;
  /** All that existed, in words that are the same in all runs. */
  readonly contents: readonly string[];
  /** Data that was gone although its user had not consented to that. */
  readonly lost: readonly string[];
}

/** What one run of a scenario came to. */
export interface Run {
  readonly world: VirtualOperator;
  /** The writes of the scenario itself, by names that they have in all runs. */
  readonly writes: readonly { readonly name: string; readonly call: LoggedCall }[];
  readonly states: readonly State[];
}

/** What is to happen in a run, by the name of the write that it happens to. */
export type Plan = Pick<ReadonlyMap<string, Disturbance>, 'get'>;

/** Runs a scenario, with what is planned happening to its writes. */
export async function run(scenario: Scenario, plan: Plan = new Map()): Promise<Run> {
  const world = new VirtualOperator({ seed: 5 });
  const mask = maskOf(world.aws.world.random);
  world.start();
  const before = await scenario.before?.(world);
  const data = held(world);
  world.aws.world.readLagMillis = 20_000;
  const writes: { name: string; call: LoggedCall }[] = [];
  const nameOf = naming(mask);
  world.exchange.decide = (call) => {
    const name = nameOf(call);
    writes.push({ name, call });
    return plan.get(name);
  };
  const states: State[] = [];
  let store = before;
  for (const { name, consent = 'none', act } of scenario.steps) {
    store = (await act(world, store)) ?? store;
    world.aws.world.settle();
    states.push({ step: name, contents: endState(world, mask), lost: lost(world, data, consent) });
  }
  world.kill();
  return { world, writes, states };
}

/** Names writes alike in all runs: by what they say, without ids, and the how manieth that says so. */
function naming(mask: Mask): (call: LoggedCall) => string {
  const counts = new Map<string, number>();
  return ({ to, what, told }) => {
    const words = `${to} ${mask(what)} ${to === 'aws' ? mask(JSON.stringify(told)) : ''}`;
    const count = (counts.get(words) ?? 0) + 1;
    counts.set(words, count);
    return `${words} ${count}`;
  };
}
