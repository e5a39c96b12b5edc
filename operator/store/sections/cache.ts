import type { Handle } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { cluster } from '../../resources/elasticache/cluster.ts';
import { parameterGroup } from '../../resources/elasticache/parameter-group.ts';
import { replicationGroup } from '../../resources/elasticache/replication-group.ts';
import { subnetGroup } from '../../resources/elasticache/subnet-group.ts';
import { user, type UserOutputs } from '../../resources/elasticache/user.ts';
import { userGroup, type UserGroupOutputs } from '../../resources/elasticache/user-group.ts';
import { familyOf } from '../../resources/elasticache/versions.ts';
import type { Site } from '../site.ts';
import type { Network } from './network.ts';
import { allow, publish, type Offer } from './offer.ts';

type CacheSpec = NonNullable<Site['spec']['cache']>;

const versions = { valkey: '8.0', redis: '7.1', memcached: '1.6.22' } as const;

/** All keys and channels, and every command but those that administer the server. */
const everyDay = 'on ~* &* +@all -@admin';
const nothing = 'off ~* -@all';

const specFields = {
  engine: 'spec.cache.engine',
  engineVersion: 'spec.cache.version',
  nodeType: 'spec.cache.nodeType',
  replicas: 'spec.cache.replicas',
  nodes: 'spec.cache.nodes',
  snapshotDays: 'spec.cache.snapshots.retentionDays',
  snapshotWindow: 'spec.cache.snapshots.window',
  maintenanceWindow: 'spec.cache.maintenanceWindow',
};

/** The cache: what it stands on, who may speak to it, and itself. */
export function composeCache(site: Site, network: Network): Offer {
  const wanted = site.spec.cache as CacheSpec;
  const common = composeGround(site, network, wanted);
  return wanted.engine === 'memcached'
    ? composeMemcached(site, wanted, common)
    : composeReplicated(site, wanted, wanted.engine, common);
}

/** What every cache is told alike. */
function composeGround({ graph, owner }: Site, network: Network, wanted: CacheSpec) {
  const version = wanted.version ?? versions[wanted.engine];
  const description = `Cache of store ${owner.namespace}/${owner.name}`;
  const subnets = graph.add(subnetGroup, 'cache/subnet-group', { subnetIds: network.dataSubnetIds, description });
  const parameters = graph.add(
    parameterGroup,
    'cache/parameters',
    { family: familyOf(wanted.engine, version), parameters: wanted.parameters, description },
    { specFields: { family: 'spec.cache.version', parameters: 'spec.cache.parameters' } },
  );
  return {
    engineVersion: version,
    nodeType: wanted.nodeType,
    subnetGroupName: subnets.out('subnetGroupName'),
    securityGroupIds: [network.dataGroupId],
    parameterGroupName: parameters.out('parameterGroupName'),
    autoMinorVersionUpgrade: true,
    maintenanceWindow: wanted.maintenanceWindow,
  };
}

type Common = ReturnType<typeof composeGround>;
type Replicated = 'valkey' | 'redis';

/** The instances prove by their role who they are: there is no password, so nobody can lose one. */
function composeReplicated(site: Site, wanted: CacheSpec, engine: Replicated, common: Common): Offer {
  const { shopper, users } = composeUsers(site, engine);
  const replicas = wanted.replicas ?? 1;
  const group = site.graph.add(
    replicationGroup,
    'cache/group',
    {
      ...common,
      engine,
      replicas,
      failover: replicas > 0,
      inTransit: 'required',
      encryptedAtRest: true,
      userGroupId: users.out('userGroupId'),
      snapshotDays: wanted.snapshots?.retentionDays ?? 1,
      snapshotWindow: wanted.snapshots?.window,
    },
    { specFields },
  );
  const tell = teller(site);
  return {
    parameters: [
      tell('engine', engine, 'Engine of the cache'),
      tell('name', group.out('groupId'), 'Name of the cache: tokens of IAM are signed for it'),
      tell('host', group.out('host'), 'Host of the cache that takes writes'),
      tell('reader-host', group.out('readerHost'), 'Host that spreads reads over the replicas of the cache'),
      tell('port', group.out('port'), 'Port of the cache'),
      // Of two engines the cache knows the users of the one that it has.
      tell('user', shopper.out('userName'), 'User of the application in the cache', { turnsAfter: [group] }),
    ],
    policies: { 'cache-connect': allow(['elasticache:Connect'], [group.out('arn'), shopper.out('arn')]) },
  };
}

/** Users are of an engine: another one has others, so that the old ones are let in until the cache has left them. */
const usersOf = {
  valkey: { shopper: 'cache/user', all: 'cache/users' },
  redis: { shopper: 'cache/redis-user', all: 'cache/redis-users' },
} as const;

/**
 * The application's user, and the group of all who are let in. Of Redis a group has a user named default, whom everybody
 * is who names no other: AWS's own may do everything, ours may do nothing. Of Valkey it needs none, and nobody gets in.
 */
function composeUsers(
  { graph }: Site,
  engine: Replicated,
): { shopper: Handle<UserOutputs>; users: Handle<UserGroupOutputs> } {
  const ids = usersOf[engine];
  const shopper = graph.add(user, ids.shopper, {
    ...{ engine, isDefault: false, authentication: 'iam', accessString: everyDay },
  });
  const members = [shopper];
  if (engine === 'redis')
    members.push(
      graph.add(user, 'cache/nobody', {
        ...{ engine, isDefault: true, authentication: 'no-password-required', accessString: nothing },
      }),
    );
  const userIds = members.map((one) => one.out('userId'));
  return { shopper, users: graph.add(userGroup, ids.all, { engine, userIds }) };
}

/** Whoever gets through the security group may speak to memcached: it knows no users that AWS would keep. */
function composeMemcached(site: Site, wanted: CacheSpec, common: Common): Offer {
  const nodes = { nodes: wanted.nodes ?? 2, encryptedInTransit: true };
  const one = site.graph.add(cluster, 'cache/cluster', { ...common, ...nodes }, { specFields });
  const tell = teller(site);
  return {
    parameters: [
      tell('engine', 'memcached', 'Engine of the cache'),
      tell('host', one.out('host'), 'Host that tells where the nodes of the cache are'),
      tell('port', one.out('port'), 'Port of the cache'),
    ],
    policies: {},
  };
}

const teller =
  (site: Site) =>
  (what: string, value: string | Ref<string>, description: string, options: Parameters<typeof publish>[5] = {}) =>
    publish(site, 'cache', `cache/${what}`, value, description, options);
