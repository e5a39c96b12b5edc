import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import type { World } from '../core/world.ts';
import { findingsIn } from './dashboard-body.ts';
import { dashboards, type Dashboard } from './kinds.ts';

/** "All dashboards in your account are global, not region-specific" (PutDashboard). */
export const dashboardsOf = (world: World): Collection<Dashboard> => world.collection('global', dashboards);

/** The names of the model's errors differ from the codes that stand in them: the code counts. */
const badInput = (why: string, dashboardValidationMessages: readonly object[] = []): AwsError =>
  new AwsError('InvalidParameterInput', why, 400, { dashboardValidationMessages });
const badValue = (why: string): AwsError => new AwsError('InvalidParameterValue', why);

const absent = (name: string): AwsError => new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, 404);

interface Put {
  readonly DashboardName: string;
  readonly DashboardBody: string;
  readonly Tags?: readonly TagPair[];
}

function put({ DashboardName: name, DashboardBody: body, Tags }: Put, { world, now, account }: Request) {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name))
    throw badInput(
      'The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).',
    );
  const findings = findingsIn(body);
  if (findings.length > 0)
    throw badInput(`The dashboard body is invalid, there are ${findings.length} validation errors`, findings);
  const all = dashboardsOf(world);
  const before = all.get(name);
  const arn = `arn:aws:cloudwatch::${account}:dashboard/${name}`;
  // Tags are for a new dashboard only: an update ignores them.
  all.put(name, { name, arn, body, changedAt: now, tags: before?.tags ?? toTagMap(Tags) });
  return { DashboardValidationMessages: [] };
}

interface List {
  readonly DashboardNamePrefix?: string;
  readonly NextToken?: string;
}

function list({ DashboardNamePrefix: prefix = '', NextToken: token }: List, { world, now }: Request) {
  const seen = dashboardsOf(world).asOf(world.readLagMillis > 0 ? now - world.readLagMillis : Infinity);
  const found = seen.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const badToken = () => badValue('The value for field NextToken is not valid.');
  const { items, next } = pageOf(world, found, { token, size: undefined, most: 1_000, badToken });
  return {
    DashboardEntries: items.map(({ name, arn, body, changedAt }) => ({
      ...{ DashboardName: name, DashboardArn: arn, LastModified: new Date(changedAt), Size: Buffer.byteLength(body) },
    })),
    NextToken: next,
  };
}

/** All that can go do. */
function remove({ DashboardNames: names }: { DashboardNames: readonly string[] }, { world }: Request): void {
  if (names.length > 100) throw badValue('The value for field DashboardNames has more than 100 items.');
  const all = dashboardsOf(world);
  const missing = names.find((name) => !all.get(name));
  for (const name of names) if (all.get(name)) all.remove(name);
  if (missing !== undefined) throw absent(missing);
}

export const dashboardOperations: Operations = {
  PutDashboard: put,
  GetDashboard: ({ DashboardName }: { DashboardName: string }, { world }) => {
    const found = dashboardsOf(world).get(DashboardName);
    if (!found) throw absent(DashboardName);
    return { DashboardName: found.name, DashboardArn: found.arn, DashboardBody: found.body };
  },
  ListDashboards: list,
  DeleteDashboards: remove,
};
