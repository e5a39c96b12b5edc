import { beforeEach, expect, test } from 'vitest';
import { isExportedLog } from '../../../../simulator/aws/rds/exported-logs.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { makeNetwork } from '../../../support/simulated-network.ts';

let clock: VirtualClock;
let aws: SimulatedAws;
const database = { DBInstanceIdentifier: 'Shop' };

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  const { subnetIds } = await makeNetwork(aws);
  await callsTo(aws, 'rds')('CreateDBSubnetGroup', {
    ...{ DBSubnetGroupName: 'shop', DBSubnetGroupDescription: 'shop', SubnetIds: [...subnetIds] },
  });
  await callsTo(aws, 'rds')('CreateDBInstance', {
    ...{ ...database, AllocatedStorage: 50, DBSubnetGroupName: 'shop', Engine: 'postgres' },
    ...{ DBInstanceClass: 'db.t4g.medium', MasterUsername: 'shop', ManageMasterUserPassword: true },
    EnableCloudwatchLogsExports: ['postgresql'],
  });
});

/** The log groups of the account, with their retentions and tags. */
async function groups(): Promise<Record<string, object>> {
  const logs = callsTo(aws, 'logs');
  const { logGroups = [] } = await logs('DescribeLogGroups', {});
  const told = logGroups.map(async ({ logGroupName = '', retentionInDays, logGroupArn: resourceArn }) => {
    const { tags } = await logs('ListTagsForResource', { resourceArn });
    return [logGroupName, { retentionInDays, tags }] as const;
  });
  return Object.fromEntries(await Promise.all(told));
}

const [postgresql, upgrade] = ['/aws/rds/instance/shop/postgresql', '/aws/rds/instance/shop/upgrade'];
const forEver = { retentionInDays: undefined, tags: {} };

test('RDS makes a log group for each log that it exports, without tags and for ever, once the instance runs', async () => {
  expect(await groups()).toEqual({});
  clock.advance(1_800_000);
  expect(await groups()).toEqual({ [postgresql]: forEver });
  await callsTo(aws, 'rds')('ModifyDBInstance', {
    ...database,
    CloudwatchLogsExportConfiguration: { EnableLogTypes: ['upgrade'] },
  });
  expect(await groups()).toEqual({ [postgresql]: forEver, [upgrade]: forEver });
});

test('a group that is there is used as it is', async () => {
  await callsTo(aws, 'logs')('CreateLogGroup', { logGroupName: postgresql, tags: { team: 'shop' } });
  await callsTo(aws, 'logs')('PutRetentionPolicy', { logGroupName: postgresql, retentionInDays: 7 });
  clock.advance(1_800_000);
  expect(await groups()).toEqual({ [postgresql]: { retentionInDays: 7, tags: { team: 'shop' } } });
});

test('it stays when its instance goes, and the witness tells it from what others leave', async () => {
  clock.advance(1_800_000);
  await callsTo(aws, 'rds')('DeleteDBInstance', { ...database, SkipFinalSnapshot: true });
  clock.advance(1_800_000);
  expect(await groups()).toEqual({ [postgresql]: forEver });
  expect(aws.world.ledger.existing({ type: 'logs/group' }).map(isExportedLog)).toEqual([true]);
  const others = ['/aws/rds/cluster/shop/postgresql', '/aws/rds/instance/shop', '/ecom/shops/shop/app'];
  expect(others.map((id) => isExportedLog({ type: 'logs/group', id }))).toEqual(others.map(() => false));
});
