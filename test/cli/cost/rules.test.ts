import { describe, expect, test } from 'vitest';
import { priceList } from '../../../operator/cli/cost/prices.ts';
import { rules } from '../../../operator/cli/cost/rules.ts';
import { registry } from '../../../operator/resources/index.ts';

describe('the rules of cost', () => {
  test.each(registry.resources.map(({ name }) => name))('%s has one', (type) => {
    expect(rules).toHaveProperty([type]);
  });

  test('are about types of the registry, and nothing else', () => {
    const types = new Set(registry.resources.map(({ name }) => name));
    expect(Object.keys(rules).filter((type) => !types.has(type))).toEqual([]);
  });
});

describe('the price list', () => {
  test('says of when it is, and names pages of AWS', () => {
    expect(priceList.date).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
    expect(priceList.origin).toContain('not fetched');
    for (const source of priceList.sources) expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing\//);
  });

  test.each(Object.entries(priceList.regions))('has in %s what a store has by default', (_, prices) => {
    expect(prices.instance).toMatchObject({ m4: expect.any(Number) as number });
    expect(prices.database).toHaveProperty('t4g');
    expect(Object.keys(prices.volumeGib).sort()).toEqual(['gp2', 'gp3']);
    expect(Object.keys(prices.databaseGib).sort()).toEqual(['gp2', 'gp3']);
  });
});
