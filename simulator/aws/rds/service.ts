import type { Operations, Request } from '../core/request.ts';
import type { SimulatedService } from '../core/service.ts';
import { deleteInstance, modifyInstance, promote, rebootInstance, startInstance } from './changing.ts';
import { allEngines, familyOf, isMajorUpgrade, upgradeTargets } from './engines.ts';
import { instanceFilters } from './filters.ts';
import { instances, marked, notFound, type Marked } from './kinds.ts';
import { createInstance, createReplica, restoreInstance } from './making.ts';
import { parameterGroupOperations } from './parameter-groups.ts';
import { snapshotOperations } from './snapshots.ts';
import { subnetGroupOperations } from './subnet-groups.ts';
import { taggingOperations } from './tagging.ts';
import { instanceTold } from './told.ts';

function describe(input: Marked & { DBInstanceIdentifier?: string }, request: Request) {
  const named = input.DBInstanceIdentifier?.toLowerCase();
  const found = request.listed(instances).filter(({ name }) => named === undefined || name === named);
  if (named !== undefined && found.length === 0) throw notFound.instance(named);
  const { items, next } = marked(request, found, input, instanceFilters);
  return { DBInstances: items.map((one) => instanceTold(one, request)), Marker: next };
}

function engineVersions(input: Marked & { Engine?: string; EngineVersion?: string }, request: Request) {
  const all = allEngines()
    .filter(({ name }) => input.Engine === undefined || name === input.Engine)
    .flatMap((engine) =>
      engine.versions.map((version) => ({
        Engine: engine.name,
        EngineVersion: version,
        MajorEngineVersion: engine.major(version),
        DBParameterGroupFamily: familyOf(engine, version),
        ExportableLogTypes: [...engine.logs],
        SupportsReadReplica: true,
        ValidUpgradeTarget: upgradeTargets(engine, version).map((target) => ({
          Engine: engine.name,
          EngineVersion: target,
          AutoUpgrade: false,
          IsMajorVersionUpgrade: isMajorUpgrade(engine, version, target),
        })),
        Status: 'available',
      })),
    )
    .filter(
      ({ EngineVersion: one }) =>
        input.EngineVersion === undefined || one === input.EngineVersion || one.startsWith(`${input.EngineVersion}.`),
    );
  const { items, next } = marked(request, all, input);
  return { DBEngineVersions: items, Marker: next };
}

const operations: Operations = {
  ...subnetGroupOperations,
  ...parameterGroupOperations,
  ...snapshotOperations,
  ...taggingOperations,
  CreateDBInstance: createInstance,
  CreateDBInstanceReadReplica: createReplica,
  RestoreDBInstanceFromDBSnapshot: restoreInstance,
  ModifyDBInstance: modifyInstance,
  RebootDBInstance: rebootInstance,
  StartDBInstance: startInstance,
  PromoteReadReplica: promote,
  DeleteDBInstance: deleteInstance,
  DescribeDBInstances: describe,
  DescribeDBEngineVersions: engineVersions,
};

/** RDS: instances of PostgreSQL, MySQL and MariaDB with their groups, replicas, snapshots and backups. */
export const rds: SimulatedService = {
  operations,
  /** A database with the flag is one wrong security group away from the internet: it counts by itself. */
  install: (world) =>
    world.addExposureRule((_world, region) =>
      world
        .collection(region, instances)
        .all()
        .filter(({ settings }) => settings.PubliclyAccessible)
        .map(({ name }) => `${region} database ${name} publicly accessible`),
    ),
};
