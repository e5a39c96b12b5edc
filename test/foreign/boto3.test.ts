import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../operator/model/ref.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { describeForeign, foreignEnvironment, lacking } from '../support/foreign.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import type { Read } from './boto3/read.ts';
import { readsOf } from './boto3/reads.ts';
import { addWholeStore } from './whole-store.ts';

const python = process.env['ECOM_PYTHON'] ?? 'python3';
const missing = lacking(python, ['-c', 'import boto3'], `${python} has no boto3 (ECOM_PYTHON names another Python)`);
const script = fileURLToPath(new URL('boto3/read.py', import.meta.url));

/** What came of a call: what was wrong with the answers, and what the query found in them. */
interface Outcome {
  readonly wrong: readonly string[];
  readonly found: readonly unknown[];
  readonly pages: number;
}

/** All calls in one process: starting Python and reading the service models takes longer than all of them. */
function readAll(endpoint: string, reads: readonly Read[]): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script], { env: foreignEnvironment(endpoint) });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (text) => (output += String(text)));
    child.stderr.on('data', (text) => (errors += String(text)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(JSON.parse(output) as Outcome[])
        : reject(new Error(`boto3 ended with ${code}:\n${errors.slice(-4000)}`)),
    );
    child.stdin.end(JSON.stringify(reads));
  });
}

describeForeign('boto3 on the simulated AWS', missing, () => {
  const world = new VirtualWorld();
  const reads = new Map<string, readonly Read[]>();
  const outcomes = new Map<Read, Outcome>();
  const types = new Set<string>();
  let front: JudgedFront;

  beforeAll(async () => {
    const verdict = await world.settle(addWholeStore(world));
    const memcached = await world.settle(world.add('examples/memcached.yaml'));
    const clusters = memcached.nodes.filter(({ type }) => type === 'elasticache/cluster');
    for (const { node, type, id } of [...verdict.nodes, ...clusters]) {
      if (id === undefined) continue; // What is only looked up has no id of the store's.
      types.add(type);
      const of = (from: string, name: string): string =>
        String((verdict.outputs.get(from as NodeId) ?? memcached.outputs.get(from as NodeId))?.[name]);
      reads.set(`${type} ${node}`, readsOf[type]?.({ id, of, out: (name) => of(node, name) }) ?? []);
    }
    const Bucket = String(verdict.outputs.get('content/bucket')?.['bucketName']);
    for (const Key of ['static/shop.css', 'static/shop.js']) await world.other('s3', 'PutObject', { Bucket, Key });
    world.clock.advance(300_000); // Until what was launched last is found healthy.
    world.aws.world.pageSize = 1;
    front = await judgedFront({ aws: world.aws });
    const all = [...reads.values()].flat();
    (await readAll(front.endpoint, all)).forEach((outcome, i) => outcomes.set(all[i] as Read, outcome));
  }, 120_000);
  afterAll(() => front?.close());

  test('reads every type of a store', () => {
    expect([...types].sort()).toEqual(Object.keys(readsOf).sort());
    expect([...reads].filter(([, of]) => of.length === 0)).toEqual([]);
  });

  describe.each(Object.keys(readsOf))('%s', (type) => {
    const own = () => [...reads].filter(([title]) => title.startsWith(`${type} `)).flatMap(([, of]) => of);

    test('is found, on whatever page it stands', () => {
      const lost = own().filter((read) => {
        const found = (outcomes.get(read) as Outcome).found.map((value) => JSON.stringify(value));
        return !found.includes(JSON.stringify(read.expected));
      });
      expect(lost.map((read) => ({ ...read, ...outcomes.get(read) }))).toEqual([]);
    });

    test("is answered in botocore's own shapes", () => {
      expect(own().flatMap((read) => outcomes.get(read)?.wrong)).toEqual([]);
    });
  });

  test('turns pages in every service', () => {
    // A store has one of everything there.
    const single = ['cloudfront', 'secretsmanager'];
    const turned = [...outcomes].filter(([, { pages }]) => pages > 1).map(([{ service }]) => service);
    const asked = new Set([...outcomes.keys()].map(({ service }) => service));
    expect([...new Set(turned)].sort()).toEqual([...asked].filter((service) => !single.includes(service)).sort());
  });
});
