import type { Handle } from '../../model/graph.ts';
import { join, type Join, type Ref } from '../../model/ref.ts';
import type { ServerOutputs } from '../../resources/rds/instance-found.ts';
import { instance } from '../../resources/rds/instance.ts';
import { parameterGroup } from '../../resources/rds/parameter-group.ts';
import { readReplica } from '../../resources/rds/read-replica.ts';
import { subnetGroup } from '../../resources/rds/subnet-group.ts';
import { secret, type SecretOutputs } from '../../resources/secretsmanager/secret.ts';
import { familyOf } from '../../resources/rds/versions.ts';
import { privateZone } from '../../resources/route53/private-zone.ts';
import { internalZone, retentionDays, type Site } from '../site.ts';
import type { Network } from './network.ts';
import { allow, publish, type Offer } from './offer.ts';

type DatabaseSpec = NonNullable<Site['spec']['database']>;

/** What a database is born with whose store names no version. */
const versions = { postgres: '16', mysql: '8.4', mariadb: '10.11' } as const;

/** Whatever the user sets: nobody speaks to the database in the clear. */
const encrypted = {
  postgres: { 'rds.force_ssl': '1' },
  mysql: { require_secure_transport: '1' },
  mariadb: { require_secure_transport: '1' },
} as const;

const logs = {
  postgres: ['postgresql', 'upgrade'],
  mysql: ['error', 'slowquery'],
  mariadb: ['error', 'slowquery'],
} as const;

/** As other sections keep theirs, unless they say otherwise. */
const ownRetentionDays = 30;

/**
 * A store that names no version keeps the one that it runs, whatever new ones are born with by then: another major version
 * is nothing that an upgrade of the operator brings. Its database has the version that its parameters are of.
 */
const familyWanted = ({ engine, version }: DatabaseSpec) =>
  version === undefined
    ? { family: engine, bornFamily: familyOf(engine, versions[engine]) }
    : { family: familyOf(engine, version) };

/** The user of the application. Its password lies in Secrets Manager. */
const masterUsername = 'shopadmin';

/** The database: a primary, its replicas, and what they stand on. */
export function composeDatabase(site: Site, network: Network): Offer {
  const { graph, spec, owner } = site;
  const wanted = spec.database as DatabaseSpec;
  const subnets = graph.add(subnetGroup, 'database/subnet-group', {
    subnetIds: network.dataSubnetIds,
    description: `Databases of store ${owner.namespace}/${owner.name}`,
  });
  const parameters = graph.add(
    parameterGroup,
    'database/parameters',
    {
      ...familyWanted(wanted),
      parameters: { ...wanted.parameters, ...encrypted[wanted.engine] },
      description: `Databases of store ${owner.namespace}/${owner.name}`,
    },
    { specFields: { family: 'spec.database.version', parameters: 'spec.database.parameters' } },
  );
  const server = {
    engine: wanted.engine,
    engineVersion: wanted.version ?? parameters.out('engineVersion'),
    allowMajorUpgrade: wanted.allowMajorUpgrade,
    storageGib: wanted.storage.gib,
    maxStorageGib: wanted.storage.maxGib,
    storageType: wanted.storage.type,
    securityGroupIds: [network.dataGroupId],
    parameterGroupName: parameters.out('parameterGroupName'),
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: true,
    iamAuthentication: true,
    performanceInsights: wanted.performanceInsights,
    logExports: [...logs[wanted.engine]],
    logRetentionDays: Object.fromEntries(
      logs[wanted.engine].map((log) => [log, retentionDays(spec, ownRetentionDays)]),
    ),
    maintenanceWindow: wanted.maintenanceWindow,
    running: true,
  };
  const keeper = wanted.masterSecret ?? (wanted.readReplicas === 0 ? 'rds' : 'store');
  const password = keeper === 'store' ? ownPassword(site) : undefined;
  const primary = graph.add(
    instance,
    'database/primary',
    {
      ...server,
      instanceClass: wanted.instanceClass,
      subnetGroupName: subnets.out('subnetGroupName'),
      encrypted: true,
      multiAz: wanted.multiAz,
      backupRetentionDays: wanted.backups.retentionDays,
      backupWindow: wanted.backups.window,
      databaseName: wanted.databaseName,
      masterUsername,
      passwordSecretArn: password?.out('secretArn') ?? null,
      snapshotId: wanted.restoreSnapshotId ?? null,
      applyImmediately: wanted.applyImmediately,
      deletionProtection: true,
    },
    // A database that is made before its parameters are set waits for a reboot with those that are static.
    { adopt: wanted.adopt, after: [parameters], specFields },
  );
  const replicas = Array.from({ length: wanted.readReplicas }, (_, at) =>
    graph.add(
      readReplica,
      `database/replica-${at + 1}`,
      {
        ...server,
        sourceName: primary.out('instanceName'),
        instanceClass: wanted.replicaClass ?? wanted.instanceClass,
        availabilityZone: network.zones?.[(at + 1) % network.zones.length],
        deletionProtection: false,
      },
      // AWS makes a replica of what is available only.
      { after: [primary], specFields: { instanceClass: 'spec.database.replicaClass', ...sharedFields } },
    ),
  );
  const reader = readName(site, network, primary, replicas);
  return offer(site, wanted, { primary, replicas, reader, secretArn: (password ?? primary).out('secretArn') });
}

/** RDS makes no read replicas of a database whose password it keeps itself: then the password lies in a secret of ours. */
const ownPassword = ({ graph, owner }: Site): Handle<SecretOutputs> =>
  graph.add(secret, 'database/password', {
    description: `User and password of the database of store ${owner.namespace}/${owner.name}`,
    username: masterUsername,
    deletionScheduled: false,
    resourcePolicy: null,
  });

/** As long as RDS lets its own names be kept. */
const readerTtlSeconds = 5;

/**
 * One name for reading, as long as the store lives: it leads to each replica that answers in turn, and to the primary
 * while none does. A replica that is to go leaves the name first: what is wanted no more is deleted after all else is done.
 */
function readName(
  { graph, owner, spec }: Site,
  { vpcId }: Network,
  primary: Handle<ServerOutputs>,
  replicas: readonly Handle<ServerOutputs>[],
): Join {
  const zone = internalZone(owner);
  const lead = (target: Ref<string>, weight: number) => ({
    ...{ name: `database-reader.${zone}`, target, weight, ttlSeconds: readerTtlSeconds },
  });
  const names = graph.add(privateZone, 'database/names', {
    name: zone,
    vpcs: [{ vpcId, region: spec.region }],
    records: [lead(primary.out('endpoint'), 0), ...replicas.map((one) => lead(one.ifThere('servingEndpoint'), 1))],
  });
  return join`database-reader.${names.out('name')}`;
}

/** Fields of the store that the primary and its replicas follow alike. */
const sharedFields = {
  engineVersion: 'spec.database.version',
  storageGib: 'spec.database.storage.gib',
  maxStorageGib: 'spec.database.storage.maxGib',
  maintenanceWindow: 'spec.database.maintenanceWindow',
};

const specFields = {
  engine: 'spec.database.engine',
  instanceClass: 'spec.database.instanceClass',
  ...sharedFields,
  multiAz: 'spec.database.multiAz',
  backupRetentionDays: 'spec.database.backups.retentionDays',
  backupWindow: 'spec.database.backups.window',
  databaseName: 'spec.database.databaseName',
  snapshotId: 'spec.database.restoreSnapshotId',
};

interface Servers {
  readonly primary: Handle<ServerOutputs>;
  readonly replicas: readonly Handle<ServerOutputs>[];
  readonly reader: Join;
  readonly secretArn: Ref<string>;
}

function offer(
  site: Site,
  { engine, databaseName }: DatabaseSpec,
  { primary, replicas, reader, secretArn }: Servers,
): Offer {
  const tell = (what: string, value: string | Ref<string> | Join, description: string) =>
    publish(site, 'database', `database/${what}`, value, description);
  // No instance waits for the hosts of replicas: the name for reading serves without them, and RDS may have no room for one.
  for (const [at, replica] of replicas.entries())
    tell(`replica-${at + 1}`, replica.out('endpoint'), 'Host of a read replica of the database');
  return {
    parameters: [
      tell('engine', engine, 'Engine of the database'),
      tell('name', databaseName, 'Name of the database'),
      tell('writer', primary.out('endpoint'), 'Host of the database that takes writes'),
      tell('reader', reader, 'Name that leads to the replicas in turn, to the writer while there is none'),
      tell('port', primary.out('port'), 'Port of the database and its replicas'),
      tell('secret-arn', secretArn, 'Secret with the user and the password of the database'),
    ],
    policies: { 'database-secret': allow(['secretsmanager:GetSecretValue'], [secretArn]) },
  };
}
