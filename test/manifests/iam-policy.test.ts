import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { operations } from '../../operator/model/operations.ts';
import { actionOf, iamPolicies, iamPolicy, implied } from '../../scripts/iam-policy.ts';

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

interface Policy {
  readonly Statement: readonly Statement[];
}

const policies = readdirSync('manifests/iam').map(
  (file) => JSON.parse(readFileSync(`manifests/iam/${file}`, 'utf8')) as Policy,
);
const policy: Policy = { Statement: policies.flatMap(({ Statement }) => Statement) };
const granted = new Set(policy.Statement.flatMap(({ Action }) => Action));
const called = Object.entries(operations).flatMap(([service, listed]) =>
  Object.keys(listed).map((operation) => actionOf(service, operation)),
);

describe("the IAM policy of the operator's role", () => {
  test('grants every call the code can make', () => {
    expect(called.filter((action) => !granted.has(action))).toEqual([]);
  });

  test('grants nothing else but what AWS asks of the caller on the way', () => {
    const extra = [...granted].filter((action) => !called.includes(action) && !(implied as readonly string[]).includes(action));
    expect(extra).toEqual([]);
  });

  test.each([
    ['elbv2', 'CreateListener', 'elasticloadbalancing:CreateListener'],
    ['s3', 'PutPublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
    ['s3', 'HeadBucket', 's3:ListBucket'],
    ['s3', 'PutBucketPolicy', 's3:PutBucketPolicy'],
    ['cognito-idp', 'CreateUserPool', 'cognito-idp:CreateUserPool'],
  ])("%s:%s is an action of IAM's own name", (service, operation, action) => {
    expect(actionOf(service, operation)).toBe(action);
  });

  test('has no wildcard among its actions', () => {
    expect([...granted].filter((action) => action.includes('*'))).toEqual([]);
  });

  test('changes EC2, balancers, groups and certificates only under the owner tag', () => {
    for (const sid of ['Ec2ChangeOwn', 'BalancerChangeOwn', 'GroupChangeOwn', 'CertificateChangeOwn', 'DatabaseChangeOwn'])
      expect(policy.Statement.find(({ Sid }) => Sid === sid)?.Condition).toEqual({
        StringEquals: { 'aws:ResourceTag/ecom.io/installation': 'default' },
      });
  });

  test("changes of RDS's log groups nothing but how long they keep what they have, and no others than RDS's and ours", () => {
    const ofLogs = policy.Statement.filter(({ Action }) => Action.includes('logs:PutRetentionPolicy'));
    const [own, ...others] = ofLogs.map(({ Action, Resource }) => ({ Action, Resource })).sort((a, b) => b.Action.length - a.Action.length);
    expect(own?.Resource).toBe('arn:aws:logs:*:*:log-group:/ecom/*');
    expect(others).toEqual([
      { Action: ['logs:PutRetentionPolicy'], Resource: 'arn:aws:logs:*:*:log-group:/aws/rds/instance/*' },
    ]);
  });

  test('is written for the installation that asks', () => {
    expect(JSON.stringify(iamPolicy('blue'))).toContain('role/ecom/blue/*');
  });

  test('of an installation with a permissions boundary takes it from no role', () => {
    const under = iamPolicies('blue', { boundary: 'arn:aws:iam::111122223333:policy/ceiling' });
    const actions = under.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    expect(called.filter((action) => !actions.includes(action))).toEqual(['iam:DeleteRolePermissionsBoundary']);
    for (const one of under) expect(JSON.stringify(one).length).toBeLessThanOrEqual(6_144);
  });

  test('has room for the ids of many zones', () => {
    const about = policies.find(({ Statement }) => Statement.some(({ Sid }) => Sid === 'Names'));
    expect(JSON.stringify(about).length).toBeLessThan(6_144 - 50 * 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ'.length);
  });

  test('fits into managed policies (6,144 characters each, ten to a role)', () => {
    for (const one of policies) expect(JSON.stringify(one).length).toBeLessThanOrEqual(6_144);
    expect(policies.length).toBeLessThanOrEqual(10);
  });
});
