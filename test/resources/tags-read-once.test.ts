import { describe, expect, test } from 'vitest';
import type { AnyResourceType } from '../../operator/model/resource-type.ts';
import { certificate } from '../../operator/resources/acm/certificate.ts';
import { alarm } from '../../operator/resources/cloudwatch/alarm.ts';
import { dashboard } from '../../operator/resources/cloudwatch/dashboard.ts';
import { instanceProfile } from '../../operator/resources/iam/instance-profile.ts';
import { role } from '../../operator/resources/iam/role.ts';
import { logGroup } from '../../operator/resources/logs/group.ts';
import { healthCheck } from '../../operator/resources/route53/health-check.ts';
import { hostedZone } from '../../operator/resources/route53/hosted-zone.ts';
import { topic } from '../../operator/resources/sns/topic.ts';
import { parameter } from '../../operator/resources/ssm/parameter.ts';
import { topicPolicyOf } from './sns/ground.ts';
import { Court, owner } from './laws.ts';

const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const cpu = { namespace: 'AWS/RDS', name: 'CPU', dimensions: {}, statistic: 'Average', periodSeconds: 60 };

/** Types whose lists tell no tags, with the reads that a list of what is known takes. */
const types: readonly (readonly [AnyResourceType, object, readonly string[]])[] = [
  [
    role,
    { description: '', trustPolicy, inlinePolicies: {}, managedPolicyArns: [], permissionsBoundaryArn: null },
    ['iam:ListRoles'],
  ],
  [instanceProfile, { roleName: 'app' }, ['iam:ListInstanceProfiles']],
  [certificate, { domainName: 'shop.example.com', alternativeNames: [] }, ['acm:ListCertificates']],
  [
    healthCheck,
    {
      ...{ type: 'HTTPS', host: 'shop.test', path: '/', port: 443, intervalSeconds: 30, failureThreshold: 3 },
      ...{ measureLatency: false, sni: true, inverted: false, disabled: false, regions: [] },
    },
    ['route53:ListHealthChecks'],
  ],
  [dashboard, { widgets: [] }, ['cloudwatch:ListDashboards']],
  [
    alarm,
    {
      ...{ title: 'ecom/shops/acme/cpu', description: '', expression: 'value', metrics: { value: cpu } },
      ...{ comparison: 'GreaterThanThreshold', threshold: 80, periods: 1, datapoints: 1, missingData: 'missing' },
      ...{ ignoresFewSamples: false, actionsEnabled: true, alarmActions: [], okActions: [], noDataActions: [] },
    },
    ['cloudwatch:DescribeAlarms'],
  ],
  [hostedZone, { name: 'example.com' }, ['route53:ListHostedZones']],
  [
    parameter,
    { name: '/ecom/shops/acme/host', value: 'x', description: '' },
    ['ssm:DescribeParameters', 'ssm:GetParameters'],
  ],
  [
    topic,
    { name: 'acme-orders', displayName: '', policy: topicPolicyOf('acme-orders'), kmsKey: null, signatureVersion: '2' },
    ['sns:ListTopics'],
  ],
  [logGroup, { name: '/ecom/shops/acme/app', retentionDays: 30 }, ['logs:DescribeLogGroups']],
];

describe.each(types.map(([type, props, reads]) => ({ name: type.name, type, props, reads })))(
  'a list of $name',
  ({ type, props, reads }) => {
    const listAs = async (known: typeof owner | 'foreign' | undefined) => {
      const court = new Court(type);
      await type.create(court.aws, props, court.birth());
      const before = court.cloud.sent.length;
      const found = [];
      for await (const page of type.list(court.aws, court.scope({ known: () => known }))) found.push(...page);
      const sent = court.cloud.sent.slice(before).map(({ service, operation }) => `${service}:${operation}`);
      return { owners: found.map((one) => one.owner), sent };
    };

    test('asks whose it is of what it has never read', async () => {
      const { owners, sent } = await listAs(undefined);
      expect(owners).toEqual([owner]);
      expect(sent.length).toBe(reads.length + 1);
    });

    test('asks nothing more of what it knows', async () => {
      expect(await listAs(owner)).toEqual({ owners: [owner], sent: reads });
    });

    test('asks nothing more of what it knows to be of somebody else', async () => {
      const { sent } = await listAs('foreign');
      expect(sent).toEqual(reads.slice(0, 1));
    });
  },
);
