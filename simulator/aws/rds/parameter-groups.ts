import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { allEngines, familyOf } from './engines.ts';
import {
  combination,
  identifier,
  instances,
  invalid,
  marked,
  notFound,
  parameterGroups,
  type Marked,
  type ParameterGroup,
} from './kinds.ts';

interface Known {
  readonly type: 'dynamic' | 'static';
  readonly standard?: string | ((major: number) => string);
  readonly allowed?: string;
  readonly modifiable?: false;
}

const dynamic: Known = { type: 'dynamic' };
const fixed: Known = { type: 'static' };

/** Parameters by the engine's name: those that people set most; another name is refused as RDS refuses unknown ones. */
const catalogue: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  postgres: {
    // "The default value is 1 (on) for RDS for PostgreSQL version 15 and later."
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
    'rds.force_ssl': { type: 'dynamic', standard: (major) => (major >= 15 ? '1' : '0'), allowed: '0,1' },
    'rds.logical_replication': { type: 'static', standard: '0', allowed: '0,1' },
    log_min_duration_statement: { type: 'dynamic', standard: '-1' },
    log_statement: { type: 'dynamic', standard: 'none', allowed: 'none,ddl,mod,all' },
    max_connections: fixed,
    shared_buffers: fixed,
    shared_preload_libraries: { type: 'static', standard: 'pg_stat_statements' },
    work_mem: dynamic,
    maintenance_work_mem: dynamic,
    statement_timeout: dynamic,
    idle_in_transaction_session_timeout: dynamic,
    random_page_cost: dynamic,
    timezone: dynamic,
    track_io_timing: dynamic,
    data_directory: { type: 'static', modifiable: false },
  },
  mysql: {
    require_secure_transport: { type: 'dynamic', standard: '0', allowed: '0,1' },
    binlog_format: dynamic,
    character_set_server: dynamic,
    collation_server: dynamic,
    innodb_buffer_pool_size: dynamic,
    innodb_lock_wait_timeout: dynamic,
    long_query_time: dynamic,
    max_allowed_packet: dynamic,
    max_connections: dynamic,
    performance_schema: { type: 'static', allowed: '0,1' },
    slow_query_log: { type: 'dynamic', allowed: '0,1' },
    sql_mode: dynamic,
    time_zone: dynamic,
    wait_timeout: dynamic,
    basedir: { type: 'static', modifiable: false },
  },
};

const parametersOf = (family: string): Readonly<Record<string, Known>> =>
  catalogue[family.startsWith('postgres') ? 'postgres' : 'mysql'] ?? {};

/** The value that a group of this family has where nobody has set another. */
const standardOf = (family: string, { standard }: Known): string | undefined =>
  typeof standard === 'function' ? standard(Number(/\d+/.exec(family)?.[0])) : standard;

const words: Readonly<Record<string, string>> = { on: '1', true: '1', off: '0', false: '0' };

/**
 * A switch takes words, and is told as 1 or 0.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html#USER_ParamBooleanExpressions,
 * https://github.com/hashicorp/terraform-provider-aws/issues/45394
 */
const canonical = ({ allowed }: Known, value: string): string =>
  allowed === '0,1' ? (words[value.toLowerCase()] ?? value) : value;

export function parameterGroupOf(request: Request, name: string): ParameterGroup {
  const found = request.in(parameterGroups).get(name.toLowerCase());
  if (!found) throw notFound.parameterGroup(name);
  return found;
}

const told = ({ name, arn, family, description }: ParameterGroup) => ({
  DBParameterGroupName: name,
  DBParameterGroupArn: arn,
  DBParameterGroupFamily: family,
  Description: description,
});

interface Create {
  readonly DBParameterGroupName: string;
  readonly DBParameterGroupFamily: string;
  readonly Description: string;
  readonly Tags?: TagPair[];
}

function create(input: Create, request: Request) {
  const name = identifier('DBParameterGroupName', input.DBParameterGroupName, 255);
  const families = allEngines().flatMap((engine) => engine.versions.map((version) => familyOf(engine, version)));
  if (!families.includes(input.DBParameterGroupFamily))
    throw invalid(`ParameterGroupFamily ${input.DBParameterGroupFamily} is not a valid parameter group family`);
  const all = request.in(parameterGroups);
  if (all.get(name)) throw new AwsError('DBParameterGroupAlreadyExists', `Parameter group ${name} already exists`);
  const quota = ['DB parameter groups', 50, all.all().length, 'DBParameterGroupQuotaExceeded'] as const;
  request.withinQuota(...quota, 'Cannot create more than 50 parameter groups');
  const group = all.put(name, {
    name,
    arn: request.arn(`pg:${name}`),
    family: input.DBParameterGroupFamily,
    description: input.Description,
    values: {},
    tags: toTagMap(input.Tags),
  });
  return { DBParameterGroup: told(group) };
}

interface Change {
  readonly ParameterName?: string;
  readonly ParameterValue?: string;
  readonly ApplyMethod?: string;
}

function checkedChange(
  group: ParameterGroup,
  { ParameterName: name = '', ApplyMethod: method }: Change,
): { readonly name: string; readonly known: Known } {
  const known = parametersOf(group.family)[name];
  if (!known) throw invalid(`Could not find parameter with name: ${name}`);
  if (known.modifiable === false) throw invalid(`The parameter ${name} cannot be modified.`);
  if (method === undefined) throw combination('Must specify both parameter apply method and parameter name');
  // "You can use the immediate value with dynamic parameters only."
  if (method === 'immediate' && known.type === 'static')
    throw combination('cannot use immediate apply method for static parameter');
  return { name, known };
}

/**
 * A changed static parameter takes effect at the next reboot of each instance that uses the group.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBParameterGroupStatus.html
 */
function noteChange(request: Request, group: ParameterGroup, names: readonly string[]): void {
  const isStatic = names.some((name) => parametersOf(group.family)[name]?.type === 'static');
  for (const one of request.in(instances).all())
    if (one.settings.parameterGroup === group.name && isStatic)
      request.in(instances).change(one.name, { parameterStatus: 'pending-reboot' });
}

function modify(input: { DBParameterGroupName: string; Parameters: Change[] }, request: Request) {
  const group = parameterGroupOf(request, input.DBParameterGroupName);
  if (input.Parameters.length > 20) throw invalid('A maximum of 20 parameters can be modified in a single request.');
  const values = { ...group.values };
  for (const change of input.Parameters) {
    const { name, known } = checkedChange(group, change);
    const value = canonical(known, change.ParameterValue ?? '');
    const allowed = known.allowed?.split(',');
    if (allowed && !allowed.includes(value))
      throw invalid(`Invalid parameter value: ${value} for: ${name} allowed values are: ${allowed.join(',')}`);
    // Who sets the default value sets nothing: RDS goes on calling it its own.
    // https://github.com/hashicorp/terraform-provider-aws/pull/3182
    if (name in values || value !== standardOf(group.family, known)) values[name] = value;
  }
  request.in(parameterGroups).change(group.name, { values });
  noteChange(
    request,
    group,
    Object.keys(values).filter((name) => values[name] !== group.values[name]),
  );
  return { DBParameterGroupName: group.name };
}

function reset(
  input: { DBParameterGroupName: string; ResetAllParameters?: boolean; Parameters?: Change[] },
  request: Request,
) {
  const group = parameterGroupOf(request, input.DBParameterGroupName);
  const names = (input.Parameters ?? []).map((change) => checkedChange(group, change).name);
  const values = Object.fromEntries(
    Object.entries(group.values).filter(([name]) => input.ResetAllParameters !== true && !names.includes(name)),
  );
  request.in(parameterGroups).change(group.name, { values });
  noteChange(request, group, names);
  return { DBParameterGroupName: group.name };
}

function remove({ DBParameterGroupName }: { DBParameterGroupName: string }, request: Request): void {
  const group = parameterGroupOf(request, DBParameterGroupName);
  const user = request
    .in(instances)
    .all()
    .find(({ settings }) => settings.parameterGroup === group.name);
  if (user)
    throw new AwsError(
      'InvalidDBParameterGroupState',
      `One or more database instances are still members of this parameter group ${group.name}, so the group cannot be deleted`,
    );
  request.in(parameterGroups).remove(group.name);
}

/** All parameters of a group, with the values that are in force. */
export function parametersTold({ family, values }: ParameterGroup) {
  return Object.entries(parametersOf(family)).map(([name, known]) => {
    const standard = standardOf(family, known);
    return {
      ParameterName: name,
      ParameterValue: values[name] ?? standard,
      Description: name,
      Source: name in values ? 'user' : standard === undefined ? 'engine-default' : 'system',
      ApplyType: known.type,
      DataType: known.allowed === '0,1' ? 'boolean' : 'string',
      AllowedValues: known.allowed,
      IsModifiable: known.modifiable !== false,
      ApplyMethod: known.type === 'static' ? 'pending-reboot' : 'immediate',
    };
  });
}

export const parameterGroupOperations: Operations = {
  CreateDBParameterGroup: create,
  ModifyDBParameterGroup: modify,
  ResetDBParameterGroup: reset,
  DeleteDBParameterGroup: remove,
  DescribeDBParameterGroups: (input: Marked & { DBParameterGroupName?: string }, request) => {
    const named = input.DBParameterGroupName?.toLowerCase();
    const listed = request.listed(parameterGroups).filter(({ name }) => named === undefined || name === named);
    if (named !== undefined && listed.length === 0) throw notFound.parameterGroup(named);
    const { items, next } = marked(request, listed, input);
    return { DBParameterGroups: items.map(told), Marker: next };
  },
  DescribeDBParameters: (input: Marked & { DBParameterGroupName: string; Source?: string }, request) => {
    const name = input.DBParameterGroupName.toLowerCase();
    const group = request.listed(parameterGroups).find((one) => one.name === name);
    if (!group) throw notFound.parameterGroup(input.DBParameterGroupName);
    const all = parametersTold(group).filter(({ Source }) => input.Source === undefined || Source === input.Source);
    const { items, next } = marked(request, all, input);
    return { Parameters: items, Marker: next };
  },
};
