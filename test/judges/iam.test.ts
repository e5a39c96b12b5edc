import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { operations, type ActionClass } from '../../operator/model/operations.ts';
import { compose } from '../../operator/store/compose.ts';
import { withDefaults } from '../../operator/store/spec.ts';
import { actionOf, iamPolicies, implied } from '../../scripts/iam-policy.ts';
import { roleBoundary } from '../../scripts/role-boundary.ts';
import { minimal } from '../store/bad-manifests.ts';
import { actionNamed, arnOf, everyAction, judgeOf, keysOf, type Action, type Context } from './access.ts';
import { describeJudged } from './judge.ts';

interface Policy {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Action: readonly string[];
    readonly Condition?: Record<string, Record<string, unknown>>;
  }[];
}

const policies = readdirSync('manifests/iam').map(
  (file) => JSON.parse(readFileSync(`manifests/iam/${file}`, 'utf8')) as Policy,
);

const called = Object.entries(operations).flatMap(([service, listed]) =>
  Object.entries(listed as Record<string, ActionClass>).map(([operation, kind]) => ({
    ...{ operation, kind },
    action: actionOf(service, operation),
  })),
);
const writes = called.filter(({ kind }) => kind === 'write');

/** The types of resources that stores are made of, of all that an action may be about. */
const ours = new Set([
  ...['vpc', 'subnet', 'internet-gateway', 'elastic-ip', 'natgateway', 'route-table', 'security-group'],
  ...['vpc-endpoint', 'vpc-flow-log', 'launch-template', 'autoScalingGroup', 'loadbalancer', 'loadbalancer/app/'],
  ...['targetgroup', 'listener/app', 'listener-rule/app', 'role', 'instance-profile', 'certificate', 'hostedzone'],
  ...['parameter', 'log-group', 'subgrp', 'pg', 'db', 'snapshot', 'userpool'],
  ...['bucket', 'object', 'distribution', 'vpcorigin', 'origin-access-control'],
  ...[
    'topic',
    'queue',
    'function',
    'cluster',
    'replicationgroup',
    'parametergroup',
    'subnetgroup',
    'user',
    'usergroup',
  ],
  ...['alarm', 'dashboard', 'healthcheck', 'Secret'],
]);

/** The names that IAM goes by where it cannot go by tags. */
const ownNames = {
  RoleNameWithPath: 'ecom/default/acme-role',
  InstanceProfileNameWithPath: 'ecom/default/acme-profile',
  ParameterNameWithoutLeadingSlash: 'ecom/shops/acme/host',
  LogGroupName: '/ecom/shops/acme/app',
  BucketName: 'ecom-acme-bucket',
  AlarmName: 'ecom/shops/acme/latency-0a1b2c3d',
  DashboardName: 'ecom-shops-acme-0a1b2c3d',
  SecretId: 'ecom-acme-password-0a1b2c3d-AbCdEf',
};
const foreignNames = {
  RoleNameWithPath: 'admin',
  InstanceProfileNameWithPath: 'admin',
  ParameterNameWithoutLeadingSlash: 'payroll/key',
  LogGroupName: '/aws/lambda/payroll',
  BucketName: 'payroll',
  AlarmName: 'payroll',
  DashboardName: 'payroll',
  SecretId: 'payroll-AbCdEf',
};

const [ourSecretArn, theirSecretArn] = [ownNames, foreignNames].map(
  ({ SecretId }) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${SecretId}`,
) as [string, string];
const secretOfPeople = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ecom/shops/acme/payment-AbCdEf';
const roleArn = 'arn:aws:iam::111122223333:role/ecom/default/acme-role';
const adminArn = 'arn:aws:iam::111122223333:role/admin';
const ceiling = 'arn:aws:iam::111122223333:policy/ecom-boundary';
const vpcArn = 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-0a1b2c3d4e5f60718';
const secretOfRds = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d-AbCdEf';
const instanceArn = 'arn:aws:ec2:eu-central-1:111122223333:instance/i-0a1b2c3d4e5f60718';
const anyArn = 'arn:aws:service:eu-central-1:111122223333:x/y';

const makes = /:(Create|Allocate|Request|Restore)(?!Tags|OrUpdateTags)/;
const tag = 'ecom.io/installation';

/** Of all that the action may be about, what it is about when the operator asks for it. */
const about: Readonly<Record<string, readonly string[]>> = {
  'ec2:CreateFlowLogs': ['vpc-flow-log', 'vpc'],
};

/** What a call is about: the resources that AWS asks for, one by one; where none can be named, everything. */
function resourcesOf({ name, resourceTypes }: Action, names: Readonly<Record<string, string>>) {
  const service = name.slice(0, name.indexOf(':'));
  const types = resourceTypes.filter((type) => about[name]?.includes(type.name) ?? ours.has(type.name));
  if (resourceTypes.length > 0 && types.length === 0 && !makes.test(name))
    throw new Error(`which resource of ours is ${name} about? ${resourceTypes.map((type) => type.name).join(', ')}`);
  if (types.length === 0) return [{ type: undefined, arn: '*' }];
  return types.map((type) => ({ type: type.name, arn: arnOf(service, type.name, names) }));
}

/** Something that the action can be about. */
const anyResourceOf = ({ name, resourceTypes: [first] }: Action): string =>
  first ? arnOf(name.slice(0, name.indexOf(':')), first.name, ownNames) : '*';

/** The tags that AWS tells IAM about when it is judged for the type; those of a resource that exists, if it does. */
function tagsTold(action: Action, type: string | undefined, tags: { born?: string; has?: string }): Context {
  const keys = keysOf(action, type);
  const made = makes.test(action.name) && keys.has('aws:RequestTag/${TagKey}');
  return {
    ...(keys.has('aws:RequestTag/${TagKey}') && tags.born !== undefined
      ? { [`aws:RequestTag/${tag}`]: tags.born }
      : {}),
    ...(!made && keys.has('aws:ResourceTag/${TagKey}') && tags.has !== undefined
      ? { [`aws:ResourceTag/${tag}`]: tags.has }
      : {}),
  };
}

/** What cannot be kept to the stores' own, and why. */
const unbounded: Readonly<Record<string, string>> = {
  'ec2:RevokeSecurityGroupIngress': 'the default group of a VPC has no tags; it is emptied',
  'ec2:RevokeSecurityGroupEgress': 'the default group of a VPC has no tags; it is emptied',
  'cloudfront:CreateOriginAccessControl': 'access controls have no tags, and hold nothing',
  'cloudfront:UpdateOriginAccessControl': 'as CreateOriginAccessControl',
  'cloudfront:DeleteOriginAccessControl': 'as CreateOriginAccessControl; one in use is not deleted',
  'route53:CreateHostedZone': 'a zone is made without tags, and Route 53 tells IAM no tags of requests',
  'route53:DeleteHostedZone': 'Route 53 tells IAM no tags: manifests/iam says to name the zones of the stores',
  'route53:ChangeResourceRecordSets': 'as DeleteHostedZone',
  'route53:AssociateVPCWithHostedZone': "as DeleteHostedZone; ids of the stores' VPCs are not known before",
  'route53:ChangeTagsForResource': 'as DeleteHostedZone',
  'route53:CreateHealthCheck': 'as CreateHostedZone',
  'route53:UpdateHealthCheck': 'Route 53 tells IAM no tags, and chooses the id',
  'route53:DeleteHealthCheck': 'as UpdateHealthCheck',
  'sns:Unsubscribe': 'subscriptions have no tags, and IAM is told nothing of their topic',
};

describeJudged("what the operator's role may do, by AWS's service authorization reference", () => {
  let allows: ReturnType<typeof judgeOf>;

  beforeAll(() => {
    allows = judgeOf(policies);
  });

  const denied = (name: string, names: Readonly<Record<string, string>>, tags: { born?: string; has?: string }) => {
    const action = actionNamed(name);
    return resourcesOf(action, names)
      .filter(({ type, arn }) => !allows(name, arn, tagsTold(action, type, tags)))
      .map(({ type, arn }) => type ?? arn);
  };

  test('conditions are such as the evaluator understands: one key to an operator', () => {
    const operators = policies.flatMap(({ Statement }) =>
      Statement.flatMap(({ Condition = {} }) => Object.values(Condition)),
    );
    expect(operators.filter((keys) => Object.keys(keys).length !== 1)).toEqual([]);
  });

  test('every call of the code is allowed on what is its own', () => {
    const refused = called.map(({ action }) => [action, denied(action, ownNames, { born: 'default', has: 'default' })]);
    expect(refused.filter(([, types]) => types?.length)).toEqual([]);
  });

  describe.each([
    ['without tags', {}],
    ["with another installation's tags", { born: 'other', has: 'other' }],
  ])('resources %s', (_title, tags) => {
    test('are not made, changed or deleted', () => {
      const reached = writes.filter(({ action }) => denied(action, foreignNames, tags).length === 0);
      expect(reached.map(({ action }) => action).sort()).toEqual(Object.keys(unbounded).sort());
    });

    test('are no part of a change, although the rest of it is our own', () => {
      const parts = writes
        .filter(({ action }) => !makes.test(action) && !(action in unbounded))
        .flatMap(({ action }) => {
          const needed = actionNamed(action).resourceTypes.filter(({ name, required }) => required && ours.has(name));
          const refused = denied(action, foreignNames, tags);
          return needed.filter(({ name }) => !refused.includes(name)).map(({ name }) => `${action} on ${name}`);
        });
      expect(parts).toEqual([]);
    });
  });

  test('of the log groups that RDS makes nothing is changed but how long they keep what they have', () => {
    const groupOf = (name: string) => ({ ...foreignNames, LogGroupName: name });
    const allowedOn = (name: string) =>
      writes.flatMap(({ action }) =>
        action.startsWith('logs:') && denied(action, groupOf(name), {}).length === 0 ? [action] : [],
      );
    expect(allowedOn('/aws/rds/instance/acme-primary-0a1b2c3d/error')).toEqual(['logs:PutRetentionPolicy']);
    expect(allowedOn('/aws/rds/cluster/payroll/error')).toEqual([]);
  });

  test("what is our own is made in a VPC of the user's", () => {
    const inside = ['CreateSecurityGroup', 'CreateVpcEndpoint', 'CreateFlowLogs'];
    for (const operation of inside) expect(denied(`ec2:${operation}`, ownNames, { born: 'default' })).toEqual([]);
  });

  test.each([
    ['database-reader.acme.shops.ecom.internal', true],
    ['shop.example.com', false],
    ['ecom.internal.example.com', false],
  ])(
    'a role that is narrowed to the zones of its stores still writes the names inside them: %s, %s',
    (name, allowed) => {
      const narrowed = judgeOf(
        policies.map((policy) => ({ ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== 'Names') })),
      );
      const context = { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': name };
      const zone = 'arn:aws:route53:::hostedzone/ZPRIVATE';
      expect(narrowed('route53:ChangeResourceRecordSets', zone, context)).toBe(allowed);
    },
  );

  test.each([
    // What AWS asks of the caller of another action, and what would be too much.
    ['iam:PassRole', roleArn, { 'iam:PassedToService': 'ec2.amazonaws.com' }, true],
    ['iam:PassRole', roleArn, { 'iam:PassedToService': 'lambda.amazonaws.com' }, true],
    ['iam:PassRole', roleArn, { 'iam:PassedToService': 'glue.amazonaws.com' }, false],
    ['iam:PassRole', adminArn, { 'iam:PassedToService': 'ec2.amazonaws.com' }, false],
    ['iam:PassRole', adminArn, { 'iam:PassedToService': 'lambda.amazonaws.com' }, false],
    ['iam:CreateServiceLinkedRole', anyArn, { 'iam:AWSServiceName': 'autoscaling.amazonaws.com' }, true],
    ['iam:CreateServiceLinkedRole', anyArn, { 'iam:AWSServiceName': 'rds.amazonaws.com' }, true],
    ['iam:CreateServiceLinkedRole', anyArn, { 'iam:AWSServiceName': 'guardduty.amazonaws.com' }, false],
    ['iam:TagRole', roleArn, {}, true],
    ['iam:TagRole', adminArn, {}, false],
    ['ec2:CreateTags', vpcArn, { 'ec2:CreateAction': 'CreateVpc' }, true],
    ['ec2:CreateTags', vpcArn, { 'ec2:CreateAction': 'RunInstances' }, false],
    ['ec2:CreateTags', vpcArn, {}, false],
    // What a launch template tags, which Auto Scaling asks its caller for.
    ['ec2:CreateTags', instanceArn, { 'ec2:CreateAction': 'RunInstances' }, true],
    ['ec2:CreateTags', instanceArn, {}, false],
    // Reads that CreateLoadBalancer asks for.
    ['ec2:GetSecurityGroupsForVpc', '*', {}, true],
    ['ec2:DescribeAccountAttributes', '*', {}, true],
    ['elasticloadbalancing:AddTags', anyArn, { 'elasticloadbalancing:CreateAction': 'CreateRule' }, true],
    ['elasticloadbalancing:AddTags', anyArn, { [`aws:RequestTag/${tag}`]: 'default' }, false],
    ['elasticloadbalancing:AddTags', anyArn, {}, false],
    ['ec2:DescribeInstances', '*', {}, true],
    // People of others are nobody's business here.
    ['cognito-idp:ListUsers', anyArn, { [`aws:ResourceTag/${tag}`]: 'default' }, true],
    ['cognito-idp:ListUsers', anyArn, {}, false],
    ['elasticache:AddTagsToResource', anyArn, { [`aws:RequestTag/${tag}`]: 'default' }, true],
    ['elasticache:AddTagsToResource', anyArn, {}, false],
    ['rds:AddTagsToResource', anyArn, { [`aws:RequestTag/${tag}`]: 'default' }, true],
    ['rds:AddTagsToResource', anyArn, {}, false],
    // The snapshot before an upgrade is new, and its database is there already.
    ['rds:CreateDBSnapshot', anyArn, { [`aws:RequestTag/${tag}`]: 'default' }, true],
    ['rds:CreateDBSnapshot', anyArn, { [`aws:ResourceTag/${tag}`]: 'default' }, true],
    // What RDS keeps a master password in, and nobody else's.
    ['secretsmanager:CreateSecret', secretOfRds, {}, true],
    ['secretsmanager:TagResource', secretOfRds, {}, true],
    ['secretsmanager:GetSecretValue', secretOfRds, {}, false],
    ['secretsmanager:CreateSecret', anyArn, {}, false],
    // What others keep there is read by nobody, and what is ours under its name and its tags alone.
    ['secretsmanager:GetSecretValue', ourSecretArn, { [`aws:ResourceTag/${tag}`]: 'default' }, true],
    ['secretsmanager:GetSecretValue', ourSecretArn, {}, false],
    ['secretsmanager:GetSecretValue', theirSecretArn, { [`aws:ResourceTag/${tag}`]: 'default' }, false],
    ['secretsmanager:GetSecretValue', theirSecretArn, {}, false],
    // What people give their application, whatever tags it has.
    ...[
      ...['GetSecretValue', 'PutSecretValue', 'UpdateSecret', 'DeleteSecret', 'PutResourcePolicy', 'TagResource'],
      ...['CreateSecret', 'RestoreSecret'],
    ].flatMap((operation) =>
      ([{}, { [`aws:ResourceTag/${tag}`]: 'default', [`aws:RequestTag/${tag}`]: 'default' }] as Context[]).map(
        (tags) => [`secretsmanager:${operation}`, secretOfPeople, tags, false] as const,
      ),
    ),
  ] as const)('%s of %s with %o: %s', (action, arn, context, allowed) => {
    expect(allows(action, arn, context)).toBe(allowed);
  });

  test.each([
    ...['sns:TagResource', 'sqs:TagQueue', 'lambda:TagResource', 'acm:AddTagsToCertificate', 'cloudfront:TagResource'],
    ...['cognito-idp:TagResource', 'elasticache:AddTagsToResource', 'rds:AddTagsToResource'],
  ])("%s makes nothing ours that is another installation's", (action) => {
    const asked = (has: object) => allows(action, anyArn, { [`aws:RequestTag/${tag}`]: 'default', ...has });
    expect(asked({})).toBe(true);
    expect(asked({ [`aws:ResourceTag/${tag}`]: 'other' })).toBe(false);
  });

  test.each([
    ['iam:CreateRole', {}, false],
    ['iam:CreateRole', { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess' }, false],
    ['iam:CreateRole', { 'iam:PermissionsBoundary': ceiling }, true],
    ['iam:PutRolePolicy', {}, false],
    ['iam:PutRolePolicy', { 'iam:PermissionsBoundary': ceiling }, true],
    ['iam:PutRolePermissionsBoundary', { 'iam:PermissionsBoundary': adminArn }, false],
    ['iam:PutRolePermissionsBoundary', { 'iam:PermissionsBoundary': ceiling }, true],
    ['iam:DeleteRolePermissionsBoundary', { 'iam:PermissionsBoundary': ceiling }, false],
    ['iam:AttachRolePolicy', { 'iam:PermissionsBoundary': ceiling }, false],
    ['iam:DetachRolePolicy', {}, true],
    ['iam:DeleteRole', {}, true],
  ] as const)('under a permissions boundary, %s with %o: %s', (name, context, allowed) => {
    const under = judgeOf(iamPolicies('default', { boundary: ceiling }) as Parameters<typeof judgeOf>[0]);
    for (const key of Object.keys(context)) expect(keysOf(actionNamed(name), 'role')).toContain(key);
    expect(under(name, roleArn, context)).toBe(allowed);
  });

  test('every other action of AWS is denied, whatever it is about', () => {
    const known = new Set<string>([...called.map(({ action }) => action), ...implied]);
    const context = {
      [`aws:RequestTag/${tag}`]: 'default',
      [`aws:ResourceTag/${tag}`]: 'default',
      'ec2:CreateAction': 'CreateVpc',
      'elasticloadbalancing:CreateAction': 'CreateLoadBalancer',
      'iam:PassedToService': 'ec2.amazonaws.com',
    };
    const others = everyAction().filter(({ name }) => !known.has(name));
    expect(others.length).toBeGreaterThan(10_000);
    const granted = others.filter((action) => allows(action.name, anyResourceOf(action), context));
    expect(granted.map(({ name }) => name)).toEqual([]);
  });
});

type Judged = Parameters<typeof judgeOf>[0][number];

describeJudged('what the instances of a store may read of Secrets Manager', () => {
  const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'u1' };
  const { nodes } = compose({ owner, account: '111122223333', spec: withDefaults(minimal.spec) });
  const inline = (nodes.get('compute/role')?.props as { inlinePolicies: Readonly<Record<string, Judged>> })
    .inlinePolicies;
  const arn = (name: string, region = 'eu-central-1', account = '111122223333') =>
    `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;

  test.each([
    ['the keys that people give their application', arn('ecom/shops/acme/payment-AbCdEf'), true],
    ['one in a folder', arn('ecom/shops/acme/mail/smtp-AbCdEf'), true],
    ['those of a store whose name begins alike', arn('ecom/shops/acme-2/payment-AbCdEf'), false],
    ['those of another namespace', arn('ecom/garden/acme/payment-AbCdEf'), false],
    ['those of another region', arn('ecom/shops/acme/payment-AbCdEf', 'eu-west-1'), false],
    ['those of another account', arn('ecom/shops/acme/payment-AbCdEf', 'eu-central-1', '999999999999'), false],
    ['the password of another store', arn('ecom-other-password-0a1b2c3d-AbCdEf'), false],
    ['anything else', theirSecretArn, false],
  ])('%s: %s, %s', (_, secret, allowed) => {
    const allows = judgeOf(Object.values(inline));
    expect(allows('secretsmanager:GetSecretValue', secret, {})).toBe(allowed);
    const writes = ['PutSecretValue', 'CreateSecret', 'UpdateSecret', 'DeleteSecret', 'PutResourcePolicy'];
    expect(writes.filter((operation) => allows(`secretsmanager:${operation}`, secret, {}))).toEqual([]);
  });

  test('a permissions boundary leaves them the keys that people give their application', () => {
    const boundary = judgeOf([roleBoundary() as Judged]);
    expect(boundary('secretsmanager:GetSecretValue', secretOfPeople, {})).toBe(true);
    expect(boundary('secretsmanager:GetSecretValue', theirSecretArn, {})).toBe(false);
  });
});
