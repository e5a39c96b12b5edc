import { expect, test } from 'vitest';
import { dashboard, type DashboardProps } from '../../../operator/resources/cloudwatch/dashboard.ts';
import { Court, laws } from '../laws.ts';

const text = (markdown: string) => ({
  ...({ type: 'text', x: 0, y: 0, width: 24, height: 2 } as const),
  properties: { markdown },
});
const props: DashboardProps = { widgets: [text('# acme')] };

laws(dashboard, {
  ground: () => Promise.resolve(props),
  live: { widgets: () => [text('# acme'), { ...text('more'), y: 2 }] },
  fixed: {},
});

test('a dashboard that reads the same in another order of words is left alone', async () => {
  const court = new Court(dashboard);
  const { id: DashboardName } = await court.settle(props);
  const {
    widgets: [one],
  } = props;
  const DashboardBody = JSON.stringify({ widgets: [Object.fromEntries(Object.entries(one ?? {}).reverse())] }, null, 2);
  await court.other('cloudwatch', 'PutDashboard', { DashboardName, DashboardBody });
  const [found] = await court.own(props);
  expect(court.decide(props, found)).toEqual({ do: 'nothing' });
});
