import { cluster } from '../../operator/resources/elasticache/cluster.ts';
import { replicationGroup } from '../../operator/resources/elasticache/replication-group.ts';
import { user } from '../../operator/resources/elasticache/user.ts';
import { userGroup } from '../../operator/resources/elasticache/user-group.ts';
import { homeRegion } from '../../simulator/account.ts';
import { replicationGroups } from '../../simulator/aws/elasticache/kinds.ts';
import {
  driftsOf,
  fixedInAws,
  flag,
  notInAws,
  refusedByAws,
  value,
  type Cell,
  type Drift,
  type PropertyDrifts,
} from './drift.ts';
import type { Place } from './place.ts';

const call = (place: Place, operation: string, input: object): Promise<unknown> =>
  place.world.other('elasticache', operation, input);
const groupId = (place: Place): string => place.out('cache/group', 'groupId');
const userId = (place: Place): string => place.out('cache/redis-user', 'userId');

/** AWS works on a change for some minutes before it takes another one. */
export function worked(place: Place): void {
  place.world.clock.advance(600_000);
  place.world.aws.world.settle();
}

type Change = object | ((place: Place) => object);

/** A call of somebody's, seen through to the end; healing it takes AWS some minutes again. */
const calling =
  (operation: string, fixed: (place: Place) => object) =>
  (what: string, change: Change, more: Partial<Drift> = {}): Drift => ({
    what,
    make: async (place) => {
      await call(place, operation, {
        ...fixed(place),
        ...(typeof change === 'function' ? (change as (place: Place) => object)(place) : change),
      });
      worked(place);
    },
    awsMinutes: 8,
    ...more,
  });

const group = calling('ModifyReplicationGroup', (place) => ({
  ReplicationGroupId: groupId(place),
  ApplyImmediately: true,
}));
const counted = (operation: string) =>
  calling(operation, (place) => ({ ReplicationGroupId: groupId(place), ApplyImmediately: true }));
const memcached = calling('ModifyCacheCluster', (place) => ({
  CacheClusterId: place.out('cache/cluster', 'clusterId'),
  ApplyImmediately: true,
}));

const settled = (changed: Cell): PropertyDrifts => {
  const one = notInAws('it is one value, and AWS always has it');
  return { changed, removed: one, extra: one };
};

const nowhere = (why: string): PropertyDrifts => {
  const cell = notInAws(why);
  return { changed: cell, removed: cell, extra: cell };
};

/** What somebody does to a group and a cluster alike. */
const cacheDrifts = (by: typeof group, id: string, defaultParameters: string) => ({
  nodeType: value(by('a larger type', { CacheNodeType: 'cache.r7g.4xlarge' })),
  subnetGroupName: fixedInAws('elasticache', id, 'CacheSubnetGroupName'),
  securityGroupIds: {
    changed: by('another group', (place) => ({ SecurityGroupIds: [place.id('network/sg-app')] })),
    removed: notInAws('ElastiCache takes no empty list'),
    extra: by('one more group', (place) => ({ SecurityGroupIds: place.ids('network/sg-app', 'network/sg-data') })),
  },
  parameterGroupName: value(by('the default one', { CacheParameterGroupName: defaultParameters })),
  autoMinorVersionUpgrade: flag(by('turned off', { AutoMinorVersionUpgrade: false })),
});

const windowed = (by: typeof group) =>
  value(by('another window', { PreferredMaintenanceWindow: 'mon:12:00-mon:13:00' }));

/** AWS chose one, and people may choose another: nobody has asked for any. */
const leftWindow = (by: typeof group, change: object) =>
  value(by('another window', change, { ends: 'left', why: 'none is wanted: AWS, or whoever, may choose' }));

export const replicationGroupDrifts = driftsOf(replicationGroup, {
  in: 'redis',
  node: 'cache/group',
  properties: {
    ...cacheDrifts(group, 'ReplicationGroupId', 'default.redis7'),
    maintenanceWindow: leftWindow(group, { PreferredMaintenanceWindow: 'mon:12:00-mon:13:00' }),
    engine: settled(
      refusedByAws('its parameter group is of its engine', 'InvalidParameterCombination', (place) =>
        call(place, 'ModifyReplicationGroup', {
          ...{ ReplicationGroupId: groupId(place), Engine: 'valkey', EngineVersion: '8.0', ApplyImmediately: true },
        }),
      ),
    ),
    engineVersion: settled(
      refusedByAws('ElastiCache goes to no older version', 'InvalidParameterCombination', (place) =>
        call(place, 'ModifyReplicationGroup', { ReplicationGroupId: groupId(place), EngineVersion: '7.0' }),
      ),
    ),
    replicas: {
      changed: counted('IncreaseReplicaCount')('two more', { NewReplicaCount: 3 }),
      removed: {
        what: 'the replica, and failover before it',
        make: async (place) => {
          await group('', { AutomaticFailoverEnabled: false, MultiAZEnabled: false }).make(place);
          await counted('DecreaseReplicaCount')('', { NewReplicaCount: 0 }).make(place);
        },
        awsMinutes: 16,
        writes: 2,
      },
      extra: counted('IncreaseReplicaCount')('one more', { NewReplicaCount: 2 }),
    },
    failover: flag(group('switched off', { AutomaticFailoverEnabled: false, MultiAZEnabled: false })),
    inTransit: {
      changed: group('connections in the clear allowed', { TransitEncryptionMode: 'preferred' }),
      removed: refusedByAws('it is given up over preferred only', 'InvalidParameterCombination', (place) =>
        call(place, 'ModifyReplicationGroup', {
          ...{ ReplicationGroupId: groupId(place), TransitEncryptionEnabled: false },
        }),
      ),
      extra: notInAws('it is one value'),
    },
    encryptedAtRest: fixedInAws('elasticache', 'ReplicationGroupId', 'AtRestEncryptionEnabled'),
    userGroupId: {
      changed: {
        what: 'users of somebody else’s',
        make: async (place) => {
          await call(place, 'CreateUserGroup', { UserGroupId: 'theirs', Engine: 'redis', UserIds: ['default'] });
          worked(place);
          const UserGroupIdsToRemove = [place.out('cache/redis-users', 'userGroupId')];
          await group('', { UserGroupIdsToAdd: ['theirs'], UserGroupIdsToRemove }).make(place);
        },
        awsMinutes: 8,
        tidy: (place) => call(place, 'DeleteUserGroup', { UserGroupId: 'theirs' }).then(() => worked(place)),
      },
      removed: group('everybody let in', (place) => ({
        UserGroupIdsToRemove: [place.out('cache/redis-users', 'userGroupId')],
      })),
      extra: refusedByAws('a group has one', 'InvalidParameterCombination', async (place) => {
        await call(place, 'CreateUserGroup', { UserGroupId: 'more', Engine: 'redis', UserIds: ['default'] });
        worked(place);
        await call(place, 'ModifyReplicationGroup', {
          ...{ ReplicationGroupId: groupId(place), UserGroupIdsToAdd: ['more'] },
        });
      }),
    },
    snapshotDays: value(group('no snapshots', { SnapshotRetentionLimit: 0 })),
    snapshotWindow: leftWindow(group, { SnapshotWindow: '15:00-16:00' }),
  },
  more: [
    {
      property: 'replicas',
      kind: 'removed',
      drift: {
        what: 'one of two deleted as the cluster that it is',
        make: async (place) => {
          await counted('IncreaseReplicaCount')('', { NewReplicaCount: 3 }).make(place);
          const [, , last] = place.world.aws.world
            .collection(homeRegion, replicationGroups)
            .all()
            .flatMap(({ members }) => members.map(({ name }) => name));
          await call(place, 'DeleteCacheCluster', { CacheClusterId: last });
          worked(place);
        },
        awsMinutes: 16,
      },
    },
  ],
  deleted: {
    what: 'made again, empty: its contents are in the database',
    make: async (place) => {
      await call(place, 'DeleteReplicationGroup', { ReplicationGroupId: groupId(place) });
      worked(place);
    },
    awsMinutes: 25,
    // The parameters that tell the application where it is follow.
    writes: 3,
  },
});

export const clusterDrifts = driftsOf(cluster, {
  in: 'memcached',
  node: 'cache/cluster',
  properties: {
    ...cacheDrifts(memcached, 'CacheClusterId', 'default.memcached1.6'),
    maintenanceWindow: windowed(memcached),
    engineVersion: settled(
      refusedByAws('ElastiCache goes to no older version', 'InvalidParameterCombination', (place) =>
        call(place, 'ModifyCacheCluster', {
          ...{ CacheClusterId: place.out('cache/cluster', 'clusterId'), EngineVersion: '1.6.12' },
        }),
      ),
    ),
    nodes: {
      changed: memcached('two more', { NumCacheNodes: 4 }),
      removed: memcached('the second', { NumCacheNodes: 1, CacheNodeIdsToRemove: ['0002'] }),
      extra: memcached('one more', { NumCacheNodes: 3 }),
    },
    encryptedInTransit: fixedInAws('elasticache', 'CacheClusterId', 'TransitEncryptionEnabled'),
  },
  deleted: {
    what: 'made again, empty: its contents are in the database',
    make: async (place) => {
      await call(place, 'DeleteCacheCluster', { CacheClusterId: place.out('cache/cluster', 'clusterId') });
      worked(place);
    },
    awsMinutes: 15,
    writes: 2,
  },
});

const changedUser = calling('ModifyUser', (place) => ({ UserId: userId(place) }));
const users = calling('ModifyUserGroup', (place) => ({ UserGroupId: place.out('cache/redis-users', 'userGroupId') }));

export const cacheUserDrifts = driftsOf(user, {
  in: 'redis',
  node: 'cache/redis-user',
  properties: {
    engine: nowhere('an engine that is told with a change is that of the user already'),
    isDefault: fixedInAws('elasticache', 'UserId', 'UserName'),
    authentication: value(
      changedUser('a password', { AuthenticationMode: { Type: 'password', Passwords: ['a-password-of-theirs'] } }),
    ),
    accessString: value(changedUser('every command', { AccessString: 'on ~* &* +@all' })),
  },
  more: [
    {
      property: 'accessString',
      kind: 'changed',
      drift: {
        ...calling('ModifyUser', (place) => ({ UserId: place.out('cache/nobody', 'userId') }))(
          'whoever comes is let in',
          {
            AccessString: 'on ~* +@all',
          },
        ),
        node: 'cache/nobody',
      },
    },
  ],
  deleted: {
    what: 'made again, and a member again',
    make: async (place) => {
      await call(place, 'DeleteUser', { UserId: userId(place) });
      worked(place);
    },
    awsMinutes: 6,
    writes: 2,
  },
});

export const cacheUserGroupDrifts = driftsOf(userGroup, {
  in: 'redis',
  node: 'cache/redis-users',
  properties: {
    engine: nowhere('an engine that is told with a change is that of the group already'),
    userIds: {
      changed: users("AWS's own default user instead of ours", (place) => ({
        UserIdsToAdd: ['default'],
        UserIdsToRemove: [place.out('cache/nobody', 'userId')],
      })),
      removed: users('the application', (place) => ({ UserIdsToRemove: [userId(place)] })),
      extra: {
        what: 'one more user',
        make: async (place) => {
          await call(place, 'CreateUser', {
            ...{ UserId: 'theirs', UserName: 'theirs', Engine: 'redis', AccessString: 'on ~* +@all' },
            AuthenticationMode: { Type: 'iam' },
          });
          await users('', { UserIdsToAdd: ['theirs'] }).make(place);
        },
        awsMinutes: 4,
        tidy: (place) => call(place, 'DeleteUser', { UserId: 'theirs' }).then(() => worked(place)),
      },
    },
  },
  deleted: {
    what: 'AWS lets nobody delete it while the cache uses it; without the cache it is made again',
    ends: 'refused',
    code: 'InvalidUserGroupState',
    make: (place) => call(place, 'DeleteUserGroup', { UserGroupId: place.out('cache/redis-users', 'userGroupId') }),
    awsMinutes: 0,
    writes: 0,
  },
});
