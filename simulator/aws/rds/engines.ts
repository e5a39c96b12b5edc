import { AwsError } from '../core/aws-error.ts';

/** What RDS knows of one engine. */
export interface Engine {
  readonly name: 'postgres' | 'mysql' | 'mariadb';
  readonly port: number;
  readonly license: string;
  readonly logs: readonly string[];
  /** Every version on offer, oldest first. */
  readonly versions: readonly string[];
  /** Major version and what its parameter group family is called after. */
  major(version: string): string;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html and its siblings; not all of them. */
const engines: Readonly<Record<string, Engine>> = {
  postgres: {
    name: 'postgres',
    port: 5432,
    license: 'postgresql-license',
    logs: ['postgresql', 'upgrade'],
    versions: ['14.17', '15.8', '15.12', '16.3', '16.4', '16.9', '17.2', '17.4'],
    major: (version) => version.split('.')[0] ?? version,
  },
  mysql: {
    name: 'mysql',
    port: 3306,
    license: 'general-public-license',
    logs: ['audit', 'error', 'general', 'slowquery'],
    versions: ['8.0.39', '8.0.40', '8.0.41', '8.4.3', '8.4.4'],
    major: (version) => version.split('.').slice(0, 2).join('.'),
  },
  mariadb: {
    name: 'mariadb',
    port: 3306,
    license: 'general-public-license',
    logs: ['audit', 'error', 'general', 'slowquery'],
    versions: ['10.6.20', '10.11.9', '10.11.10', '11.4.4'],
    major: (version) => version.split('.').slice(0, 2).join('.'),
  },
};

export function engineOf(name: string): Engine {
  const engine = engines[name];
  if (!engine) throw new AwsError('InvalidParameterValue', `Invalid DB engine: ${name}`);
  return engine;
}

export const allEngines = (): Engine[] => Object.values(engines);

/** The version that RDS takes for what was asked: of a major version the newest minor one, of nothing the default. */
export function versionOf(engine: Engine, asked: string | undefined): string {
  const newest = engine.versions.at(-1) as string;
  const fits = engine.versions.filter((one) => asked === undefined || one === asked || one.startsWith(`${asked}.`));
  const version = asked === undefined ? newest : fits.at(-1);
  if (version === undefined)
    throw new AwsError('InvalidParameterCombination', `Cannot find version ${asked} for ${engine.name}`);
  return version;
}

export const familyOf = (engine: Engine, version: string): string => `${engine.name}${engine.major(version)}`;

export const isMajorUpgrade = (engine: Engine, from: string, to: string): boolean =>
  engine.major(from) !== engine.major(to);

/** Negative when `a` is the older version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** To which versions RDS takes one: all later ones of those it has. */
export const upgradeTargets = (engine: Engine, from: string): string[] =>
  engine.versions.filter((one) => compareVersions(one, from) > 0);
