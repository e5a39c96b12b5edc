import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { families } from './engines.ts';
import {
  clusters,
  combination,
  identifier,
  invalid,
  marked,
  notFound,
  parameterGroups,
  replicationGroups,
  type Marked,
  type ParameterGroup,
} from './kinds.ts';

interface Known {
  readonly standard: string;
  readonly allowed?: string;
  readonly changes?: 'requires-reboot';
  readonly modifiable?: false;
}

/**
 * Parameters by engine: those that people set most; another name is refused as ElastiCache refuses unknown ones.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const redisLike: Readonly<Record<string, Known>> = {
  'maxmemory-policy': {
    standard: 'volatile-lru',
    allowed: 'volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction',
  },
  'maxmemory-samples': { standard: '3', allowed: '1-' },
  'notify-keyspace-events': { standard: '' },
  'reserved-memory-percent': { standard: '25', allowed: '0-100' },
  'slowlog-log-slower-than': { standard: '10000' },
  'slowlog-max-len': { standard: '128' },
  'tcp-keepalive': { standard: '300' },
  timeout: { standard: '0', allowed: '0,20-' },
  'lazyfree-lazy-eviction': { standard: 'yes', allowed: 'yes,no' },
  databases: { standard: '16', changes: 'requires-reboot', allowed: '1-1200000' },
  'cluster-enabled': { standard: 'no', allowed: 'yes,no', changes: 'requires-reboot' },
  appendonly: { standard: 'no', modifiable: false },
};

const memcachedLike: Readonly<Record<string, Known>> = {
  max_item_size: { standard: '1048576', changes: 'requires-reboot' },
  memcached_connections_overhead: { standard: '100', changes: 'requires-reboot' },
  idle_timeout: { standard: '0', changes: 'requires-reboot' },
  chunk_size_growth_factor: { standard: '1.25', changes: 'requires-reboot' },
  slab_reassign: { standard: '1', allowed: '0,1', changes: 'requires-reboot' },
  cas_disabled: { standard: '0', allowed: '0,1', changes: 'requires-reboot' },
  large_memory_pages: { standard: '0', modifiable: false },
};

const parametersOf = (family: string): Readonly<Record<string, Known>> =>
  family.startsWith('memcached') ? memcachedLike : redisLike;

/** Of every family there is a default group, which nobody can change. */
const defaultsOf = (request: Request): ParameterGroup[] =>
  families().map((family) => ({
    name: `default.${family}`,
    arn: request.arn(`parametergroup:default.${family}`),
    family,
    description: `Default parameter group for ${family}`,
    values: {},
    tags: {},
  }));

export function parameterGroupOf(request: Request, given: string): ParameterGroup {
  const name = given.toLowerCase();
  const found = request.in(parameterGroups).get(name) ?? defaultsOf(request).find((one) => one.name === name);
  if (!found) throw notFound.parameterGroup(given);
  return found;
}

/** One that is the user's own, and may be changed. */
function ownGroup(request: Request, given: string): ParameterGroup {
  const group = parameterGroupOf(request, given);
  if (group.name.startsWith('default.'))
    throw new AwsError(
      'InvalidCacheParameterGroupState',
      `The default group ${group.name} cannot be changed or deleted.`,
    );
  return group;
}

const told = ({ name, arn, family, description }: ParameterGroup) => ({
  CacheParameterGroupName: name,
  CacheParameterGroupFamily: family,
  Description: description,
  IsGlobal: false,
  ARN: arn,
});

interface Create {
  readonly CacheParameterGroupName: string;
  readonly CacheParameterGroupFamily: string;
  readonly Description: string;
  readonly Tags?: TagPair[];
}

function create(input: Create, request: Request) {
  const name = identifier('CacheParameterGroupName', input.CacheParameterGroupName, 255);
  if (!families().includes(input.CacheParameterGroupFamily))
    throw invalid(
      `CacheParameterGroupFamily ${input.CacheParameterGroupFamily} is not a valid parameter group family.`,
    );
  const all = request.in(parameterGroups);
  if (all.get(name))
    throw new AwsError('CacheParameterGroupAlreadyExists', `Cache parameter group ${name} already exists`);
  const quota = ['Parameter groups per Region', 300, all.all().length, 'CacheParameterGroupQuotaExceeded'] as const;
  request.withinQuota(...quota, 'Cannot create more than 300 cache parameter groups');
  const group = all.put(name, {
    name,
    arn: request.arn(`parametergroup:${name}`),
    family: input.CacheParameterGroupFamily,
    description: input.Description,
    values: {},
    tags: toTagMap(input.Tags),
  });
  return { CacheParameterGroup: told(group) };
}

interface Value {
  readonly ParameterName?: string;
  readonly ParameterValue?: string;
}

function knownOf(group: ParameterGroup, name: string): Known {
  const known = parametersOf(group.family)[name];
  if (!known) throw invalid(`Invalid/Unmodifiable parameter: ${name}`);
  if (known.modifiable === false) throw invalid(`Invalid/Unmodifiable parameter: ${name}`);
  return known;
}

function fits(value: string, allowed: string): boolean {
  return allowed.split(',').some((one) => {
    const [, from, to] = /^(\d+)-(\d*)$/.exec(one) ?? [];
    if (from === undefined) return value === one;
    return /^\d+$/.test(value) && Number(value) >= Number(from) && (to === '' || Number(value) <= Number(to));
  });
}

function modify(input: { CacheParameterGroupName: string; ParameterNameValues: Value[] }, request: Request) {
  const group = ownGroup(request, input.CacheParameterGroupName);
  if (input.ParameterNameValues.length > 20)
    throw invalid('A maximum of 20 parameters can be modified in a single request.');
  const values = { ...group.values };
  for (const { ParameterName: name = '', ParameterValue: value = '' } of input.ParameterNameValues) {
    const { allowed, standard } = knownOf(group, name);
    if (allowed !== undefined && !fits(value, allowed))
      throw invalid(`Invalid parameter value: ${value} for: ${name} allowed values are: ${allowed}`);
    // As RDS does: who sets the default value sets nothing. ElastiCache's documentation says neither so nor otherwise.
    if (name in values || value !== standard) values[name] = value;
  }
  request.in(parameterGroups).change(group.name, { values });
  return { CacheParameterGroupName: group.name };
}

interface Reset {
  readonly CacheParameterGroupName: string;
  readonly ResetAllParameters?: boolean;
  readonly ParameterNameValues?: Value[];
}

function reset(input: Reset, request: Request) {
  const group = ownGroup(request, input.CacheParameterGroupName);
  const names = (input.ParameterNameValues ?? []).map(({ ParameterName: name = '' }) => name);
  if ((input.ResetAllParameters === true) === names.length > 0)
    throw combination('Either ResetAllParameters or ParameterNameValues must be given.');
  for (const name of names) knownOf(group, name);
  const kept = Object.entries(group.values).filter(([name]) => names.length > 0 && !names.includes(name));
  request.in(parameterGroups).change(group.name, { values: Object.fromEntries(kept) });
  return { CacheParameterGroupName: group.name };
}

function remove({ CacheParameterGroupName }: { CacheParameterGroupName: string }, request: Request): void {
  const group = ownGroup(request, CacheParameterGroupName);
  const used = [...request.in(replicationGroups).all(), ...request.in(clusters).all()].find(
    ({ settings, pending }) => settings.parameterGroup === group.name || pending.parameterGroup === group.name,
  );
  if (used)
    throw new AwsError(
      'InvalidCacheParameterGroupState',
      `One or more cache clusters are still members of this parameter group ${group.name}, so the group cannot be deleted.`,
    );
  request.in(parameterGroups).remove(group.name);
}

const parametersTold = (group: ParameterGroup) =>
  Object.entries(parametersOf(group.family)).map(([name, { standard, allowed, changes, modifiable }]) => ({
    ParameterName: name,
    ParameterValue: group.values[name] ?? standard,
    Description: name,
    // As RDS does: https://github.com/hashicorp/terraform-provider-aws/issues/23335
    Source: name in group.values && group.values[name] !== standard ? 'user' : 'system',
    DataType: 'string',
    AllowedValues: allowed,
    IsModifiable: modifiable !== false,
    MinimumEngineVersion: '1.0.0',
    ChangeType: changes ?? 'immediate',
  }));

export const parameterGroupOperations: Operations = {
  CreateCacheParameterGroup: create,
  ModifyCacheParameterGroup: modify,
  ResetCacheParameterGroup: reset,
  DeleteCacheParameterGroup: remove,
  DescribeCacheParameterGroups: (input: Marked & { CacheParameterGroupName?: string }, request) => {
    const named = input.CacheParameterGroupName?.toLowerCase();
    const all = [...request.listed(parameterGroups), ...defaultsOf(request)];
    const listed = all.filter(({ name }) => named === undefined || name === named);
    if (named !== undefined && listed.length === 0) throw notFound.parameterGroup(named);
    const { items, next } = marked(request, listed, input);
    return { CacheParameterGroups: items.map(told), Marker: next };
  },
  DescribeCacheParameters: (input: Marked & { CacheParameterGroupName: string; Source?: string }, request) => {
    const name = input.CacheParameterGroupName.toLowerCase();
    const group = [...request.listed(parameterGroups), ...defaultsOf(request)].find((one) => one.name === name);
    if (!group) throw notFound.parameterGroup(input.CacheParameterGroupName);
    const all = parametersTold(group).filter(({ Source }) => input.Source === undefined || Source === input.Source);
    const { items, next } = marked(request, all, input);
    return { Parameters: items, Marker: next };
  },
};
