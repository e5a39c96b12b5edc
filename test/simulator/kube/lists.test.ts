import { beforeEach, describe, expect, test } from 'vitest';
import { Asking, probe, probes, type Seen } from './asking.ts';

describe('lists', () => {
  let kube: Asking;
  const names = (body: Seen): string[] => body.items.map((item) => item.metadata.name);
  const version = (): string => kube.get(probes).body.metadata.resourceVersion;

  beforeEach(() => {
    kube = new Asking();
    for (const name of ['a', 'b', 'c', 'd', 'e']) kube.post(probes, probe(name));
  });

  test('pages show the state of the first page, whatever happens meanwhile', () => {
    const first = kube.get(`${probes}?limit=2`).body;
    expect([names(first), first.metadata.remainingItemCount]).toEqual([['a', 'b'], 3]);
    kube.drop(`${probes}/c`);
    kube.post(probes, probe('bb'));
    const second = kube.get(`${probes}?limit=2&continue=${first.metadata.continue}`).body;
    expect(names(second)).toEqual(['c', 'd']);
    const third = kube.get(`${probes}?limit=2&continue=${second.metadata.continue}`).body;
    expect([names(third), third.metadata.continue]).toEqual([['e'], undefined]);
    expect(third.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('a page that waited until after a compaction is gone', () => {
    const { continue: token } = kube.get(`${probes}?limit=2`).body.metadata;
    kube.post(probes, probe('f'));
    kube.api.faults.compact();
    expect(kube.get(`${probes}?limit=2&continue=${token}`)).toMatchObject({ code: 410, body: { reason: 'Expired' } });
  });

  test('a token and a version do not go together', () => {
    const { continue: token } = kube.get(`${probes}?limit=2`).body.metadata;
    expect(kube.get(`${probes}?continue=${token}&resourceVersion=5`).code).toBe(400);
  });

  test('any version will do: the limit is not looked at', () => {
    expect(names(kube.get(`${probes}?limit=2&resourceVersion=0`).body)).toHaveLength(5);
  });

  test('an exact version shows what was there then; after a compaction it is gone', () => {
    const then = version();
    kube.drop(`${probes}/a`);
    kube.merge(`${probes}/b`, { spec: { size: 9 } });
    const old = kube.get(`${probes}?resourceVersion=${then}&resourceVersionMatch=Exact`).body;
    expect([names(old)[0], old.items[1]?.spec.size]).toEqual(['a', 1]);
    expect(names(kube.get(`${probes}?resourceVersion=${then}&resourceVersionMatch=NotOlderThan`).body)[0]).toBe('b');
    kube.api.faults.compact();
    expect(kube.get(`${probes}?resourceVersion=${then}&resourceVersionMatch=Exact`).code).toBe(410);
  });

  test('a version to come is not answered with an older state', () => {
    const told = kube.get(`${probes}?resourceVersion=99999&resourceVersionMatch=NotOlderThan`);
    expect(told).toMatchObject({ code: 504, body: { reason: 'Timeout' } });
    expect(told.headers['retry-after']).toBe('1');
  });

  test('objects come ordered by namespace and name', () => {
    kube.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } });
    kube.post('/apis/test.ecom.io/v1/namespaces/another/probes', probe('z'));
    expect(names(kube.get('/apis/test.ecom.io/v1/probes').body)).toEqual(['z', 'a', 'b', 'c', 'd', 'e']);
  });
});
