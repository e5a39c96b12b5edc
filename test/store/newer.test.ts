import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { newerThanThis } from '../../operator/store/newer.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';

const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));

test.each(examples)('all of examples/%s is known, with defaults and without', (name) => {
  const documents = parseAllDocuments(readFileSync(`examples/${name}`, 'utf8'));
  for (const { spec } of documents.map((one) => one.toJS() as { spec: EcomStoreManifestSpec }))
    expect([...newerThanThis(spec), ...newerThanThis(withDefaults(spec))]).toEqual([]);
});

test('fields and values of a newer CRD are told with their place: in lists, below names of people, and all of them', () => {
  const spec = {
    database: { engine: 'oracle', storage: { type: 'gp4', encryption: { key: 'k' } } },
    notifications: { topics: { orders: { subscriptions: [{ protocol: 'email' }, { protocol: 'pager', at: 'x' }] } } },
    compute: { environment: { ANY: 'oracle' } },
    waf: null,
  };
  expect(newerThanThis(spec)).toEqual([
    'spec.database.engine',
    'spec.database.storage.type',
    'spec.database.storage.encryption',
    'spec.notifications.topics.orders.subscriptions[1].protocol',
    'spec.notifications.topics.orders.subscriptions[1].at',
    'spec.waf',
  ]);
});
