import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../operator/model/operations.ts';
import { botocoreJudges, hasBotocore } from './botocore.ts';
import { live, liveOfData, type Lived } from './life.ts';

const files = [
  ...['minimal', 'production', 'existing-vpc', 'mysql', 'memcached', 'complete', 'notifications'].map(
    (name) => `examples/${name}.yaml`,
  ),
  ...['bakery/bread', 'bakery/cake', 'garden/plants'].map((name) => `examples/gitops/tenants/${name}.yaml`),
];

const lives = new Map<string, Lived>();
beforeAll(async () => {
  for (const file of files) lives.set(file, await live(file));
  const domain = { host: 'shop.example.org', zone: 'example.org', createZone: true };
  lives.set('a zone of its own', await live('examples/minimal.yaml', (spec) => ({ ...spec, domain })));
  const cache = { engine: 'redis', parameters: { 'maxmemory-policy': 'allkeys-lru' } } as const;
  lives.set('a cache of redis', await live('examples/minimal.yaml', (spec) => ({ ...spec, cache })));
  lives.set('data that outlives its stores', await liveOfData('examples/complete.yaml'));
}, 480_000);

const ofAll = <T>(part: (lived: Lived) => readonly T[]): T[] => [...lives.values()].flatMap((lived) => part(lived));

describe('the whole life of a store, over sockets', () => {
  test('is lived for every example, each request and reply judged', () => {
    expect([...lives.keys()].slice(0, -3)).toEqual(files);
    const reached = new Set(ofAll(({ operations }) => [...operations.keys()]));
    const [requests, inputs] = [ofAll(({ exchanges }) => exchanges), ofAll(({ sent }) => sent)];
    console.info(
      `judged: ${requests.length} requests and replies, ${inputs.length} inputs, ${reached.size} operations`,
    );
    // Judged means: of both sides. A connection that is lost on purpose has no reply, and nothing is lost here.
    expect(requests.filter(({ reply }) => !reply)).toEqual([]);
    expect(ofAll(({ exchanges }) => exchanges.flatMap(({ misfits }) => misfits))).toEqual([]);
    expect(inputs).toHaveLength(requests.length);
  });

  test('heals every drift, by the operations that mend it', () => {
    expect(ofAll(({ unhealed }) => unhealed)).toEqual([]);
  });

  test('leaves nothing behind', () => {
    expect(ofAll(({ left }) => left)).toEqual([]);
  });

  test('sends every operation that the operator has', () => {
    const reached = new Set(ofAll(({ operations }) => [...operations.keys()]));
    const all = Object.entries(operations).flatMap(([service, listed]) =>
      Object.keys(listed).map((operation) => `${service}:${operation}`),
    );
    expect(all.filter((operation) => !reached.has(operation))).toEqual([]);
    expect([...reached].filter((operation) => !all.includes(operation))).toEqual([]);
  });

  test('tells no credentials in what is recorded', () => {
    const told = JSON.stringify(ofAll(({ exchanges }) => exchanges));
    expect(told).not.toContain('Signature=');
    expect(told).not.toContain('AKIATEST');
  });
});

const title = 'botocore, which nobody here wrote';
if (!hasBotocore) console.warn(`${title}, is not asked: python3 has no botocore (pip install botocore)`);

describe.skipIf(!hasBotocore && process.env['CI'] !== 'true')(title, () => {
  test('serialises every input as the SDK did, and reads and checks every reply', { timeout: 240_000 }, () => {
    const verdict = botocoreJudges([...lives.values()]);
    console.info(`botocore ${verdict.version} judged ${verdict.requests} requests and ${verdict.replies} replies`);
    expect(verdict.misfits).toEqual([]);
    expect(verdict.requests).toBe(ofAll(({ sent }) => sent).length);
    expect(verdict.replies).toBe(ofAll(({ exchanges }) => exchanges).length);
  });
});
