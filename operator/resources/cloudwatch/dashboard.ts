import { orAbsent } from '../../model/faults.ts';
import { tagPairs } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { ResourceType } from '../../model/resource-type.ts';
import { demandOwn, mayDelete, ownerOf } from './tags.ts';

/** What people look at to see how a store is: graphs and alarms on one page of the CloudWatch console. */
export interface DashboardProps {
  readonly widgets: readonly Widget[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export interface Widget {
  readonly type: 'metric' | 'text' | 'alarm';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface DashboardOutputs {
  readonly name: string;
  readonly arn: string;
}

const prefix = 'ecom-';

export const dashboard: ResourceType<DashboardProps, DashboardOutputs> = {
  name: 'cloudwatch/dashboard',
  fields: { widgets: 'live' },
  needs: ['cloudwatch/alarm'],
  replace: 'refuse',
  once: 'name', // PutDashboard again is an update to the same.
  endedBy: 'DeleteDashboards',
  key: (_props, name) => prefix + name,
  beat: 'existence',
  // "All dashboards in your account are global, not region-specific" (PutDashboard).
  scope: 'global',

  async *list(aws, scope) {
    const read = (NextToken?: string) => aws.cloudwatch('ListDashboards', { DashboardNamePrefix: prefix, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      yield await Promise.all(
        (page.DashboardEntries ?? []).map(async ({ DashboardName: name = '', DashboardArn: arn }) => ({
          id: name,
          key: name,
          owner: await ownerOf(aws, scope, name, arn),
          state: { is: 'ready' } as const,
          props: {},
          outputs: { name, arn },
        })),
      );
  },

  detailed: ['widgets'],

  async detail(aws, found) {
    const answer = await orAbsent(aws.cloudwatch('GetDashboard', { DashboardName: found.id }));
    return answer && { props: { widgets: widgetsIn(answer.DashboardBody) } };
  },

  async create(aws, props, birth) {
    const name = prefix + birth.name;
    await aws.cloudwatch('PutDashboard', {
      ...{ DashboardName: name, DashboardBody: asBody(props), Tags: tagPairs(birth.tags) },
    });
    return {
      ...{ id: name, key: name, owner: birth.owner, state: { is: 'ready' } },
      ...{ props: { ...props }, outputs: { name } },
    };
  },

  async update(aws, found, props) {
    await demandOwn(aws, 'dashboard', found);
    await aws.cloudwatch('PutDashboard', { DashboardName: found.id, DashboardBody: asBody(props) });
  },

  async delete(aws, found) {
    if (await mayDelete(aws, 'dashboard', found))
      await orAbsent(aws.cloudwatch('DeleteDashboards', { DashboardNames: [found.id] }));
  },
};

const asBody = ({ widgets }: DashboardProps): string => JSON.stringify({ widgets });

/** AWS keeps only what is JSON; whatever else somebody has put into the body beside its widgets changes no graph. */
const widgetsIn = (body = '{}'): readonly Widget[] => (JSON.parse(body) as Partial<DashboardProps>).widgets ?? [];
