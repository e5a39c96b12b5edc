import { beforeEach, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';

let aws: SimulatedAws;
const route53 = <T = object>(operation: string, input: object) =>
  aws.handle({ service: 'route53', operation, input, region: 'us-east-1' }) as Promise<T>;

interface Made {
  readonly HealthCheck: {
    readonly Id: string;
    readonly HealthCheckVersion: number;
    readonly HealthCheckConfig: Record<string, unknown>;
  };
}
const endpoint = { Type: 'HTTPS', FullyQualifiedDomainName: 'shop.test', ResourcePath: '/healthz' };
const make = async (CallerReference = 'a', more: object = {}) =>
  (await route53<Made>('CreateHealthCheck', { CallerReference, HealthCheckConfig: { ...endpoint, ...more } }))
    .HealthCheck;

beforeEach(() => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
});

test('a health check is made once for a caller reference, and a used reference makes none again', async () => {
  const first = await make();
  expect((await make()).Id).toBe(first.Id);
  await expect(make('a', { Port: 8443 })).rejects.toMatchObject({ code: 'HealthCheckAlreadyExists', status: 409 });
  await route53('DeleteHealthCheck', { HealthCheckId: first.Id });
  await expect(make()).rejects.toMatchObject({ code: 'HealthCheckAlreadyExists' });
  expect((await make('b')).Id).not.toBe(first.Id);
  expect(aws.world.ledger.existing()).toMatchObject([{ type: 'route53/health-check', region: 'global' }]);
});

test('what is not said is as Route 53 has it', async () => {
  expect((await make()).HealthCheckConfig).toEqual({
    ...endpoint,
    ...{ Port: 443, EnableSNI: true, RequestInterval: 30, FailureThreshold: 3 },
    ...{ MeasureLatency: false, Inverted: false, Disabled: false },
  });
  const plain = await make('b', { Type: 'HTTP' });
  expect(plain.HealthCheckConfig).toMatchObject({ Port: 80, EnableSNI: false });
});

test('an update counts the version, and one of an older version is refused', async () => {
  const { Id: HealthCheckId } = await make('a', { Regions: ['eu-west-1', 'us-east-1', 'us-west-1'] });
  const change = (more: object) => route53<Made>('UpdateHealthCheck', { HealthCheckId, ...more });
  const changed = (await change({ HealthCheckVersion: 1, FailureThreshold: 5 })).HealthCheck;
  expect(changed).toMatchObject({ HealthCheckVersion: 2, HealthCheckConfig: { FailureThreshold: 5, Port: 443 } });
  const old = change({ HealthCheckVersion: 1, FailureThreshold: 6 });
  await expect(old).rejects.toMatchObject({ code: 'HealthCheckVersionMismatch', status: 409 });
  const reset = await change({ ResetElements: ['ResourcePath', 'Regions'] });
  expect(Object.keys(reset.HealthCheck.HealthCheckConfig)).not.toContain('ResourcePath');
  expect(Object.keys(reset.HealthCheck.HealthCheckConfig)).not.toContain('Regions');
  await expect(change({ IPAddress: '192.0.2.1' })).rejects.toMatchObject({ code: 'InvalidInput' });
});

test('health checks are listed page by page, and counted', async () => {
  for (const reference of ['a', 'b', 'c']) await make(reference);
  const list = (input: object) =>
    route53<{ HealthChecks: { Id: string }[]; NextMarker?: string; IsTruncated: boolean }>('ListHealthChecks', input);
  const first = await list({ MaxItems: '2' });
  const second = await list({ MaxItems: '2', Marker: first.NextMarker });
  expect([first, second].map(({ HealthChecks }) => HealthChecks.length)).toEqual([2, 1]);
  expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  expect(second.HealthChecks[0]?.Id).toBe(first.NextMarker);
  expect(await route53('GetHealthCheckCount', {})).toEqual({ HealthCheckCount: 3 });
  expect(await route53('GetAccountLimit', { Type: 'MAX_HEALTH_CHECKS_BY_OWNER' })).toMatchObject({ Count: 3 });
});

test('tags are written and read by type and id', async () => {
  const { Id: ResourceId } = await make();
  const which = { ResourceType: 'healthcheck', ResourceId };
  const Tags = [{ Key: 'team', Value: 'shops' }];
  await route53('ChangeTagsForResource', { ...which, AddTags: Tags });
  expect(await route53('ListTagsForResource', which)).toEqual({ ResourceTagSet: { ...which, Tags } });
  await route53('ChangeTagsForResource', { ...which, RemoveTagKeys: ['team'] });
  const many = { ResourceType: 'healthcheck', ResourceIds: [ResourceId] };
  expect(await route53('ListTagsForResources', many)).toEqual({ ResourceTagSets: [{ ...which, Tags: [] }] });
  const zone = route53('ListTagsForResource', { ...which, ResourceType: 'hostedzone', ResourceId: 'Z1' });
  await expect(zone).rejects.toMatchObject({ code: 'NoSuchHostedZone' });
});

test.each([
  ['no endpoint', { FullyQualifiedDomainName: undefined }, 'InvalidInput'],
  ['an interval of its own', { RequestInterval: 20 }, 'InvalidInput'],
  ['a text that nobody looks for', { SearchString: 'ok' }, 'InvalidInput'],
  ['no text to look for', { Type: 'HTTPS_STR_MATCH' }, 'InvalidInput'],
  ['a path over TCP', { Type: 'TCP', Port: 443 }, 'InvalidInput'],
])('a health check with %s is refused', async (_what, more, code) => {
  await expect(make('a', more)).rejects.toMatchObject({ code });
  expect(await route53('GetHealthCheckCount', {})).toEqual({ HealthCheckCount: 0 });
});

test('what is not there is not found, one too many is refused, and what is not simulated says so', async () => {
  for (const operation of ['GetHealthCheck', 'UpdateHealthCheck', 'DeleteHealthCheck'])
    await expect(route53(operation, { HealthCheckId: 'none' })).rejects.toMatchObject({ code: 'NoSuchHealthCheck' });
  await expect(make('a', { Type: 'CALCULATED' })).rejects.toMatchObject({ status: 501 });
  aws.world.quotas.set('Health checks', 0);
  await expect(make()).rejects.toMatchObject({ code: 'TooManyHealthChecks' });
});
