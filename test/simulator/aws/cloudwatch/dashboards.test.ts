import { beforeEach, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';

let aws: SimulatedAws;
const cloudwatch = <T = object>(operation: string, input: object, region = 'eu-central-1') =>
  aws.handle({ service: 'cloudwatch', operation, input, region }) as Promise<T>;
const text = { type: 'text', x: 0, y: 0, width: 24, height: 2, properties: { markdown: '# Shop' } };
const graph = (properties: object) => ({ type: 'metric', properties });
const put = (widgets: unknown, more: object = {}, region?: string) =>
  cloudwatch('PutDashboard', { DashboardName: 'shop', DashboardBody: JSON.stringify({ widgets }), ...more }, region);
const list = async (input: object = {}, region?: string) => {
  const answer = await cloudwatch<{ DashboardEntries: { DashboardName: string; Size: number }[]; NextToken?: string }>(
    ...(['ListDashboards', input, region] as const),
  );
  return { ...answer, names: answer.DashboardEntries.map(({ DashboardName }) => DashboardName) };
};

beforeEach(() => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
});

test('a dashboard is seen from every region, changed by a second put, and keeps its tags', async () => {
  await put([text], { Tags: [{ Key: 'team', Value: 'shops' }] });
  expect((await list({}, 'us-east-1')).names).toEqual(['shop']);
  await put([text, graph({ region: 'eu-central-1', metrics: [] })], { Tags: [{ Key: 'team', Value: 'others' }] });
  const { DashboardArn: ResourceARN, DashboardBody } = await cloudwatch<{
    DashboardArn: string;
    DashboardBody: string;
  }>(...(['GetDashboard', { DashboardName: 'shop' }] as const));
  expect(ResourceARN).toBe('arn:aws:cloudwatch::111122223333:dashboard/shop');
  expect(JSON.parse(DashboardBody)).toMatchObject({ widgets: [{ type: 'text' }, { type: 'metric' }] });
  expect(await cloudwatch('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'team', Value: 'shops' }] });
  expect(aws.world.ledger.existing()).toMatchObject([{ type: 'cloudwatch/dashboard', id: 'shop', region: 'global' }]);
});

test('dashboards are listed by prefix, page by page, and deleted by name', async () => {
  for (const DashboardName of ['b', 'ab', 'aa']) await put([text], { DashboardName });
  expect((await list({ DashboardNamePrefix: 'a' })).names).toEqual(['aa', 'ab']);
  aws.world.pageSize = 2;
  const { names, NextToken } = await list();
  expect([names, (await list({ NextToken })).names]).toEqual([['aa', 'ab'], ['b']]);
  const remove = cloudwatch('DeleteDashboards', { DashboardNames: ['aa', 'none'] });
  await expect(remove).rejects.toMatchObject({ code: 'ResourceNotFound', status: 404 });
  expect((await list()).names).toEqual(['ab', 'b']);
  await expect(cloudwatch('GetDashboard', { DashboardName: 'aa' })).rejects.toMatchObject({ code: 'ResourceNotFound' });
  const gone = cloudwatch('ListTagsForResource', { ResourceARN: 'arn:aws:cloudwatch::111122223333:dashboard/aa' });
  await expect(gone).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test.each([
  ['no JSON', { DashboardBody: 'widgets' }],
  ['no list of widgets', { DashboardBody: '{"widgets": {}}' }],
  ['an unknown widget', { DashboardBody: '{"widgets": [{"type": "clock", "properties": {}}]}' }],
  ['a text without words', { DashboardBody: '{"widgets": [{"type": "text", "properties": {}}]}' }],
  ['a graph of no region', { DashboardBody: '{"widgets": [{"type": "metric", "properties": {"metrics": []}}]}' }],
  ['a widget beyond the edge', { DashboardBody: JSON.stringify({ widgets: [{ ...text, x: 1 }] }) }],
  ['a name with a slash', { DashboardName: 'shops/acme' }],
])('a dashboard with %s is refused, with what is wrong', async (_what, more) => {
  await expect(put([text], more)).rejects.toMatchObject({ code: 'InvalidParameterInput' });
  expect((await list()).names).toEqual([]);
});
