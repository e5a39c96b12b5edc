import { compareVersions } from '../rds/engines.ts';
import { combination, invalid } from './kinds.ts';

/** What ElastiCache knows of one engine. */
export interface Engine {
  readonly name: 'valkey' | 'redis' | 'memcached';
  readonly port: number;
  /** Every version on offer, oldest first. */
  readonly versions: readonly string[];
  /** What its parameter groups are for. */
  family(version: string): string;
}

const major = (version: string): string => version.split('.')[0] ?? version;

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html; not all of them. */
const engines: Readonly<Record<string, Engine>> = {
  valkey: {
    name: 'valkey',
    port: 6379,
    versions: ['7.2.6', '8.0.1', '8.1.0', '8.2.0'],
    family: (version) => `valkey${major(version)}`,
  },
  redis: {
    name: 'redis',
    port: 6379,
    versions: ['6.2.6', '7.0.7', '7.1.0'],
    family: (version) => (major(version) === '6' ? 'redis6.x' : `redis${major(version)}`),
  },
  memcached: {
    name: 'memcached',
    port: 11211,
    versions: ['1.6.6', '1.6.12', '1.6.17', '1.6.22'],
    family: () => 'memcached1.6',
  },
};

export const allEngines = (): Engine[] => Object.values(engines);

export const families = (): string[] => [
  ...new Set(allEngines().flatMap((engine) => engine.versions.map((version) => engine.family(version)))),
];

export function engineOf(name: string): Engine {
  const engine = engines[name.toLowerCase()];
  if (!engine) throw invalid(`Invalid cache engine: ${name}`);
  return engine;
}

/** The version that is taken for what was asked: of `8.0` the newest patch, of nothing the newest version. */
export function versionOf(engine: Engine, asked: string | undefined): string {
  const fits = engine.versions.filter((one) => asked === undefined || one === asked || one.startsWith(`${asked}.`));
  const version = fits.at(-1);
  if (version === undefined) throw combination(`Cannot find version ${asked} for ${engine.name}`);
  return version;
}

/** "You can't downgrade to an earlier engine version": https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html. */
export function checkUpgrade(engine: Engine, from: string, to: string): void {
  if (compareVersions(to, from) < 0) throw combination(`Cannot downgrade ${engine.name} from ${from} to ${to}`);
}

/** In-transit encryption of memcached came with 1.6.12. */
export const encryptsInTransit = (engine: Engine, version: string): boolean =>
  engine.name !== 'memcached' || compareVersions(version, '1.6.12') >= 0;

/** IAM speaks to Valkey and to Redis from 7.0 on: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html. */
export const knowsIam = (engine: Engine, version: string): boolean =>
  engine.name === 'valkey' || (engine.name === 'redis' && compareVersions(version, '7.0') >= 0);
