import { describe, expect, test } from 'vitest';
import { healthCheck, type HealthCheckProps } from '../../../operator/resources/route53/health-check.ts';
import { Court, laws, owner } from '../laws.ts';

const props: HealthCheckProps = {
  type: 'HTTPS',
  host: 'shop.test',
  path: '/healthz',
  port: 443,
  intervalSeconds: 30,
  failureThreshold: 3,
  measureLatency: false,
  sni: true,
  inverted: false,
  disabled: false,
  regions: [],
};

laws(healthCheck, {
  ground: () => Promise.resolve(props),
  live: {
    host: () => 'www.shop.test',
    path: () => '/',
    port: () => 8443,
    failureThreshold: () => 5,
    sni: () => false,
    inverted: () => true,
    disabled: () => true,
    regions: () => ['eu-west-1', 'us-east-1', 'us-west-2'],
  },
  fixed: { type: 'HTTP', intervalSeconds: 10, measureLatency: true },
});

const everywhere = [
  ...['us-east-1', 'us-west-1', 'us-west-2', 'eu-west-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'],
  'sa-east-1',
];

describe('a health check', () => {
  test('that died before it had tags is known by its caller reference, and is not made twice', async () => {
    const court = new Court(healthCheck);
    court.simulated.world.faults.add({ operation: 'ChangeTagsForResource', count: 1, error: 'reset' });
    await expect(healthCheck.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'transient' });
    const [found] = await court.own(props);
    expect(found?.owner).toMatchObject({ uid: owner.uid, node: owner.node, installation: owner.installation });
    await healthCheck.create(court.aws, props, court.birth());
    const owned = await court.own(props);
    expect(owned.map((one) => one.owner)).toEqual([owner]);
  });

  test('whose owner tags somebody has taken off is foreign, whatever its caller reference says', async () => {
    const court = new Court(healthCheck);
    const { id: ResourceId } = await court.settle(props);
    const RemoveTagKeys = ['ecom.io/uid', 'ecom.io/node'];
    await court.other('route53', 'ChangeTagsForResource', { ResourceType: 'healthcheck', ResourceId, RemoveTagKeys });
    expect((await court.list(props)).map((one) => one.owner)).toEqual([undefined]);
  });

  test('asked from every region that there is is asked from everywhere', async () => {
    const court = new Court(healthCheck);
    const { id: HealthCheckId } = await court.settle(props);
    await court.other('route53', 'UpdateHealthCheck', { HealthCheckId, Regions: everywhere });
    const [found] = await court.own(props);
    expect(court.decide(props, found)).toEqual({ do: 'nothing' });
  });

  test('that somebody changes while we do is not overwritten unread', async () => {
    const court = new Court(healthCheck);
    const found = (await court.settle(props)) as never;
    court.simulated.world.faults.add({
      operation: 'UpdateHealthCheck',
      count: 1,
      error: { code: 'HealthCheckVersionMismatch', status: 409 },
    });
    const update = healthCheck.update(court.aws, found, { ...props, path: '/' }, new Set(['path']));
    await expect(update).rejects.toMatchObject({ kind: 'busy' });
  });

  test("of somebody else's is nobody's of ours", async () => {
    const court = new Court(healthCheck);
    await court.other('route53', 'CreateHealthCheck', {
      CallerReference: 'terraform-20260101',
      HealthCheckConfig: { Type: 'TCP', IPAddress: '192.0.2.1', Port: 22 },
    });
    expect((await court.list(props)).map((one) => one.owner)).toEqual([undefined]);
  });
});
