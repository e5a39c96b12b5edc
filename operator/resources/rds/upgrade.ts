import type { DBInstance } from '@aws-sdk/client-rds';
import { Fault } from '../../model/faults.ts';
import { tagsFromPairs, type TagChanges } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { FailedChange, Fields } from '../../model/resource-type.ts';
import { isNewer, majorOf, servesVersion } from './versions.ts';

/** What engine a server runs, and which version of it. */
export interface VersionProps {
  readonly engine: string;
  /** `16`, or `16.9`: AWS chooses, and upgrades, what is left open. */
  readonly engineVersion: string;
  /** Whether another major version may be taken: AWS cannot go back. */
  readonly allowMajorUpgrade: boolean;
}

export const versionFields: Fields<VersionProps> = {
  engine: 'fixed',
  engineVersion: { mode: 'live', equal: servesVersion, interrupts: true },
  allowMajorUpgrade: 'seed',
};

/** What waits for the maintenance window is as good as done. */
export const versionTold = (found: DBInstance): Pick<VersionProps, 'engine' | 'engineVersion'> => ({
  engine: found.Engine ?? '',
  engineVersion: found.PendingModifiedValues?.EngineVersion ?? found.EngineVersion ?? '',
});

/** What RDS was last asked to take a server to: a version, and its parameters where they came with it. */
export const upgradeTag = 'ecom.io/upgraded-to';

/** Written once RDS has accepted an upgrade. */
export const upgradeTags = (
  upgraded: object,
  { engineVersion, parameterGroupName }: VersionProps & { readonly parameterGroupName: string },
  fields: ReadonlySet<string>,
): TagChanges =>
  'EngineVersion' in upgraded
    ? { [upgradeTag]: [engineVersion, ...(fields.has('parameterGroupName') ? [parameterGroupName] : [])].join(' ') }
    : {};

/** Statuses in which an upgrade may be under way: RDS takes no other one then. */
const upgrading = ['upgrading', 'modifying', 'rebooting', 'starting'];

/**
 * RDS accepts an upgrade, and may give it up after its checks or in the midst of it: each time the server was away, and has
 * the old version again. Nothing that it tells of an instance says so afterwards, so a tag says what was begun.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.Major.html
 */
export function upgradeGivenUp({ EngineVersion: runs = '', TagList, ...found }: DBInstance): readonly FailedChange[] {
  const [version, group] = tagsFromPairs(TagList)[upgradeTag]?.split(' ') ?? [];
  const isOver =
    !upgrading.includes(found.DBInstanceStatus ?? '') && found.PendingModifiedValues?.EngineVersion === undefined;
  if (version === undefined || !isOver || servesVersion(version, runs) || isNewer(version, runs)) return [];
  const reason = `RDS began the upgrade from ${runs} to ${version} and gave it up: its events and the logs of the upgrade tell why`;
  const parameters = `the parameters of ${version} come with the upgrade`;
  return [
    { field: 'engineVersion', value: version, reason },
    ...(group === undefined ? [] : [{ field: 'parameterGroupName', value: group, reason: parameters }]),
  ];
}

/** Whether a server that has one version would take another major one to get what is wanted. */
export const isMajor = ({ engine, engineVersion }: VersionProps, has: string): boolean =>
  majorOf(engine, has) !== majorOf(engine, engineVersion);

/**
 * Why a server that has one version is not taken to the wanted one, whatever else stands in the way. It may have a newer
 * one: AWS upgrades what is out of support, and people do in its console.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html
 */
export function forbidden(props: VersionProps, has: string): Fault | undefined {
  const { engine, engineVersion, allowMajorUpgrade } = props;
  if (isNewer(engineVersion, has))
    return new Fault('refused', `the database has ${engine} ${has}, and AWS cannot go back to ${engineVersion}`, {
      field: 'spec.database.version',
      remedy: `set version to "${majorOf(engine, has)}"`,
    });
  if (allowMajorUpgrade || !isMajor(props, has)) return undefined;
  return new Fault('refused', `the database runs ${engine} ${has}: ${engineVersion} is another major version`, {
    field: 'spec.database.version',
    remedy: `set version back to "${majorOf(engine, has)}", or allow it by spec.database.allowMajorUpgrade`,
  });
}

/**
 * Why RDS has no way from one version to another major one. It is asked before a snapshot is taken for the upgrade, which
 * would be for nothing. A version that runs may be one that is on offer no more; of one that RDS does not list at all
 * nothing is known, and RDS is left to say so.
 */
export async function unreachable(aws: Aws, props: VersionProps, runs: string): Promise<Fault | undefined> {
  const { engine: Engine, engineVersion: wanted } = props;
  if (!isMajor(props, runs)) return undefined;
  const answer = await aws.rds('DescribeDBEngineVersions', { Engine, EngineVersion: runs, IncludeAll: true });
  const told = answer.DBEngineVersions?.find(({ EngineVersion }) => EngineVersion === runs);
  if (!told) return undefined;
  const targets = (told.ValidUpgradeTarget ?? []).flatMap(({ EngineVersion = [] }) => EngineVersion);
  if (targets.some((target) => `${target}.`.startsWith(`${wanted}.`))) return undefined;
  const others = targets.length > 0 ? `to one of ${targets.join(', ')}, or ` : '';
  return new Fault('refused', `RDS has no upgrade of ${Engine} from ${runs} to ${wanted}`, {
    field: 'spec.database.version',
    remedy: `set version ${others}back to "${majorOf(Engine, runs)}"`,
  });
}

/**
 * Read replicas are upgraded before what they follow, or RDS refuses it (DBUpgradeDependencyFailure). Only PostgreSQL
 * takes those of its region along to another major version, and lets nobody take them there before.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html
 */
export const takesReplicasAlong = (props: VersionProps, has: string): boolean =>
  props.engine === 'postgres' && isMajor(props, has);

/** The members of a modification that takes a server to the wanted version, or why it is not taken there now. */
export type Upgrade = Fault | object;

/**
 * Modifies a server with as much as RDS takes in one request, then says what had to be left for later and why: an upgrade
 * that may not be, or not yet, must not keep a database open that somebody has opened. Parameters are of a version: while
 * the server runs another major one, those of the wanted one come with the upgrade or after it. A class may be offered
 * for the new version alone, and comes after.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html, at `EngineVersion`
 */
export async function upgrade<P extends VersionProps>(
  runs: string | undefined,
  props: P,
  fields: ReadonlySet<keyof P>,
  plan: () => Promise<Upgrade>,
  modify: (fields: ReadonlySet<keyof P>, upgraded: object) => Promise<void>,
): Promise<void> {
  const planned = fields.has('engineVersion') ? await plan() : {};
  const isUpgraded = fields.has('engineVersion') && !(planned instanceof Fault);
  const runsOther = runs !== undefined && isMajor(props, runs);
  const later = new Set<keyof P | string>([
    ...(fields.has('engineVersion') && !isUpgraded ? ['engineVersion'] : []),
    ...(runsOther && !isUpgraded ? ['parameterGroupName'] : []),
    ...(isUpgraded ? ['instanceClass'] : []),
  ]);
  const now = new Set([...fields].filter((field) => !later.has(field)));
  if (now.size > 0) await modify(now, planned instanceof Fault ? {} : planned);
  if (planned instanceof Fault) throw planned;
  const left = [...fields].filter((field) => !now.has(field));
  if (left.length > 0)
    throw new Fault('busy', `${left.join(', ')} when it runs ${props.engine} ${props.engineVersion}`);
}
