import { sslPolicies } from '../../../simulator/aws/elbv2/ssl-policies.ts';
import { tlsPolicies } from '../../../operator/store/schema/load-balancer.ts';
import { describe, expect, test } from 'vitest';
import { listener } from '../../../operator/resources/elbv2/listener.ts';
import { loadBalancer } from '../../../operator/resources/elbv2/load-balancer.ts';
import { targetGroup } from '../../../operator/resources/elbv2/target-group.ts';
import type { Aws } from '../../../operator/model/ports.ts';
import { makeSignIn } from '../../support/sign-in.ts';
import { Court, laws, owner, region } from '../laws.ts';
import { certificate, groundOfListener, groundOfLoadBalancer, groundOfTargetGroup, vpcIds } from './ground.ts';

const inThirdZone = async (court: Court, beside: readonly string[]): Promise<string> => {
  const { Subnets } = await court.other<{ Subnets: { VpcId: string }[] }>('ec2', 'DescribeSubnets', {
    SubnetIds: beside,
  });
  const input = { VpcId: Subnets[0]?.VpcId, CidrBlock: '10.0.9.0/24', AvailabilityZone: `${region}c` };
  return (await court.other<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', input)).Subnet.SubnetId;
};

laws(loadBalancer, {
  ground: groundOfLoadBalancer,
  live: {
    subnetIds: async ({ subnetIds }, court) => [...subnetIds, await inThirdZone(court, subnetIds)].sort(),
    securityGroupIds: async ({ subnetIds }, court) => {
      const { Subnets } = await court.other<{ Subnets: { VpcId: string }[] }>('ec2', 'DescribeSubnets', {
        SubnetIds: subnetIds,
      });
      const input = { GroupName: 'another', Description: 'another', VpcId: Subnets[0]?.VpcId };
      return [(await court.other<{ GroupId: string }>('ec2', 'CreateSecurityGroup', input)).GroupId];
    },
    deletionProtection: () => false,
    idleTimeoutSeconds: () => 30,
    dropInvalidHeaders: () => false,
    desyncMode: () => 'strictest' as const,
    accessLogs: () => ({ bucket: 'logs', prefix: 'shop' }),
  },
  fixed: { scheme: 'internal' },
  foreign: async (court, { subnetIds, securityGroupIds }) =>
    void (await court.other('elbv2', 'CreateLoadBalancer', {
      Name: court.birth().name,
      Subnets: subnetIds,
      SecurityGroups: securityGroupIds,
    })),
});

laws(targetGroup, {
  ground: groundOfTargetGroup,
  live: {
    healthPath: () => '/up',
    healthyThreshold: () => 5,
    unhealthyThreshold: () => 2,
    intervalSeconds: () => 30,
    timeoutSeconds: () => 4,
    matcher: () => '200-399',
    stickinessEnabled: () => false,
    stickinessSeconds: () => 60,
    deregistrationDelaySeconds: () => 0,
  },
  fixed: { vpcId: 'vpc-other', port: 80, protocol: 'HTTPS', targetType: 'ip' },
  foreign: async (court, { vpcId }) =>
    void (await court.other('elbv2', 'CreateTargetGroup', {
      Name: court.birth().name,
      Port: 8080,
      Protocol: 'HTTP',
      VpcId: vpcId,
    })),
});

laws(listener, {
  ground: groundOfListener,
  live: {
    port: () => 8443,
    certificateArn: () => certificate('two'),
    sslPolicy: () => 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    action: () => ({ redirect: { protocol: 'HTTPS', port: '8443', statusCode: 'HTTP_301' } as const }),
  },
  // With the protocol its certificate and policy come and go: test/drift/elbv2.ts.
  notDrifted: ['protocol'],
  fixed: { loadBalancerArn: 'arn:other' },
  foreign: async (court, { loadBalancerArn, action }) =>
    void (await court.other('elbv2', 'CreateListener', {
      LoadBalancerArn: loadBalancerArn,
      Port: 443,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: 'forward' in action ? action.forward : '' }],
    })),
});

describe('load balancing', () => {
  test('tells a load balancer that is being set up as pending', async () => {
    const court = new Court(loadBalancer);
    const made = await loadBalancer.create(court.aws, await groundOfLoadBalancer(court), court.birth());
    expect(made.state).toEqual({ is: 'pending', reason: 'load balancer is provisioning' });
  });

  test('asks for the tags of an ARN only once', async () => {
    const court = new Court(targetGroup);
    await court.settle(await groundOfTargetGroup(court));
    const before = court.cloud.sent.length;
    for await (const page of targetGroup.list(court.aws, court.scope({ known: () => owner })))
      expect(page).toMatchObject([{ owner }]);
    expect(court.cloud.sent.slice(before).map(({ operation }) => operation)).toEqual(['DescribeTargetGroups']);
  });

  test('takes stickiness by another cookie for drift', async () => {
    const court = new Court(targetGroup);
    const props = await groundOfTargetGroup(court);
    const { id } = await court.settle(props);
    await court.other('elbv2', 'ModifyTargetGroupAttributes', {
      TargetGroupArn: id,
      Attributes: [
        { Key: 'stickiness.type', Value: 'app_cookie' },
        { Key: 'stickiness.app_cookie.cookie_name', Value: 'session' },
      ],
    });
    const [found] = await court.own(props);
    expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['stickinessEnabled'] });
    await court.settle(props);
  });

  test('takes an action of a kind it never asks for for drift', async () => {
    const court = new Court(listener);
    const props = await groundOfListener(court);
    const { id } = await court.settle(props);
    await court.other('elbv2', 'ModifyListener', {
      ListenerArn: id,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    });
    const [found] = await court.own(props);
    expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['action'] });
    await court.settle(props);
  });

  test('finds no listeners below a load balancer that is gone', async () => {
    const court = new Court(listener);
    const props = await groundOfListener(court);
    await court.settle(props);
    await loadBalancer.delete(court.aws, { id: props.loadBalancerArn } as never);
    expect(await court.list(props)).toEqual([]);
  });

  test('takes an action beside the one it wants for drift', async () => {
    const court = new Court(listener);
    const props = await groundOfListener(court);
    const { id } = await court.settle(props);
    const AuthenticateCognitoConfig = await makeSignIn(court.simulated);
    await court.other('elbv2', 'ModifyListener', {
      ListenerArn: id,
      DefaultActions: [
        { Type: 'authenticate-cognito', Order: 1, AuthenticateCognitoConfig },
        { Type: 'forward', Order: 2, TargetGroupArn: 'forward' in props.action ? props.action.forward : '' },
      ],
    });
    const [found] = await court.own(props);
    expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['action'] });
    await court.settle(props);
  });

  test('reads lists of several to their last page', async () => {
    const court = new Court(listener);
    const props = await groundOfListener(court);
    await listener.create(court.aws, props, court.birth());
    await listener.create(court.aws, { ...props, port: 8443 }, court.birth());
    const [vpcId] = await vpcIds(court);
    const ground = await groundOfTargetGroup(new Court(targetGroup));
    await targetGroup.create(court.aws, { ...ground, vpcId: vpcId as string }, court.birth('second'));
    const { subnetIds, securityGroupIds, ...rest } = await groundOfLoadBalancer(court);
    await loadBalancer.create(court.aws, { ...rest, subnetIds, securityGroupIds }, court.birth('second'));
    court.simulated.world.pageSize = 1;
    for (const type of [listener, loadBalancer, targetGroup]) {
      const scope = court.scope({ parents: [props.loadBalancerArn] });
      const found = [];
      for await (const page of type.list(court.aws, scope)) found.push(...page);
      expect([type.name, found.length]).toEqual([type.name, 2]);
    }
  });
});

describe('a target group', () => {
  const ofStates = (states: readonly string[]): Aws => {
    const told = (State: string) => (State === 'unhealthy' ? { State, Description: 'Request timed out' } : { State });
    const TargetHealthDescriptions = states.map((State) => ({ TargetHealth: told(State) }));
    return { elbv2: () => Promise.resolve({ TargetHealthDescriptions }) } as unknown as Aws;
  };
  const found = { id: 'arn', owner, state: { is: 'ready' }, props: {}, outputs: {} } as const;

  test.each([
    [['healthy'], undefined],
    [['healthy', 'healthy', 'draining'], undefined],
    [['healthy', 'unused'], undefined],
    [[], '0 of 0 targets are healthy'],
    [['draining'], '0 of 0 targets are healthy'],
    [['unused', 'unused'], '0 of 0 targets are healthy'],
    [['healthy', 'initial'], '1 of 2 targets are healthy'],
    [['healthy', 'unhealthy'], '1 of 2 targets are healthy (Request timed out)'],
  ])('of which the targets are %j does not serve because: %s', async (states, why) => {
    expect(await targetGroup.whyNotServing?.(ofStates(states), found)).toBe(why);
  });
});

test('every security policy that a store may name is one that AWS has', () => {
  expect(Object.keys(sslPolicies)).toEqual(expect.arrayContaining([...tlsPolicies]));
});
