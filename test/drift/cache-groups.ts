import { parameterGroup } from '../../operator/resources/elasticache/parameter-group.ts';
import { subnetGroup } from '../../operator/resources/elasticache/subnet-group.ts';
import { driftsOf, fixedInAws, notInAws, refusedByAws } from './drift.ts';
import type { Place } from './place.ts';

const call = (place: Place, operation: string, input: object): Promise<unknown> =>
  place.world.other('elasticache', operation, input);
const subnets = (place: Place) => ({ CacheSubnetGroupName: place.out('cache/subnet-group', 'subnetGroupName') });
const parameters = (place: Place) => ({ CacheParameterGroupName: place.out('cache/parameters', 'parameterGroupName') });

const set = (place: Place, ParameterName: string, ParameterValue: string) =>
  call(place, 'ModifyCacheParameterGroup', {
    ...parameters(place),
    ParameterNameValues: [{ ParameterName, ParameterValue }],
  });

const inUse = (operation: string, code: string, named: (place: Place) => object) => ({
  what: 'AWS lets nobody delete it while the cache uses it; without the cache it is made again',
  ends: 'refused' as const,
  code,
  make: (place: Place) => call(place, operation, named(place)),
  awsMinutes: 0,
  writes: 0,
});

export const cacheParameterDrifts = driftsOf(parameterGroup, {
  in: 'redis',
  node: 'cache/parameters',
  properties: {
    family: fixedInAws('elasticache', 'CacheParameterGroupName', 'CacheParameterGroupFamily'),
    description: {
      changed: notInAws('no call changes it'),
      removed: notInAws('no call changes it'),
      extra: notInAws('no call changes it'),
    },
    parameters: {
      changed: { what: 'another value', make: (place) => set(place, 'maxmemory-policy', 'noeviction') },
      removed: {
        what: "set back to the engine's own",
        make: (place) => call(place, 'ResetCacheParameterGroup', { ...parameters(place), ResetAllParameters: true }),
      },
      extra: { what: 'another one set', make: (place) => set(place, 'timeout', '300') },
    },
  },
  deleted: inUse('DeleteCacheParameterGroup', 'InvalidCacheParameterGroupState', parameters),
});

export const cacheSubnetGroupDrifts = driftsOf(subnetGroup, {
  in: 'redis',
  node: 'cache/subnet-group',
  properties: {
    subnetIds: {
      changed: {
        what: 'the app subnets instead',
        make: (place) =>
          call(place, 'ModifyCacheSubnetGroup', {
            ...subnets(place),
            SubnetIds: place.ids('network/app-a', 'network/app-b'),
          }),
      },
      removed: refusedByAws('nodes live in both', 'SubnetInUse', (place) =>
        call(place, 'ModifyCacheSubnetGroup', { ...subnets(place), SubnetIds: [place.id('network/data-a')] }),
      ),
      extra: {
        what: 'a public subnet as well',
        make: (place) =>
          call(place, 'ModifyCacheSubnetGroup', {
            ...subnets(place),
            SubnetIds: place.ids('network/data-a', 'network/data-b', 'network/public-a'),
          }),
      },
    },
    description: {
      changed: {
        what: 'another text',
        make: (place) =>
          call(place, 'ModifyCacheSubnetGroup', { ...subnets(place), CacheSubnetGroupDescription: 'mine' }),
        ends: 'left',
        why: 'given at birth',
      },
      removed: notInAws('AWS always has one'),
      extra: notInAws('it is one value'),
    },
  },
  deleted: inUse('DeleteCacheSubnetGroup', 'CacheSubnetGroupInUse', subnets),
});
