import { afterAll, beforeAll, expect, test } from 'vitest';
import { furnish } from '../../simulator/account.ts';
import { createSimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { FastClock } from '../../simulator/clock.ts';
import { describeForeign } from '../support/foreign.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { noTerraform, terraformOn, type Terraform } from '../support/terraform.ts';

// Subnets that the account has before any store.
const subnet_ids = ['subnet-0a1b2c3d4e5f60721', 'subnet-0a1b2c3d4e5f60722'];
const variables = { name: 'acme', host: 'shop.example.com', subnet_ids };
const quiet = ['-no-color', '-input=false'];

describeForeign('Terraform on the simulated AWS, with a cache, messages and monitoring', noTerraform, () => {
  const aws = createSimulatedAws({ clock: new FastClock(100) });
  let front: JudgedFront;
  let terraform: Terraform;

  beforeAll(async () => {
    furnish(aws.world);
    front = await judgedFront({ aws });
    terraform = await terraformOn(front.endpoint, { module: 'cache-and-messages', variables });
  }, 60_000);
  afterAll(async () => {
    terraform?.close();
    await front?.close();
  });

  test('applies them', { timeout: 600_000 }, async () => {
    expect(await terraform.done('apply', '-auto-approve', ...quiet)).toContain('16 added, 0 changed, 0 destroyed');
    expect(aws.world.ledger.existing({ type: 'elasticache/replication-group' })).toHaveLength(1);
  });

  test('plans no change', { timeout: 60_000 }, async () => {
    const { code, output } = await terraform.run('plan', '-detailed-exitcode', ...quiet);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('No changes.') as string });
  });

  test('destroys them, and nothing is left', { timeout: 600_000 }, async () => {
    expect(await terraform.done('destroy', '-auto-approve', ...quiet)).toContain('16 destroyed');
    aws.world.settle();
    expect(aws.world.ledger.existing()).toEqual([]);
  });
});
