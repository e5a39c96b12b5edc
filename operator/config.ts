import { hostname } from 'node:os';
import type { LogLevel } from './runtime/log.ts';
import { variables, type Variable } from './variables.ts';

/** What the environment says, checked and in our own units. */
export interface Config {
  readonly installation: string;
  /** Undefined: stores may have roles without one. */
  readonly boundary: string | undefined;
  /** The namespaces whose stores are kept; empty means all. */
  readonly namespaces: readonly string[];
  readonly workers: number;
  readonly passLimitMillis: number;
  readonly shutdownMillis: number;
  readonly leaderElection: boolean;
  readonly identity: string;
  readonly lease: {
    /** Undefined: the pod's own. */
    readonly namespace: string | undefined;
    readonly name: string;
    readonly durationMillis: number;
    readonly renewMillis: number;
    readonly retryMillis: number;
  };
  readonly metrics: { readonly address: string; readonly port: number };
  readonly logLevel: LogLevel;
  readonly beatMillis: { readonly exposure: number; readonly existence: number; readonly settings: number };
  readonly readLagMillis: number;
  readonly unknownOutcomeMillis: number;
  readonly timeScale: number;
  readonly awsRegion: string;
}

/** One thing that is wrong with the environment. */
export interface Problem {
  readonly name: string;
  readonly value: string;
  readonly rule: string;
  readonly remedy: string;
}

/** Thrown with everything that is wrong, so that one start tells it all. */
export class BadConfig extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(
      ({ name, value, rule, remedy }) => `${name}=${JSON.stringify(value)}: ${rule}; ${remedy}`,
    );
    super(lines.join('\n'));
    this.name = 'BadConfig';
    this.problems = problems;
  }
}

type Name = keyof typeof variables;
type Values = { readonly [N in Name]: (typeof variables)[N] extends Variable<infer T> ? T : never };

/** Reads and checks the environment; throws `BadConfig` with all that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: Problem[] = [];
  const read = (name: Name): unknown => {
    const { read, rule, default: initial } = variables[name] as Variable<unknown>;
    const given = env[name]?.trim();
    // An empty value means unset: that is how manifests and shells leave a variable out.
    const value = read(given || initial);
    if (value === undefined)
      problems.push({ name, value: given ?? '', rule, remedy: `the default is ${JSON.stringify(initial)}` });
    return value;
  };
  const values = Object.fromEntries((Object.keys(variables) as Name[]).map((name) => [name, read(name)])) as Values;
  if (problems.length === 0) problems.push(...relations(values, env));
  if (problems.length > 0) throw new BadConfig(problems);
  return configFrom(values, env);
}

/** Variables that look like ours and are not: most likely misspelt, so that a default is in force unseen. */
export const unknownVariables = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter((name) => name.startsWith('ECOM_') && !Object.hasOwn(variables, name));

function relations(values: Values, env: NodeJS.ProcessEnv): Problem[] {
  const problems: Problem[] = [];
  const [duration, renew, retry] = [
    values.ECOM_LEASE_DURATION_SECONDS,
    values.ECOM_LEASE_RENEW_SECONDS,
    values.ECOM_LEASE_RETRY_SECONDS,
  ];
  const wrong = (name: Name, rule: string, remedy: string): void =>
    void problems.push({ name, value: String(values[name]), rule, remedy });
  if (renew >= duration)
    wrong(
      'ECOM_LEASE_RENEW_SECONDS',
      `must be less than ECOM_LEASE_DURATION_SECONDS (${duration})`,
      'what lies between them covers calls in flight: 10 and 15 do',
    );
  if (retry * 2 > renew)
    wrong(
      'ECOM_LEASE_RETRY_SECONDS',
      `must be at most half of ECOM_LEASE_RENEW_SECONDS (${renew})`,
      'or one lost call costs the lease',
    );
  if (values.ECOM_TIME_SCALE !== 1 && !isLoopback(env['AWS_ENDPOINT_URL']))
    wrong(
      'ECOM_TIME_SCALE',
      'must be 1 unless AWS_ENDPOINT_URL names a stand-in on this machine',
      'unset it, or point AWS_ENDPOINT_URL to http://127.0.0.1:<port>',
    );
  return problems;
}

function isLoopback(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { hostname: host } = new URL(url);
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function configFrom(values: Values, env: NodeJS.ProcessEnv): Config {
  return {
    installation: values.ECOM_INSTALLATION,
    boundary: values.ECOM_PERMISSIONS_BOUNDARY || undefined,
    namespaces: values.ECOM_NAMESPACES,
    workers: values.ECOM_WORKERS,
    passLimitMillis: values.ECOM_PASS_SECONDS * 1000,
    shutdownMillis: values.ECOM_SHUTDOWN_SECONDS * 1000,
    leaderElection: values.ECOM_LEADER_ELECTION,
    identity: values.ECOM_IDENTITY || hostname(),
    lease: {
      namespace: values.ECOM_LEASE_NAMESPACE || undefined,
      name: values.ECOM_LEASE_NAME,
      durationMillis: values.ECOM_LEASE_DURATION_SECONDS * 1000,
      renewMillis: values.ECOM_LEASE_RENEW_SECONDS * 1000,
      retryMillis: values.ECOM_LEASE_RETRY_SECONDS * 1000,
    },
    metrics: { address: values.ECOM_METRICS_ADDRESS, port: values.ECOM_METRICS_PORT },
    logLevel: values.ECOM_LOG_LEVEL,
    beatMillis: {
      exposure: values.ECOM_BEAT_EXPOSURE_SECONDS * 1000,
      existence: values.ECOM_BEAT_EXISTENCE_SECONDS * 1000,
      settings: values.ECOM_BEAT_SETTINGS_SECONDS * 1000,
    },
    readLagMillis: values.ECOM_READ_LAG_SECONDS * 1000,
    unknownOutcomeMillis: values.ECOM_UNKNOWN_OUTCOME_SECONDS * 1000,
    timeScale: values.ECOM_TIME_SCALE,
    // Where the account is asked for, and the global services are signed for; each store names its own region.
    awsRegion: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1',
  };
}

/** Every variable with its meaning and default, for `--help`. */
export function configHelp(): string {
  return Object.entries(variables)
    .map(
      ([name, { meaning, default: initial, rule }]) =>
        `  ${name}${initial ? `=${initial}` : ''}\n      ${meaning} It ${rule}.`,
    )
    .join('\n');
}
