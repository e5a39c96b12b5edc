import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError, type Io } from '../../operator/cli/io.ts';
import { program } from '../../operator/cli/program.ts';
import { offlineIo } from '../support/offline-io.ts';

/** Runs `ecomstore cost`; files that are not given are read from the disk. */
async function run(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const said = { out: '', notes: '', code: undefined as number | undefined };
  const io: Io = {
    ...offlineIo('cost'),
    out: (line) => void (said.out += `${line}\n`),
    note: (line) => void (said.notes += `${line}\n`),
    read: async (file) => files[file] ?? readFileSync(file, 'utf8'),
    exit: (code) => void (said.code = code),
  };
  await program(io, 'ecomstore', '1.2.3').parseAsync(['cost', ...args], { from: 'user' });
  return said;
}

interface Told {
  readonly monthly: { least: number; most: number };
  readonly stores: readonly {
    store: string;
    pricesOf: string;
    monthly: { least: number; most: number };
    lines: readonly { node: string; what: string; monthly?: { least: number; most: number } }[];
    byUse: readonly { node: string; what: string }[];
  }[];
  readonly prices: { date: string; sources: string[] };
  readonly leftOut: string[];
}

const told = async (text: string, ...args: string[]): Promise<Told> =>
  JSON.parse((await run(['-o', 'json', ...args, 'a.yaml'], { 'a.yaml': text })).out) as Told;

const store = (more = '', region = 'eu-central-1', name = 'acme'): string => `apiVersion: ecom.io/v1alpha1
kind: EcomStore
metadata: { name: ${name}, namespace: shops }
spec:
  region: ${region}
  domain: { host: shop.example.com, zone: example.com }
${more}`;
const compute = (types = '[m4.large]'): string =>
  `  compute: { image: { ssmParameter: /a }, instanceTypes: ${types}, scaling: { min: 2, max: 10 } }\n`;

/** The figures of one node, as `what: least-most`. */
const figures = ({ stores }: Told, node: string): string[] =>
  (stores[0]?.lines ?? [])
    .filter((line) => line.node === node)
    .map(({ what, monthly }) => `${what}: ${monthly ? `${monthly.least}-${monthly.most}` : 'unknown'}`);

describe('ecomstore cost', () => {
  test('adds up what exists by the hour and by the month, at the least and at the most', async () => {
    const all = await told(store(compute()));
    // 730 hours of 0.12 USD for an m4.large in Frankfurt, twice and ten times; 20 GiB of gp3 for 0.0952 USD with each.
    expect(figures(all, 'compute/group')).toEqual([
      '2 to 10 × m4.large: 175.2-876',
      '2 to 10 × 20 GiB gp3: 3.81-19.04',
    ]);
    expect(figures(all, 'network/nat-a')).toEqual(['NAT gateway: 37.96-37.96']);
    expect(figures(all, 'network/nat-address-a')).toEqual(['public IPv4 address: 3.65-3.65']);
    expect(figures(all, 'loadBalancer/balancer')).toEqual([
      'Application Load Balancer: 19.71-19.71',
      '2 × public IPv4 address: 7.3-7.3',
    ]);
    expect(all.monthly).toEqual({ least: 247.63, most: 963.66 });
  });

  test('a database costs twice with its standby, and a replica has the storage of its source', async () => {
    const text = store(
      `${compute()}  database: { readReplicas: 1, replicaClass: db.t4g.large, storage: { gib: 100, maxGib: 200 } }\n`,
      'us-east-1',
    );
    const all = await told(text);
    expect(figures(all, 'database/primary')).toEqual([
      'db.t4g.medium postgres, Multi-AZ: 94.9-94.9',
      '100 to 200 GiB gp3, Multi-AZ: 23-46',
    ]);
    expect(figures(all, 'database/password')).toEqual(['secret: 0.4-0.4']);
    expect(figures(all, 'database/replica-1')).toEqual([
      'db.t4g.large postgres: 94.17-94.17',
      '100 to 200 GiB gp3: 11.5-23',
    ]);
    const alone = await told(text.replace('readReplicas: 1', 'multiAz: false').replace(/replicaClass: [^,]*, /, ''));
    expect(figures(alone, 'database/primary')).toEqual([
      'db.t4g.medium postgres: 47.45-47.45',
      '100 to 200 GiB gp3: 11.5-23',
      'secret of the master user: 0.4-0.4',
    ]);
  });

  test('an alarm costs for each metric, a health check for what it does beside asking', async () => {
    const text = store(`${compute()}  monitoring: { healthCheck: { intervalSeconds: 10 } }\n`, 'us-east-1');
    const all = await told(text);
    expect(figures(all, 'monitoring/alarm-latency')).toEqual(['alarm on a metric: 0.1-0.1']);
    expect(figures(all, 'monitoring/alarm-server-errors')).toEqual(['alarm on 3 metrics: 0.3-0.3']);
    expect(figures(all, 'monitoring/health-check')).toEqual(['health check, HTTPS, every ten seconds: 2.5-2.5']);
    expect(figures(all, 'monitoring/dashboard')).toEqual(['dashboard: 3-3']);
  });

  test('MySQL is cheaper than PostgreSQL where AWS has it so', async () => {
    const of = async (engine: string) =>
      figures(
        await told(
          store(
            `${compute()}  database: { engine: ${engine}, multiAz: false, instanceClass: db.m6g.xlarge }\n`,
            'us-west-2',
          ),
        ),
        'database/primary',
      )[0];
    expect(await of('postgres')).toBe('db.m6g.xlarge postgres: 232.14-232.14');
    expect(await of('mariadb')).toBe('db.m6g.xlarge mariadb: 221.92-221.92');
  });

  test('the most is with the dearest of the fallbacks', async () => {
    const all = await told(store(compute('[t3.medium, m4.2xlarge, c5.large]')));
    expect(figures(all, 'compute/group')[0]).toBe('2 to 10 × t3.medium (else m4.2xlarge, c5.large): 70.08-3504');
  });

  test('a hosted zone that is made costs, one that exists does not', async () => {
    const text = store(compute());
    const made = text.replace('zone: example.com', 'zone: example.com, createZone: true');
    expect(figures(await told(text), 'domain/zone')).toEqual([]);
    expect(figures(await told(made), 'domain/zone')).toEqual(['hosted zone: 0.5-0.5']);
  });

  test('a load balancer behind a CDN has no public addresses, and the CDN is paid by use', async () => {
    const all = await told(store(`${compute()}  cdn: {}\n  content: {}\n`));
    expect(figures(all, 'loadBalancer/internal')).toEqual(['Application Load Balancer: 19.71-19.71']);
    const uses = all.stores[0]?.byUse.map(({ what }) => what);
    expect(uses).toContain('requests of viewers, and data transferred to them');
    expect(uses).toContain('objects stored, and requests for them');
  });

  test('what has no known price is told, in the table too, and is in no sum', async () => {
    const text = store(compute('[x9z.large]'));
    const all = await told(text);
    expect(figures(all, 'compute/group')[0]).toBe('2 to 10 × x9z.large: unknown');
    expect(all.monthly.least).toBe(247.63 - 175.2);
    const { out } = await run(['a.yaml'], { 'a.yaml': text });
    expect(out).toMatch(/compute\/group +2 to 10 × x9z\.large +not known\n/);
    expect(out).toMatch(/total +without 1 of no known price +72\.43/);
  });

  test('what is paid by use is named, and what no figure has', async () => {
    const { out, code } = await run(['a.yaml'], { 'a.yaml': store(compute()) });
    expect(code).toBe(0);
    expect(out).toContain('Paid by use, and in no figure:\n');
    expect(out).toContain('  logs taken in and kept: network/flow-log-group, compute/log-group\n');
    for (const what of ['traffic and requests', 'logs and metrics', 'taxes', 'discounts'])
      expect(out).toContain(`  ${what}`);
    expect(out).toContain('Prices of 2026-01: list prices as they were known to us, not fetched from AWS');
    expect(out).toContain('  https://aws.amazon.com/rds/pricing/\n');
  });

  test('a region without prices is refused, and estimated with those of another when one is named', async () => {
    const text = store(compute(), 'eu-south-2');
    const failed = run(['a.yaml'], { 'a.yaml': text });
    await expect(failed).rejects.toThrow(UserError);
    await expect(failed).rejects.toThrow(
      'the price list of 2026-01 has no prices for eu-south-2, only for us-east-1, us-east-2, us-west-2, eu-west-1, eu-central-1\n    estimate with those of another region: --prices-of us-east-1',
    );
    const { out } = await run(['--prices-of', 'eu-west-1', 'a.yaml'], { 'a.yaml': text });
    expect(out).toContain('Store shops/acme in eu-south-2, with the prices of eu-west-1: an estimate');
    await expect(run(['--prices-of', 'mars', 'a.yaml'], { 'a.yaml': text })).rejects.toThrow(
      'Allowed choices are us-east-1',
    );
  });

  test('all stores of a file are estimated, each and together', async () => {
    const two = `${store(compute())}---\n${store(compute(), 'us-east-1', 'other')}`;
    const all = await told(two);
    expect(all.stores.map(({ store: name, pricesOf }) => [name, pricesOf])).toEqual([
      ['shops/acme', 'eu-central-1'],
      ['shops/other', 'us-east-1'],
    ]);
    const [one, other] = all.stores.map(({ monthly }) => monthly.least) as [number, number];
    expect(all.monthly.least).toBeCloseTo(one + other, 5);
    const { out } = await run(['a.yaml'], { 'a.yaml': two });
    expect(out).toContain(
      `All 2 stores: ${all.monthly.least.toFixed(2)} USD a month, ${all.monthly.most.toFixed(2)} at most`,
    );
  });

  test('problems are told as validate tells them, and nothing is estimated', async () => {
    const wrong = store(compute()).replace('zone: example.com', 'zone: example.org');
    await expect(run(['a.yaml'], { 'a.yaml': wrong })).rejects.toThrow(
      'a.yaml:6:19: spec.domain.host: the host lies outside the zone',
    );
    await expect(run(['a.yaml'], { 'a.yaml': '# nothing\n' })).rejects.toThrow('a.yaml: there is no EcomStore in it');
  });

  test.each(readdirSync('examples').filter((file) => file.endsWith('.yaml')))(
    '%s has a price for everything',
    async (file) => {
      const { out, notes, code } = await run([`examples/${file}`]);
      expect([notes, code]).toEqual(['', 0]);
      expect(out).not.toMatch(/not known|NaN|undefined/);
      expect(out).toMatch(/total +\d+\.\d\d +\d+\.\d\d\n/);
    },
  );
});
