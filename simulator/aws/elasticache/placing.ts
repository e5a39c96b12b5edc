import { windowsRefused } from '../core/windows.ts';
import type { Request } from '../core/request.ts';
import { makeInterface, networkInterfaces, removeInterface } from '../ec2/network-interfaces.ts';
import { groupsIn } from '../ec2/security-groups.ts';
import { subnets, zonesIn } from '../ec2/subnets.ts';
import { combination, invalid, type Member, type Settings, type SubnetGroup } from './kinds.ts';

/** The security groups of a cache: those given, which must be of its VPC, else the default one. */
export const groupsOf = (request: Request, vpcId: string, given: readonly string[] | undefined): string[] =>
  groupsIn(request, vpcId, given, (id) => invalid(`Some security group Ids are invalid: ${id}`));

export const zonesOf = (request: Request, { subnetIds }: SubnetGroup): string[] => zonesIn(request, subnetIds);

/** Puts a node into a zone: into the one that holds the fewest of the others, where none is asked for. */
export function place(
  request: Request,
  group: SubnetGroup,
  {
    name,
    others,
    groupIds,
    zone,
  }: { name: string; others: readonly Member[]; groupIds: readonly string[]; zone?: string },
): Member {
  const zones = zonesOf(request, group);
  if (zone !== undefined && !zones.includes(zone))
    throw combination(`The cache subnet group ${group.name} has no subnet in ${zone}.`);
  const count = (one: string) => others.filter((other) => other.zone === one).length;
  const chosen = zone ?? zones.reduce((best, one) => (count(one) < count(best) ? one : best), zones[0] ?? '');
  const subnetId = group.subnetIds.find((id) => request.in(subnets).get(id)?.zone === chosen) ?? '';
  const made = makeInterface(request.world, {
    region: request.region,
    subnetId,
    groupIds,
    description: `ElastiCache ${name}`,
  });
  return { name, zone: chosen, interfaceId: made.id };
}

export function vacate(request: Request, nodes: readonly Member[]): void {
  for (const { interfaceId } of nodes) removeInterface(request.world, request.region, interfaceId);
}

export function guard(request: Request, nodes: readonly Member[], groupIds: readonly string[]): void {
  for (const { interfaceId } of nodes) request.in(networkInterfaces).change(interfaceId, { groupIds: [...groupIds] });
}

/** What a node type's name looks like; there is no list of them here. */
export function checkNodeType(type: string | undefined): string {
  if (type === undefined || !/^cache\.[a-z0-9]+\.[a-z0-9]+$/.test(type))
    throw invalid(`Invalid Cache Node Type: ${type ?? ''}`);
  return type;
}

const day = '(mon|tue|wed|thu|fri|sat|sun)';
const time = '([01][0-9]|2[0-3]):[0-5][0-9]';

export function checkWindows({
  PreferredMaintenanceWindow: maintenance,
  SnapshotWindow: snapshot,
}: {
  readonly PreferredMaintenanceWindow?: string;
  readonly SnapshotWindow?: string;
}): void {
  if (maintenance !== undefined && !new RegExp(`^${day}:${time}-${day}:${time}$`).test(maintenance))
    throw invalid(`Invalid maintenance window: ${maintenance}`);
  if (snapshot !== undefined && !new RegExp(`^${time}-${time}$`).test(snapshot))
    throw invalid(`Invalid snapshot window: ${snapshot}`);
  const refused = maintenance && snapshot && windowsRefused(snapshot, maintenance, 60, 'Snapshot');
  if (refused) throw invalid(refused);
}

/** How a cache tells of its settings, whatever it is. */
export const settingsTold = (settings: Settings, parameterStatus = 'in-sync') => ({
  CacheNodeType: settings.CacheNodeType,
  EngineVersion: settings.EngineVersion,
  PreferredMaintenanceWindow: settings.PreferredMaintenanceWindow,
  CacheSecurityGroups: [],
  CacheParameterGroup: {
    CacheParameterGroupName: settings.parameterGroup,
    ParameterApplyStatus: parameterStatus,
    CacheNodeIdsToReboot: [],
  },
  AutoMinorVersionUpgrade: settings.AutoMinorVersionUpgrade,
  SecurityGroups: settings.groupIds.map((SecurityGroupId) => ({ SecurityGroupId, Status: 'active' })),
});
