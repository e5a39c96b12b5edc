import { performance } from 'node:perf_hooks';
import { furnish, homeRegion } from '../simulator/account.ts';
import { judgedFront } from '../test/support/judged-front.ts';
import { createSimulatedAws } from '../simulator/aws/simulated-aws.ts';
import { FastClock } from '../simulator/clock.ts';
import { noTerraform, terraformOn } from '../test/support/terraform.ts';
import type { SameStore } from '../test/foreign/terraform/same-stores.ts';
import { meter, type Calls } from './calls.ts';
import type { Drifts } from './drifts.ts';
import { quotas } from './subjects.ts';

/** What Terraform needs for the same stores. */
export interface TerraformFigures {
  readonly stores: number;
  readonly resources: number;
  readonly build: Calls;
  /** A plan with nothing changed: the only way that Terraform looks. */
  readonly look: Calls;
  /** Two drifts found and healed by one more apply. */
  readonly heal: Calls;
  readonly remove: Calls;
  /** Seconds of real time from the first apply to the end of the last destroy. */
  readonly seconds: number;
}

const quiet = ['-no-color', '-input=false'];

/** Undefined where there is no Terraform on this machine: `why` says what is missing. */
export const terraformIsMissing = (): string | undefined => noTerraform;

/** Applies, plans, heals and destroys a configuration of the tests so many times, in one state each. */
export async function terraformFigures(
  { module, given }: SameStore,
  drifts: Drifts,
  stores: number,
): Promise<TerraformFigures> {
  const aws = createSimulatedAws({ clock: new FastClock(100) });
  for (const quota of quotas) aws.world.quotas.set(quota, 10_000);
  furnish(aws.world);
  const front = await judgedFront({ aws });
  const spent = meter(aws.world.ledger);
  const roots = await Promise.all(
    Array.from({ length: stores }, (_, i) =>
      terraformOn(front.endpoint, {
        module,
        variables: { ...given, name: `tf-${i}`, host: `shop${i}.example.com`, zone: 'example.com' },
      }),
    ),
  );
  const all = async (...args: readonly string[]): Promise<string[]> => {
    const outputs: string[] = [];
    for (const root of roots) outputs.push(await root.done(...args, ...quiet));
    return outputs;
  };
  try {
    const began = performance.now();
    const applied = await all('apply', '-auto-approve');
    const resources = applied.reduce((sum, text) => sum + Number(/(\d+) added/.exec(text)?.[1] ?? 0), 0);
    const build = spent();
    await all('plan', '-detailed-exitcode');
    const look = spent();
    await drifts.make((service, operation, input) =>
      aws.handle({ service, operation, input, region: homeRegion, principal: 'somebody' }),
    );
    const healed = await roots[0]?.done('apply', '-auto-approve', ...quiet);
    if (!healed?.includes('2 changed')) throw new Error(`Terraform did not heal two drifts:\n${healed}`);
    const heal = spent();
    await all('destroy', '-auto-approve');
    const remove = spent();
    const seconds = (performance.now() - began) / 1_000;
    return { stores, resources, build, look, heal, remove, seconds };
  } finally {
    for (const root of roots) root.close();
    await front.close();
  }
}
