import { beforeEach, expect, test } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { cachingDisabled } from '../../../support/simulated-edge.ts';

let aws: SimulatedAws;

beforeEach(() => {
  aws = createSimulatedAws({ clock: new VirtualClock() });
});

const call = (operation: string, input: object = {}) =>
  callsTo(aws, 'cloudfront')(operation as never, input as never) as Promise<Record<string, unknown>>;

test('policies that AWS keeps are found by name on the pages of the list, and read by id', async () => {
  aws.world.pageSize = 1;
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const { CachePolicyList } = (await call('ListCachePolicies', { Type: 'managed', Marker })) as {
      CachePolicyList: {
        NextMarker?: string;
        Items: { Type: string; CachePolicy: { CachePolicyConfig: { Name: string } } }[];
      };
    };
    names.push(...CachePolicyList.Items.map(({ CachePolicy }) => CachePolicy.CachePolicyConfig.Name));
    Marker = CachePolicyList.NextMarker;
  } while (Marker !== undefined);
  expect(names).toContain('Managed-CachingOptimized');
  expect(await call('GetCachePolicy', { Id: cachingDisabled })).toMatchObject({
    CachePolicy: { CachePolicyConfig: { Name: 'Managed-CachingDisabled', MaxTTL: 0 } },
  });
});

test('nobody has policies of his own, and one of no id is refused', async () => {
  expect(await call('ListOriginRequestPolicies', { Type: 'custom' })).toMatchObject({
    OriginRequestPolicyList: { Quantity: 0 },
  });
  await expect(call('GetResponseHeadersPolicy', { Id: 'none' })).rejects.toMatchObject({
    code: 'NoSuchResponseHeadersPolicy',
  });
});
