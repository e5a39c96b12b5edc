import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { furnish } from '../../simulator/account.ts';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';
import { isExportedLog } from '../../simulator/aws/rds/exported-logs.ts';
import { createSimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { FastClock } from '../../simulator/clock.ts';
import { describeForeign } from '../support/foreign.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { noTerraform, terraformOn, type Terraform } from '../support/terraform.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';
import { importsOf, type Import } from './terraform/imports.ts';
import { namesOf } from './terraform/names.ts';
import { isTag, noResource, terraformsOwn } from './terraform/own-settings.ts';
import { planned, type Planned } from './terraform/plan.ts';
import { deliberate, refusalIn } from './terraform/refusals.ts';
import { sameStores, type SameStore } from './terraform/same-stores.ts';
import { alarmNamesOf } from './terraform/section-names.ts';

const variables = { name: 'acme', host: 'shop.example.com', zone: 'example.com' };
const built: readonly SameStore[] = Object.values(sameStores);

/** What the operator had Secrets Manager make up; nothing where the store has no database. */
async function passwordOf(world: VirtualWorld, store: VirtualStore): Promise<object> {
  const SecretId = store.last?.nodes.find(({ node }) => node === 'database/password')?.id;
  if (SecretId === undefined) return {};
  const { SecretString } = await world.other<{ SecretString: string }>('secretsmanager', 'GetSecretValue', {
    SecretId,
  });
  return { database_password: (JSON.parse(SecretString) as { password: string }).password };
}

const quiet = ['-no-color', '-input=false'];

describeForeign('Terraform on the simulated AWS', noTerraform, () => {
  // Terraform waits in real time whatever the clock says: a minute and a half for a database, and again for its replicas.
  describe.sequential('a whole store written for Terraform', () => {
    const aws = createSimulatedAws({ clock: new FastClock(100) });
    const refused: string[] = [];
    let front: JudgedFront;
    let terraform: Terraform;

    beforeAll(async () => {
      furnish(aws.world);
      const record = (exchange: Exchange): void => void refused.push(refusalIn(exchange) ?? '');
      front = await judgedFront({ aws, record });
      terraform = await terraformOn(front.endpoint, { module: 'every-section', variables });
    }, 60_000);
    afterAll(async () => {
      terraform?.close();
      await front?.close();
    });

    test('is applied', { timeout: 600_000 }, async () => {
      expect(await terraform.done('apply', '-auto-approve', ...quiet)).toContain('187 added, 0 changed, 0 destroyed');
      expect(aws.world.ledger.existing({ type: 'autoscaling/group' })).toHaveLength(1);
      expect(aws.world.ledger.existing({ type: 'ec2/instance' })).toHaveLength(2);
    });

    test('is planned without a change', { timeout: 60_000 }, async () => {
      const { code, output } = await terraform.run('plan', '-detailed-exitcode', ...quiet);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('No changes.') as string });
    });

    test('is destroyed, and nothing is left', { timeout: 600_000 }, async () => {
      expect(await terraform.done('destroy', '-auto-approve', ...quiet)).toContain('187 destroyed');
      aws.world.settle();
      // The logs that RDS has exported are RDS's, and stay.
      expect(aws.world.ledger.existing().filter((one) => !isExportedLog(one))).toEqual([]);
    });

    test('was refused nothing but what Terraform asks in order to be refused', () => {
      expect([...new Set(refused)].filter((refusal) => refusal !== '').sort()).toEqual(Object.keys(deliberate).sort());
    });
  });

  describe.each(built)('a store that the operator built, against $module', ({ example, change, module, given }) => {
    const world = new VirtualWorld();
    let store: VirtualStore;
    let imports: ReadonlyMap<string, readonly Import[]>;
    let changes: readonly Planned[];

    beforeAll(async () => {
      store = world.add(example, change);
      await world.settle(store);
      imports = await importsOf(world, store);
      const front = await judgedFront({ aws: world.aws });
      const blocks = [...imports.values()]
        .flat()
        .map(({ to, id }) => `import {\n  to = module.store.${to}\n  id = ${JSON.stringify(id)}\n}\n`);
      const names = await namesOf(world, store);
      const password = await passwordOf(world, store);
      const alarms = alarmNamesOf(store);
      const { namespace, name } = store.owner;
      const said = { ...variables, name, host: store.spec.domain.host, ...given, ...password, ...alarms };
      const as = { ...said, namespace, names, iam_path: '/ecom/default/', deletion_protection: true };
      const terraform = await terraformOn(front.endpoint, { module, variables: as, more: blocks.join('') });
      try {
        await terraform.done('plan', '-out=imported', ...quiet);
        changes = await planned(terraform, 'imported');
      } finally {
        terraform.close();
        await front.close();
      }
    }, 180_000);

    test('is imported whole', () => {
      const made = store.last?.nodes.filter(({ id }) => id !== undefined).map(({ node }) => node) ?? [];
      expect([...imports.keys()].sort()).toEqual([...made].sort());
      const addresses = [...imports.values()].flat().map(({ to }) => to);
      const imported = changes.filter((change) => change.imported).map(({ address }) => address);
      expect(imported.sort()).toEqual(addresses.sort());
    });

    test('is what the configuration asks for: nothing is made, replaced or removed', () => {
      const others = changes.filter(({ actions }) => !['no-op', 'update'].includes(actions.join()));
      const made = changes.filter(({ type }) => type === noResource);
      expect(others.map(({ address, actions }) => [address, ...actions])).toEqual(
        made.map(({ address }) => [address, 'create']),
      );
    });

    test('differs from the configuration in nothing but tags', () => {
      const differences = changes
        .filter(({ type }) => type !== noResource)
        .flatMap(({ type, address, differing }) =>
          differing
            .filter((attribute) => !isTag(attribute) && terraformsOwn[type]?.[attribute] === undefined)
            .map((attribute) => `${address} ${attribute}`),
        );
      expect(differences).toEqual([]);
      const types = new Set(changes.map(({ type }) => type));
      const excused = Object.entries(terraformsOwn)
        .filter(([type]) => types.has(type))
        .flatMap(([type, names]) =>
          Object.keys(names)
            .filter((name) => !changes.some((one) => one.type === type && one.differing.includes(name)))
            .map((name) => `${type} ${name}`),
        );
      expect(excused, 'what is excused and not needed').toEqual([]);
    });
  });
});
