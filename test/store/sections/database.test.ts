import { expect, test } from 'vitest';
import { compose } from '../../../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../../operator/store/spec.ts';
import { storeSchema } from '../../../operator/store/spec.ts';

const spec: EcomStoreManifestSpec = {
  region: 'eu-central-1',
  domain: { host: 'shop.example.com', zone: 'example.com' },
  compute: { image: { id: 'ami-0123456789abcdef0' }, scaling: { min: 1, max: 2 } },
};
const owner = {
  installation: 'default',
  namespace: 'shops',
  name: 'acme',
  uid: '00000000-0000-4000-8000-000000000000',
};

// RDS charges for MySQL 8.0 as for Extended Support since August 2026:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html#MySQL.Concepts.VersionMgmt.ReleaseCalendar
test.each([
  ['postgres', 'PostgreSQL', '16'],
  ['mysql', 'MySQL', '8.4'],
  ['mariadb', 'MariaDB', '10.11'],
] as const)(
  'a version of %s that is left out is one under standard support, as the schema says',
  (engine, name, version) => {
    const graph = compose({ owner, account: '111122223333', spec: withDefaults({ ...spec, database: { engine } }) });
    const engineVersion = { $ref: 'database/parameters', output: 'engineVersion' };
    expect(graph.nodes.get('database/primary')?.props).toMatchObject({ engine, engineVersion });
    const bornFamily = `${engine}${version}`;
    expect(graph.nodes.get('database/parameters')?.props).toMatchObject({ family: engine, bornFamily });
    expect(JSON.stringify(storeSchema)).toContain(`${version} of ${name}`);
  },
);
