import { expect, test } from 'vitest';
import { specFieldOf } from '../../operator/model/graph.ts';

const specFields = {
  engine: 'spec.database.engine',
  storageGib: 'spec.database.storage.gib',
  maxStorageGib: 'spec.database.storage.maxGib',
};

test.each([
  ['the one that is to change', ['storageGib'], 'spec.database.storage.gib'],
  ['what several have in common', ['storageGib', 'maxStorageGib'], 'spec.database.storage'],
  ['their section', ['storageGib', 'engine'], 'spec.database'],
  ['none of what comes from no field', ['storageGib', 'securityGroupIds'], 'spec.database.storage.gib'],
  ['the section where nothing is known', ['securityGroupIds'], 'spec.database'],
  ['the section where nothing was to change', undefined, 'spec.database'],
])('the field of the store that is named is %s', (_which, props, field) => {
  expect(specFieldOf({ specFields }, props)).toBe(field);
});

test('a field that holds another is what both have in common', () => {
  const nested = { path: 'spec.monitoring.healthCheck.path', intervalSeconds: 'spec.monitoring.healthCheck' };
  expect(specFieldOf({ specFields: nested })).toBe('spec.monitoring.healthCheck');
});

test('rather none is named than all of the store', () => {
  expect(specFieldOf({ specFields: { a: 'spec.cdn', b: 'spec.domain.host' } })).toBeUndefined();
  expect(specFieldOf({ specFields: {} })).toBeUndefined();
});
