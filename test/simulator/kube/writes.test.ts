import { beforeEach, describe, expect, test } from 'vitest';
import { jsonPatch } from '../../../simulator/kube/json-patch.ts';
import { Asking, probe, probes } from './asking.ts';

const own = `${probes}/a`;

describe('writes', () => {
  let kube: Asking;

  beforeEach(() => {
    kube = new Asking();
    kube.post(probes, probe('a'));
  });

  test('of two writers with the same copy, the second is told of a conflict', () => {
    const copy = kube.get(own).body;
    expect(kube.put(own, { ...copy, spec: { size: 2 } }).code).toBe(200);
    expect(kube.put(own, { ...copy, spec: { size: 3 } })).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    expect(kube.get(own).body.spec.size).toBe(2);
  });

  test('the generation counts changes of the spec only', () => {
    const generation = (): number => kube.get(own).body.metadata.generation;
    kube.merge(own, { metadata: { labels: { a: 'b' } } });
    kube.merge(`${own}/status`, { status: { note: 'n' } });
    expect(generation()).toBe(1);
    kube.merge(own, { spec: { size: 2 } });
    expect(generation()).toBe(2);
  });

  test('an update without version is refused, but for kinds that allow it', () => {
    expect(kube.put(own, probe('a', { size: 2 })).code).toBe(422);
    const maps = '/api/v1/namespaces/default/configmaps';
    kube.post(maps, { metadata: { name: 'c' } });
    expect(kube.put(`${maps}/c`, { metadata: { name: 'c' }, data: { a: 'b' } }).code).toBe(200);
  });

  test('nothing is born with a status', () => {
    const told = kube.post(probes, { ...probe('b'), status: { note: 'early' } });
    expect(told.body.status).toEqual({ observedGeneration: -1 });
  });

  test('a write that changes nothing is no write', () => {
    const { resourceVersion } = kube.get(own).body.metadata;
    expect(kube.merge(own, { spec: { size: 1 } }).body.metadata.resourceVersion).toBe(resourceVersion);
    expect(kube.merge(`${own}/status`, { status: { observedGeneration: -1 } }).body.metadata.resourceVersion).toBe(
      resourceVersion,
    );
  });

  test('a status comes through its subresource, and brings nothing with it', () => {
    kube.merge(own, { status: { note: 'no' } });
    expect(kube.get(own).body.status).toEqual({ observedGeneration: -1 });
    kube.merge(`${own}/status`, { status: { note: 'yes' }, spec: { size: 9 }, metadata: { labels: { a: 'b' } } });
    const { spec, status, metadata } = kube.get(own).body;
    expect([spec.size, status, metadata.labels]).toEqual([1, { note: 'yes', observedGeneration: -1 }, undefined]);
  });

  test('a status with a stale version is a conflict', () => {
    const { resourceVersion } = kube.get(own).body.metadata;
    kube.merge(own, { spec: { size: 2 } });
    const told = kube.merge(`${own}/status`, { metadata: { resourceVersion }, status: { note: 'late' } });
    expect(told.code).toBe(409);
  });

  test('a finalizer holds what is deleted until it is taken away', () => {
    kube.merge(own, { metadata: { finalizers: ['ecom.io/aws'] } });
    expect(kube.drop(own).body.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', generation: 2 });
    expect(kube.merge(own, { metadata: { finalizers: ['ecom.io/aws', 'ecom.io/more'] } }).code).toBe(422);
    const watch = kube.watch(`${probes}?watch=true`);
    expect(kube.merge(own, { metadata: { finalizers: null } }).code).toBe(200);
    expect(watch.events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    expect(kube.get(own).code).toBe(404);
  });

  test('a delete with another uid or version deletes nothing', () => {
    const { uid, resourceVersion } = kube.get(own).body.metadata;
    expect(kube.drop(own, { preconditions: { uid: 'another' } }).code).toBe(409);
    expect(kube.drop(own, { preconditions: { uid, resourceVersion: '1' } }).code).toBe(409);
    expect(kube.drop(own, { preconditions: { uid, resourceVersion } }).code).toBe(200);
  });

  test('one that is made again under the same name is another', () => {
    const { uid } = kube.get(own).body.metadata;
    kube.drop(own);
    expect(kube.post(probes, probe('a')).body.metadata.uid).not.toBe(uid);
  });

  test('a dry run answers as if, and stores nothing', () => {
    const told = kube.post(`${probes}?dryRun=All`, probe('b'));
    expect([told.code, told.body.metadata.resourceVersion]).toEqual([201, undefined]);
    kube.ask('PATCH', `${own}?dryRun=All`, { spec: { size: 7 } }, { 'content-type': 'application/merge-patch+json' });
    kube.drop(`${own}?dryRun=All`);
    expect([kube.get(`${probes}/b`).code, kube.get(own).body.spec.size]).toEqual([404, 1]);
  });

  test('a generated name begins as asked', () => {
    const told = kube.post(probes, probe(undefined, { size: 1 }, { generateName: 'x-' }));
    expect(told.body.metadata.name).toMatch(/^x-[a-z0-9]{5}$/);
  });

  test('the same seed gives the same uids', () => {
    const another = new Asking();
    another.post(probes, probe('a'));
    expect(another.get(own).body.metadata.uid).toBe(kube.get(own).body.metadata.uid);
  });

  test('a collection is deleted as a list would select it', () => {
    kube.post(probes, probe('b', { size: 1 }, { labels: { tier: 'web' } }));
    kube.drop(`${probes}?labelSelector=tier%3Dweb`);
    expect([kube.get(own).code, kube.get(`${probes}/b`).code]).toEqual([200, 404]);
  });

  test('a namespace empties itself, waits for finalizers, and takes nothing new', () => {
    const namespace = '/api/v1/namespaces/shops';
    const inside = '/apis/test.ecom.io/v1/namespaces/shops/probes';
    kube.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shops' } });
    kube.post(inside, probe('free'));
    kube.post(inside, probe('held', { size: 1 }, { finalizers: ['ecom.io/aws'] }));
    expect(kube.drop(namespace).body.status.phase).toBe('Terminating');
    expect(kube.get(`${inside}/free`).code).toBe(404);
    expect(kube.get(`${inside}/held`).body.metadata.deletionTimestamp).toBeDefined();
    expect(kube.post(inside, probe('late')).body.details.causes[0]?.reason).toBe('NamespaceTerminating');
    kube.merge(`${inside}/held`, { metadata: { finalizers: [] } });
    expect(kube.get(namespace).code).toBe(404);
  });

  test('a definition takes its objects with it, and waits for their finalizers', () => {
    const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/probes.test.ecom.io';
    kube.post(probes, probe('held', { size: 1 }, { finalizers: ['ecom.io/aws'] }));
    kube.drop(definition);
    expect([kube.get(own).code, kube.get(definition).code]).toEqual([404, 200]);
    kube.merge(`${probes}/held`, { metadata: { finalizers: null } });
    expect([kube.get(definition).code, kube.get(probes).body]).toEqual([404, '404 page not found\n']);
  });

  test('a definition with words that the stand-in does not act on is refused', () => {
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const given = kube.get(`${definitions}/probes.test.ecom.io`).body;
    const [path, value] = ['/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/oneOf', []];
    const changed = jsonPatch({ ...given }, [{ op: 'add', path, value }]);
    expect(kube.put(`${definitions}/probes.test.ecom.io`, changed)).toMatchObject({ code: 422 });
  });

  test('an event has one life under two names', () => {
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' }, message: 'seen', count: 1 };
    kube.post('/api/v1/namespaces/default/events', {
      ...event,
      involvedObject: { kind: 'Probe', name: 'a', namespace: 'default' },
    });
    const path = '/apis/events.k8s.io/v1/namespaces/default/events/e';
    expect(kube.get(path).body).toMatchObject({ note: 'seen', regarding: { name: 'a' }, deprecatedCount: 1 });
    kube.merge(path, { note: 'seen again', deprecatedCount: 2 });
    expect(kube.get('/api/v1/namespaces/default/events/e').body).toMatchObject({ message: 'seen again', count: 2 });
  });

  test('events are forgotten after an hour', () => {
    const events = '/api/v1/namespaces/default/events';
    const event = (name: string): object => ({
      metadata: { name },
      involvedObject: { kind: 'Probe', name: 'a', namespace: 'default' },
    });
    kube.post(events, event('old'));
    kube.pass(3_601_000);
    kube.post(events, event('new'));
    expect(kube.get(events).body.items.map(({ metadata }) => metadata.name)).toEqual(['new']);
  });

  test('a path that is no text leads nowhere', () => {
    expect(kube.get(`${probes}/%zz`).code).toBe(404);
  });

  test('an unknown token is nobody', () => {
    expect(kube.ask('GET', own, undefined, { authorization: 'Bearer wrong' }).code).toBe(401);
  });
});
