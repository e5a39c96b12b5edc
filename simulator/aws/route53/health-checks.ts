import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import { usedReferences } from '../core/used-references.ts';
import type { Kind, World } from '../core/world.ts';

interface Config {
  readonly Type: string;
  readonly IPAddress?: string;
  readonly Port?: number;
  readonly ResourcePath?: string;
  readonly FullyQualifiedDomainName?: string;
  readonly SearchString?: string;
  readonly RequestInterval?: number;
  readonly FailureThreshold?: number;
  readonly MeasureLatency?: boolean;
  readonly Inverted?: boolean;
  readonly Disabled?: boolean;
  readonly EnableSNI?: boolean;
  readonly Regions?: readonly string[];
}

export interface HealthCheck {
  readonly id: string;
  readonly callerReference: string;
  /** As it was asked for: a second creation with the same reference has to ask for the same. */
  readonly asked: Config;
  readonly config: Config;
  readonly version: number;
  readonly tags: TagMap;
}

/**
 * https://aws.amazon.com/route53/pricing/: half a dollar a month for an endpoint in AWS, and a dollar for each of HTTPS,
 * a text that is looked for, checks every ten seconds, and latency.
 */
export const healthChecks: Kind<HealthCheck> = {
  type: 'route53/health-check',
  tags: ({ tags }) => tags,
  dollarsPerHour: ({ config: { Type, RequestInterval, MeasureLatency } }) =>
    (0.5 +
      [Type.startsWith('HTTPS'), Type.endsWith('MATCH'), RequestInterval === 10, MeasureLatency].filter(Boolean)
        .length) /
    730,
};

export const checksOf = (world: World): Collection<HealthCheck> => world.collection('global', healthChecks);

export function healthCheckOf(world: World, id: string): HealthCheck {
  const found = checksOf(world).get(id);
  if (!found) throw new AwsError('NoSuchHealthCheck', `A health check with id ${id} does not exist.`, 404);
  return found;
}

const invalid = (why: string): AwsError => new AwsError('InvalidInput', `Invalid parameter : ${why}`);

const endpoints = ['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH', 'TCP'];

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
function check(config: Config): void {
  if (!endpoints.includes(config.Type))
    throw new AwsError('InvalidInput', `The simulator knows no health checks of type ${config.Type}`, 501);
  if (config.IPAddress === undefined && config.FullyQualifiedDomainName === undefined)
    throw invalid('Either IPAddress or FullyQualifiedDomainName must be specified.');
  if (config.Type === 'TCP' && config.Port === undefined) throw invalid('Port must be specified for TCP.');
  if (config.ResourcePath !== undefined && config.Type === 'TCP')
    throw invalid('ResourcePath must not be specified for TCP.');
  if (config.Type.endsWith('MATCH') !== (config.SearchString !== undefined))
    throw invalid('SearchString is for health checks that look for a text, and they need one.');
  if (![10, 30].includes(config.RequestInterval ?? 30)) throw invalid('RequestInterval must be 10 or 30.');
}

const withDefaults = (config: Config): Config => ({
  ...(config.Type.startsWith('HTTPS') ? { Port: 443, EnableSNI: true } : { EnableSNI: false }),
  ...(config.Type.startsWith('HTTP') && !config.Type.startsWith('HTTPS') ? { Port: 80 } : {}),
  ...{ RequestInterval: 30, FailureThreshold: 3, MeasureLatency: false, Inverted: false, Disabled: false },
  ...config,
});

const told = ({ id, callerReference, config, version }: HealthCheck) => ({
  ...{ Id: id, CallerReference: callerReference, HealthCheckConfig: config, HealthCheckVersion: version },
});

interface Create {
  readonly CallerReference: string;
  readonly HealthCheckConfig: Config;
}

function create({ CallerReference: reference, HealthCheckConfig: asked }: Create, { world }: Request) {
  check(asked);
  const all = checksOf(world);
  const used = usedReferences(world, healthChecks.type);
  const known = all.all().find(({ callerReference }) => callerReference === reference);
  if (known ? !isDeepStrictEqual(known.asked, asked) : used.get(reference))
    throw new AwsError(
      'HealthCheckAlreadyExists',
      `A health check has already been created with the specified caller reference: ${reference}.`,
      409,
    );
  if (!known && all.all().length >= (world.quotas.get('Health checks') ?? 200))
    throw new AwsError('TooManyHealthChecks', 'Limits Exceeded: health checks of this account.');
  const made =
    known ??
    all.put(
      ...keyed({
        id: uuid(world),
        callerReference: reference,
        asked,
        config: withDefaults(asked),
        version: 1,
        tags: {},
      }),
    );
  used.put(reference, { reference });
  return { HealthCheck: told(made), Location: `https://route53.amazonaws.com/2013-04-01/healthcheck/${made.id}` };
}

const keyed = (made: HealthCheck): [string, HealthCheck] => [made.id, made];

const uuid = ({ random }: World): string => [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');

type Update = Partial<Config> & {
  readonly HealthCheckId: string;
  readonly HealthCheckVersion?: number;
  readonly ResetElements?: readonly string[];
};

function update(input: Update, { world }: Request) {
  const { HealthCheckId: id, HealthCheckVersion: version, ResetElements: reset = [], ...given } = input;
  const changes: Partial<Config> = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const found = healthCheckOf(world, id);
  if (version !== undefined && version !== found.version)
    throw new AwsError('HealthCheckVersionMismatch', `The version of health check ${id} is ${found.version}.`, 409);
  if ((changes.IPAddress === undefined) === (found.config.IPAddress !== undefined) && 'IPAddress' in changes)
    throw invalid('IPAddress cannot be added to a health check, or taken from it.');
  const kept = Object.entries({ ...found.config, ...changes }).filter(([member]) => !reset.includes(member));
  const config = Object.fromEntries(kept) as unknown as Config;
  check(config);
  return { HealthCheck: told(checksOf(world).change(id, { config, version: found.version + 1 })) };
}

interface List {
  readonly Marker?: string;
  readonly MaxItems?: string | number;
}

function list(input: List, { world, now }: Request) {
  const all = checksOf(world).asOf(world.readLagMillis > 0 ? now - world.readLagMillis : Infinity);
  const start = input.Marker === undefined ? 0 : all.findIndex(({ id }) => id === input.Marker);
  if (start < 0) throw invalid(`Marker ${input.Marker} is not valid.`);
  const asked = Math.min(Number(input.MaxItems ?? 100), 1_000);
  const size = Math.min(asked, world.pageSize);
  const next = all[start + size];
  return {
    HealthChecks: all.slice(start, start + size).map(told),
    Marker: input.Marker ?? '',
    IsTruncated: next !== undefined,
    ...(next ? { NextMarker: next.id } : {}),
    MaxItems: String(asked),
  };
}

export const healthCheckOperations: Operations = {
  CreateHealthCheck: create,
  GetHealthCheck: ({ HealthCheckId }: { HealthCheckId: string }, { world }) => ({
    HealthCheck: told(healthCheckOf(world, HealthCheckId)),
  }),
  UpdateHealthCheck: update,
  ListHealthChecks: list,
  GetHealthCheckCount: (_input, { world }) => ({ HealthCheckCount: checksOf(world).all().length }),
  DeleteHealthCheck: ({ HealthCheckId }: { HealthCheckId: string }, { world }) => {
    checksOf(world).remove(healthCheckOf(world, HealthCheckId).id);
    return {};
  },
};
