import { beforeAll, describe, expect, test } from 'vitest';
import { subjects } from '../../bench/subjects.ts';
import { VirtualOperator, type StoreHandle } from '../support/virtual-operator.ts';

/** What the operator asks AWS in an hour in which nothing happens, with two whole stores. */
describe('an hour of two whole stores', () => {
  const asked = new Map<string, number>();

  beforeAll(async () => {
    const world = new VirtualOperator();
    world.start();
    const stores: StoreHandle[] = [];
    for (const number of [0, 1])
      stores.push(await world.post({ namespace: 'shops', name: `acme-${number}` }, subjects.whole.spec(number)));
    await world.until(() => stores.every((store) => world.isReady(store)), 'both are ready');
    // What was written last is read back, and is as it was from then on.
    await world.advance(30 * 60_000);
    const before = world.ledger.calls().length;
    await world.advance(60 * 60_000);
    for (const { operation } of world.ledger.calls().slice(before))
      asked.set(operation, (asked.get(operation) ?? 0) + 1);
  }, 120_000);

  const times = (...operations: string[]) => operations.map((operation) => [operation, asked.get(operation) ?? 0]);

  test('reads servers and replicas by one list', () => {
    expect(times('DescribeDBInstances')).toEqual([['DescribeDBInstances', 60]]);
  });

  test('reads listeners and rules of both by one call a beat', () => {
    expect(times('DescribeListeners', 'DescribeRules')).toEqual([
      ['DescribeListeners', 4],
      ['DescribeRules', 4],
    ]);
  });

  test('reads that parameters are as they were, and none of their values', () => {
    expect(times('DescribeParameters', 'GetParameters', 'GetParametersByPath')).toEqual([
      ['DescribeParameters', 4],
      ['GetParameters', 0],
      ['GetParametersByPath', 0],
    ]);
  });

  test('reads each client of a user pool and no list of them', () => {
    expect(times('DescribeUserPoolClient', 'ListUserPoolClients')).toEqual([
      ['DescribeUserPoolClient', 8],
      ['ListUserPoolClients', 0],
    ]);
  });
});
