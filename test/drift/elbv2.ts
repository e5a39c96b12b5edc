import { listener } from '../../operator/resources/elbv2/listener.ts';
import { loadBalancer } from '../../operator/resources/elbv2/load-balancer.ts';
import { targetGroup } from '../../operator/resources/elbv2/target-group.ts';
import { deleteLoadBalancer } from './demolition.ts';
import { alwaysSet, driftsOf, fixedInAws, flag, oneValue, refusedByAws, value, type Drift } from './drift.ts';
import { strangersCertificate, type Place } from './place.ts';

const balancer = (place: Place): string => place.id('loadBalancer/balancer');
const targets = (place: Place): string => place.id('loadBalancer/targets');
const https = (place: Place): string => place.id('loadBalancer/https');

const attributes = (what: string, Attributes: { Key: string; Value: string }[], more: Partial<Drift> = {}): Drift => ({
  what,
  make: (place) => place.elbv2('ModifyLoadBalancerAttributes', { LoadBalancerArn: balancer(place), Attributes }),
  ...more,
});
const logs = (values: Record<string, string>) =>
  Object.entries(values).map(([key, Value]) => ({ Key: `access_logs.s3.${key}`, Value }));

/** A subnet of somebody's in the third zone of the store's network. */
async function subnetInZoneC(place: Place): Promise<string> {
  const { Subnet } = await place.ec2('CreateSubnet', {
    ...{ VpcId: place.id('network/vpc'), CidrBlock: '10.20.240.0/20', AvailabilityZone: 'eu-central-1c' },
  });
  return Subnet?.SubnetId ?? '';
}

const removeZoneC = async (place: Place): Promise<void> => {
  const Filters = [{ Name: 'availability-zone', Values: ['eu-central-1c'] }];
  const { Subnets = [] } = await place.ec2('DescribeSubnets', { Filters });
  for (const { SubnetId, VpcId } of Subnets)
    if (VpcId === place.id('network/vpc')) await place.ec2('DeleteSubnet', { SubnetId });
};

const setSubnets = async (place: Place, ...Subnets: string[]) =>
  place.elbv2('SetSubnets', { LoadBalancerArn: balancer(place), Subnets });
const setGroups = async (place: Place, ...SecurityGroups: string[]) =>
  place.elbv2('SetSecurityGroups', { LoadBalancerArn: balancer(place), SecurityGroups });

export const loadBalancerDrifts = driftsOf(loadBalancer, {
  in: 'production',
  node: 'loadBalancer/balancer',
  properties: {
    subnetIds: {
      changed: {
        what: 'moved from a public subnet to an app subnet of the same zone',
        make: (place) => setSubnets(place, ...place.ids('network/app-a', 'network/public-b')),
      },
      removed: refusedByAws('AWS demands two zones', 'ValidationError', (place) =>
        setSubnets(place, place.id('network/public-a')),
      ),
      extra: {
        what: 'a subnet of a third zone',
        make: async (place) =>
          setSubnets(place, ...place.ids('network/public-a', 'network/public-b'), await subnetInZoneC(place)),
        tidy: removeZoneC,
      },
    },
    securityGroupIds: {
      changed: {
        what: 'another group',
        exposes: true,
        awsMinutes: 1, // Instances that could not be reached have to prove their health once more.
        make: (place) => setGroups(place, place.id('network/sg-app')),
      },
      removed: {
        what: 'no group, for which AWS takes the default one',
        exposes: true,
        awsMinutes: 1, // As above: the default group reaches no instance.
        make: (place) => setGroups(place),
      },
      extra: {
        what: 'one more group',
        exposes: true,
        make: (place) => setGroups(place, ...place.ids('network/sg-alb', 'network/sg-app')),
      },
    },
    scheme: fixedInAws('elbv2', 'LoadBalancerArn', 'Scheme'),
    deletionProtection: flag(attributes('turned off', [{ Key: 'deletion_protection.enabled', Value: 'false' }])),
    idleTimeoutSeconds: value(attributes('10 seconds', [{ Key: 'idle_timeout.timeout_seconds', Value: '10' }])),
    dropInvalidHeaders: flag(
      attributes('turned off', [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'false' }]),
    ),
    desyncMode: value(attributes('monitor', [{ Key: 'routing.http.desync_mitigation_mode', Value: 'monitor' }])),
    accessLogs: {
      changed: attributes('another bucket', logs({ bucket: 'somebodys-bucket', prefix: '' })),
      removed: attributes('turned off', logs({ enabled: 'false' })),
      extra: attributes('turned on where none are wanted', logs({ enabled: 'true', bucket: 'somebodys-bucket' }), {
        in: 'minimal',
        // The name of a bucket that is not written to stays behind: AWS keeps it.
        tidy: (place) =>
          place.elbv2('ModifyLoadBalancerAttributes', {
            LoadBalancerArn: balancer(place),
            Attributes: logs({ bucket: '' }),
          }),
      }),
    },
  },
  deleted: {
    what: 'deletion protection is turned off first; its listeners go with it, the names point to the new one',
    make: deleteLoadBalancer,
    awsMinutes: 10,
    writes: 30,
  },
});

const check = (what: string, input: object): Drift => ({
  what,
  make: (place) => place.elbv2('ModifyTargetGroup', { TargetGroupArn: targets(place), ...input }),
});
const targetAttributes = (what: string, ...Attributes: { Key: string; Value: string }[]): Drift => ({
  what,
  make: (place) => place.elbv2('ModifyTargetGroupAttributes', { TargetGroupArn: targets(place), Attributes }),
});

export const targetGroupDrifts = driftsOf(targetGroup, {
  in: 'production',
  node: 'loadBalancer/targets',
  properties: {
    vpcId: fixedInAws('elbv2', 'TargetGroupArn', 'VpcId'),
    port: fixedInAws('elbv2', 'TargetGroupArn', 'Port'),
    protocol: fixedInAws('elbv2', 'TargetGroupArn', 'Protocol'),
    targetType: fixedInAws('elbv2', 'TargetGroupArn', 'TargetType'),
    healthPath: {
      changed: check('another path', { HealthCheckPath: '/elsewhere' }),
      removed: check('the root, which is what AWS takes without one', { HealthCheckPath: '/' }),
      extra: check('a port of its own', { HealthCheckPort: '9999' }),
    },
    healthyThreshold: value(check('10 times', { HealthyThresholdCount: 10 })),
    unhealthyThreshold: value(check('10 times', { UnhealthyThresholdCount: 10 })),
    intervalSeconds: value(check('every 5 minutes', { HealthCheckIntervalSeconds: 300 })),
    timeoutSeconds: value(check('2 seconds', { HealthCheckTimeoutSeconds: 2 })),
    matcher: value(check('500 is healthy', { Matcher: { HttpCode: '200-500' } })),
    stickinessEnabled: {
      changed: targetAttributes('turned off', { Key: 'stickiness.enabled', Value: 'false' }),
      removed: alwaysSet,
      extra: {
        ...targetAttributes(
          "by a cookie of the application's",
          { Key: 'stickiness.type', Value: 'app_cookie' },
          { Key: 'stickiness.app_cookie.cookie_name', Value: 'SESSION' },
        ),
        // AWS keeps the name of a cookie that is not used.
        tidy: (place) => targetAttributes('', { Key: 'stickiness.app_cookie.cookie_name', Value: '' }).make(place),
      },
    },
    stickinessSeconds: value(
      targetAttributes('a minute', { Key: 'stickiness.lb_cookie.duration_seconds', Value: '60' }),
    ),
    deregistrationDelaySeconds: value(
      targetAttributes('none', { Key: 'deregistration_delay.timeout_seconds', Value: '0' }),
    ),
  },
  deleted: {
    what: 'the listener that forwards to it is given another action first, and its rules go',
    make: async (place) => {
      const { action } = elsewhere;
      for (const { type, id: RuleArn } of place.store.last?.nodes ?? [])
        if (type === 'elbv2/listener-rule') await place.elbv2('DeleteRule', { RuleArn });
      await place.elbv2('ModifyListener', { ListenerArn: https(place), DefaultActions: [action] });
      await place.elbv2('DeleteTargetGroup', { TargetGroupArn: targets(place) });
    },
    awsMinutes: 5,
    // Changing rules that are gone is tried until two lists lack them.
    writes: 48,
  },
});

const elsewhere = {
  action: {
    Type: 'redirect',
    RedirectConfig: { Protocol: 'HTTPS', Host: 'other.example.com', StatusCode: 'HTTP_302' },
  },
} as const;

const modify = (what: string, input: (place: Place) => object, more: Partial<Drift> = {}): Drift => ({
  what,
  make: (place) => place.elbv2('ModifyListener', { ListenerArn: https(place), ...input(place) }),
  ...more,
});

const modifyHttp = (what: string, input: (place: Place) => object): Drift =>
  modify(what, input, {
    make: (place) => place.elbv2('ModifyListener', { ListenerArn: place.id('loadBalancer/http'), ...input(place) }),
  });

export const listenerDrifts = driftsOf(listener, {
  in: 'production',
  node: 'loadBalancer/https',
  properties: {
    loadBalancerArn: fixedInAws('elbv2', 'ListenerArn', 'LoadBalancerArn'),
    port: value(modify('8443', () => ({ Port: 8443 }))),
    protocol: value(modify('HTTP: no TLS any more', () => ({ Protocol: 'HTTP' }))),
    certificateArn: {
      changed: modify("somebody's certificate", () => ({ Certificates: [{ CertificateArn: strangersCertificate }] })),
      removed: alwaysSet,
      extra: {
        what: 'one more certificate, for other names',
        ends: 'left',
        why: 'the default one stays ours; further ones serve names of their own',
        make: (place) =>
          place.elbv2('AddListenerCertificates', {
            ListenerArn: https(place),
            Certificates: [{ CertificateArn: strangersCertificate }],
          }),
        tidy: (place) =>
          place.elbv2('RemoveListenerCertificates', {
            ListenerArn: https(place),
            Certificates: [{ CertificateArn: strangersCertificate }],
          }),
      },
    },
    sslPolicy: {
      changed: modify('TLS 1.0 allowed', () => ({ SslPolicy: 'ELBSecurityPolicy-2016-08' })),
      removed: alwaysSet,
      extra: oneValue,
    },
    action: {
      changed: modify('redirected elsewhere', () => ({ DefaultActions: [elsewhere.action] })),
      removed: refusedByAws('AWS demands an action', 'InvalidLoadBalancerAction', (place) =>
        place.elbv2('ModifyListener', { ListenerArn: https(place), DefaultActions: [] }),
      ),
      extra: {
        what: 'forwarded to one more group',
        make: async (place) => {
          const { TargetGroups: [other] = [] } = await place.elbv2('CreateTargetGroup', {
            ...{
              Name: 'somebodys',
              VpcId: place.id('network/vpc'),
              Port: 80,
              Protocol: 'HTTP',
              TargetType: 'instance',
            },
          });
          const groups = [targets(place), other?.TargetGroupArn];
          await place.elbv2('ModifyListener', {
            ListenerArn: https(place),
            DefaultActions: [
              {
                Type: 'forward',
                ForwardConfig: {
                  TargetGroups: groups.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 1 })),
                  TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
                },
              },
            ],
          });
        },
        tidy: async (place) => {
          const { TargetGroups: [other] = [] } = await place.elbv2('DescribeTargetGroups', { Names: ['somebodys'] });
          await place.elbv2('DeleteTargetGroup', { TargetGroupArn: other?.TargetGroupArn });
        },
      },
    },
  },
  more: [
    {
      property: 'action',
      kind: 'changed',
      drift: modifyHttp('the application answers without TLS', (place) => ({
        DefaultActions: [{ Type: 'forward', TargetGroupArn: targets(place) }],
      })),
    },
    { property: 'port', kind: 'changed', drift: modifyHttp('8080', () => ({ Port: 8080 })) },
    {
      property: 'protocol',
      kind: 'changed',
      drift: modifyHttp('HTTPS where HTTP redirects', () => ({
        ...{ Protocol: 'HTTPS', Certificates: [{ CertificateArn: strangersCertificate }] },
      })),
    },
  ],
  deleted: {
    what: 'made again',
    make: (place) => place.elbv2('DeleteListener', { ListenerArn: https(place) }),
    awsMinutes: 1,
    // The rules for signing in went with it.
    writes: 13,
  },
});
