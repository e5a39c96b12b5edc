import { tagKeys } from '../operator/model/identity.ts';
import { operations, type ActionClass } from '../operator/model/operations.ts';
import { secretPrefix } from '../operator/resources/secretsmanager/secret.ts';
import { internalDomain } from '../operator/store/site.ts';

/** IAM's names of the services, where they are not ours. */
const prefixes: Readonly<Record<string, string>> = {
  elbv2: 'elasticloadbalancing',
};

/**
 * IAM's names of operations, where they are not the operation's own.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
 */
const actions: Readonly<Record<string, string>> = {
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  's3:HeadObject': 's3:GetObject',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:PutBucketCors': 's3:PutBucketCORS',
  's3:GetBucketCors': 's3:GetBucketCORS',
  's3:DeleteBucketCors': 's3:PutBucketCORS',
  's3:DeleteBucketTagging': 's3:PutBucketTagging',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:GetBucketAccelerateConfiguration': 's3:GetAccelerateConfiguration',
  's3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  'cloudfront:CreateDistributionWithTags': 'cloudfront:CreateDistribution',
};

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** The action that IAM asks for when the operation is called. */
export const actionOf = (service: string, operation: string): string =>
  actions[`${service}:${operation}`] ?? `${prefixes[service] ?? service}:${operation}`;

const all = Object.entries(operations).flatMap(([service, listed]) =>
  Object.entries(listed as Record<string, ActionClass>).map(([operation, kind]) => ({
    service,
    operation,
    kind,
    action: actionOf(service, operation),
  })),
);

type Listed = (typeof all)[number];

/** Reads that are granted for what is ours alone: what they tell is nobody else's business. */
const ownReads = ['secretsmanager:GetSecretValue', 'cognito-idp:ListUsers'];

/**
 * Reads that AWS asks of the caller of another operation: CreateLoadBalancer; CreateVpcOrigin, of what it
 * leads to; CreateDBInstance, of its key.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3917
 */
const impliedReads = [
  'ec2:DescribeAccountAttributes',
  'ec2:DescribeInstances',
  'ec2:GetSecurityGroupsForVpc',
  'kms:DescribeKey',
] as const;

/** All reads, in so many lists of about the same length. */
function readsOf(lists: number): string[][] {
  const reads = all
    .filter(({ kind, action }) => kind === 'read' && !ownReads.includes(action))
    .map(({ action }) => action)
    .concat(impliedReads);
  const length = Math.ceil(reads.length / lists);
  return Array.from({ length: lists }, (_, at) => reads.slice(at * length, (at + 1) * length));
}

const written = (service: string, fits: (operation: string) => boolean): string[] =>
  all
    .filter((one) => one.service === service && one.kind === 'write' && fits(one.operation))
    .map(({ action }) => action);

/** Makes a resource of its own that carries our tags from birth. */
const isCreate = (operation: string): boolean =>
  /^(Create|Allocate|Request)(?!Tags|Route$|LaunchTemplateVersion|OrUpdateTags)/.test(operation);
const isTagging = (operation: string): boolean =>
  /Tags$|^Tag[A-Z]|ToResource$|ToCertificate$|TagsForResource$/.test(operation);
const isAccessControl = (operation: string): boolean => operation.endsWith('OriginAccessControl');
const isChange = (operation: string): boolean => !isCreate(operation) && !isTagging(operation);

/** What AWS asks of the caller although the operator does not call it: tags in a create call are tagging, too. */
export const implied = [
  'iam:PassRole',
  'iam:CreateServiceLinkedRole',
  'iam:TagRole',
  'iam:TagInstanceProfile',
  'ec2:RunInstances',
  'ec2:CreateTags',
  'elasticloadbalancing:AddTags',
  'acm:AddTagsToCertificate',
  'ssm:AddTagsToResource',
  'logs:TagResource',
  'elasticache:AddTagsToResource',
  'cloudwatch:TagResource',
  'cloudfront:TagResource',
  's3:TagResource',
  's3:DeleteObjectVersion',
  'sns:TagResource',
  'sqs:TagQueue',
  ...impliedReads,
] as const;

/** What belongs to one installation besides its name. */
interface Ceiling {
  /** ECOM_PERMISSIONS_BOUNDARY: roles are made, and given rights, under it alone. */
  readonly boundary?: string;
}

/**
 * What gives a role rights, and what takes the ceiling over them away.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
const givesRights = ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'];
const endsCeiling = ['iam:DeleteRolePermissionsBoundary'];

/**
 * The policy of the operator's role, from the very list of calls that the code can make: a call that no statement
 * covers fails the generation. What exists is changed only under our owner tag, what is made carries it from birth.
 * It has been checked against IAM's documentation only, not against a real account.
 */
export function iamPolicy(installation: string, { boundary }: Ceiling = {}): Policy {
  const tag = tagKeys.installation;
  const own = { StringEquals: { [`aws:ResourceTag/${tag}`]: installation } };
  const born = { StringEquals: { [`aws:RequestTag/${tag}`]: installation } };
  // Where tagging at birth cannot be told from tagging later: what another installation owns is never made ours.
  const bornOrOwn = { ...born, StringEqualsIfExists: { [`aws:ResourceTag/${tag}`]: installation } };
  const path = `ecom/${installation}/*`;
  const roles = [`arn:aws:iam::*:role/${path}`, `arn:aws:iam::*:instance-profile/${path}`];
  const allow = (Sid: string, Action: readonly string[], Resource: string | readonly string[], Condition?: object) => ({
    ...{ Sid, Effect: 'Allow', Action: [...new Set(Action)].sort(), Resource },
    ...(Condition ? { Condition } : {}),
  });
  const ec2 = (kinds: readonly string[]) => kinds.map((kind) => `arn:aws:ec2:*:*:${kind}/*`);
  const ourSecrets = `arn:aws:secretsmanager:*:*:secret:${secretPrefix}*`;
  const [underBoundary, leftOut] = boundary === undefined ? [[], []] : [givesRights, endsCeiling];
  const zones = ['arn:aws:route53:::hostedzone/*'];
  const ourAlarms = 'arn:aws:cloudwatch:*:*:alarm:ecom/*';
  const made = [
    'vpc',
    'internet-gateway',
    'subnet',
    'elastic-ip',
    'natgateway',
    'route-table',
    'security-group',
    'vpc-endpoint',
    'vpc-flow-log',
    'launch-template',
  ];
  const writtenBut = (...makers: readonly string[]) =>
    written('ec2', (operation) => isCreate(operation) && !makers.includes(operation));
  const Statement = [
    ...readsOf(2).map((reads, at) => allow(`Read${at + 1}`, reads, '*')),
    allow('Ec2Make', written('ec2', isCreate), ec2(made), born),
    // What a new resource is made in or of: a VPC may be the user's own, and so carry no tag of ours. Never what is
    // made itself: that would let it be born without our tag.
    allow('Ec2MakeInVpc', writtenBut('CreateVpc'), ec2(['vpc'])),
    allow(
      'Ec2MakeOf',
      writtenBut('CreateSubnet', 'CreateRouteTable', 'AllocateAddress', 'CreateSecurityGroup'),
      ec2(['subnet', 'route-table', 'elastic-ip', 'security-group']),
    ),
    allow('Ec2TagAtBirth', ['ec2:CreateTags'], ec2(made), {
      StringEquals: { 'ec2:CreateAction': written('ec2', isCreate).map((action) => action.slice('ec2:'.length)) },
    }),
    // Auto Scaling asks whether its caller could tag what the template tags.
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    allow('Ec2TagAtLaunch', ['ec2:CreateTags'], ec2(['instance', 'network-interface', 'volume']), {
      StringEquals: { 'ec2:CreateAction': 'RunInstances' },
    }),
    // Marked as kept when its store goes, and as another store's when that adopts it.
    allow('Ec2TagOwn', written('ec2', isTagging), '*', own),
    allow('Ec2ChangeOwn', written('ec2', isChange), '*', own),
    // The default group of a VPC of ours has no tag: emptying it is all that may be done to it.
    allow(
      'Ec2EmptyDefaultGroup',
      ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'],
      ec2(['security-group']),
    ),
    // Auto Scaling asks whether its caller could launch what the template says.
    allow('Ec2Launch', ['ec2:RunInstances'], '*', {
      ArnLike: { 'ec2:LaunchTemplate': 'arn:aws:ec2:*:*:launch-template/*' },
    }),
    allow('GroupMake', written('autoscaling', isCreate), '*', born),
    allow('GroupChangeOwn', [...written('autoscaling', isChange), ...written('autoscaling', isTagging)], '*', own),
    allow('BalancerMake', written('elbv2', isCreate), '*', born),
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
    allow('BalancerTagAtBirth', ['elasticloadbalancing:AddTags'], '*', {
      StringEquals: {
        'elasticloadbalancing:CreateAction': written('elbv2', isCreate).map((action) => action.split(':')[1]),
      },
    }),
    allow('BalancerChangeOwn', written('elbv2', isChange), '*', own),
    allow(
      'RolesOfStores',
      [
        ...written('iam', () => true).filter((action) => !underBoundary.includes(action) && !leftOut.includes(action)),
        'iam:TagRole',
        'iam:TagInstanceProfile',
      ],
      roles,
    ),
    // Of a role that exists IAM compares the boundary it has; of one that is made, or given one, that of the request.
    allow('RolesUnderBoundary', underBoundary, roles.slice(0, 1), {
      StringEquals: { 'iam:PermissionsBoundary': boundary },
    }),
    allow('PassRolesOfStores', ['iam:PassRole'], roles.slice(0, 1), {
      StringEquals: {
        'iam:PassedToService': ['ec2.amazonaws.com', 'lambda.amazonaws.com', 'vpc-flow-logs.amazonaws.com'],
      },
    }),
    allow('FirstUseOfServices', ['iam:CreateServiceLinkedRole'], '*', {
      StringEquals: {
        'iam:AWSServiceName': [
          'autoscaling.amazonaws.com',
          'elasticache.amazonaws.com',
          'elasticloadbalancing.amazonaws.com',
          // A user pool whose mails go by SES, as people may set it, is written as it is with each of our changes.
          // https://docs.aws.amazon.com/cognito/latest/developerguide/using-service-linked-roles.html
          'email.cognito-idp.amazonaws.com',
          'rds.amazonaws.com',
          'vpcorigin.cloudfront.amazonaws.com',
        ],
      },
    }),
    allow('CertificateMake', [...written('acm', isCreate), 'acm:AddTagsToCertificate'], '*', bornOrOwn),
    allow('CertificateChangeOwn', written('acm', isChange), '*', own),
    // RDS asks its caller whether he could make the secret that it keeps the master password in. It is not among the
    // services that say so in aws:CalledVia; but nobody else can give a secret a name with an exclamation mark.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-permissions
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    allow(
      'DatabaseSecret',
      ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
      'arn:aws:secretsmanager:*:*:secret:rds!*',
    ),
    allow('SecretMake', ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'], ourSecrets, born),
    allow(
      'SecretChangeOwn',
      ['secretsmanager:GetSecretValue', ...written('secretsmanager', (operation) => operation !== 'CreateSecret')],
      ourSecrets,
      own,
    ),
    // Tags of a creation are tagging, too: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
    allow(
      'DatabaseMake',
      [...written('rds', isCreate), 'rds:RestoreDBInstanceFromDBSnapshot', 'rds:AddTagsToResource'],
      '*',
      bornOrOwn,
    ),
    // What a new one is made of carries our tag already.
    allow('DatabaseMakeOf', [...written('rds', isCreate), 'rds:RestoreDBInstanceFromDBSnapshot'], '*', own),
    allow('DatabaseChangeOwn', [...written('rds', isChange), ...written('rds', isTagging)], '*', own),
    allow('CacheMake', [...written('elasticache', isCreate), 'elasticache:AddTagsToResource'], '*', bornOrOwn),
    // What a new one is made of carries our tag already.
    allow('CacheMakeOf', written('elasticache', isCreate), '*', own),
    allow('CacheChangeOwn', written('elasticache', isChange), '*', own),
    allow('PoolMake', ['cognito-idp:CreateUserPool', 'cognito-idp:TagResource'], '*', bornOrOwn),
    // Clients, groups and the domain are parts of their pool, and judged by its tags.
    allow(
      'PoolChangeOwn',
      ['cognito-idp:ListUsers', ...written('cognito-idp', (operation) => operation !== 'CreateUserPool')],
      '*',
      own,
    ),
    allow(
      'EdgeMake',
      ['cloudfront:CreateDistribution', 'cloudfront:CreateVpcOrigin', 'cloudfront:TagResource'],
      '*',
      bornOrOwn,
    ),
    allow(
      'EdgeChangeOwn',
      written('cloudfront', (operation) => isChange(operation) && !isAccessControl(operation)),
      '*',
      own,
    ),
    // They have no tags; and to make one AWS asks for everything, since there is none yet to name.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    allow('EdgeAccessControls', written('cloudfront', isAccessControl), '*'),
    // Most calls for a bucket know no tags of it: it is ours by its name.
    allow(
      'Buckets',
      [
        ...all.filter(({ service, kind }) => service === 's3' && kind === 'write').map(({ action }) => action),
        's3:TagResource',
        's3:DeleteObjectVersion',
      ],
      ['arn:aws:s3:::ecom-*'],
    ),
    allow('TopicMake', [...written('sns', isCreate), 'sns:TagResource'], '*', bornOrOwn),
    allow(
      'TopicChangeOwn',
      written('sns', (operation) => isChange(operation) && operation !== 'Unsubscribe'),
      '*',
      own,
    ),
    allow('QueueMake', [...written('sqs', isCreate), 'sqs:TagQueue'], '*', bornOrOwn),
    allow('QueueChangeOwn', written('sqs', isChange), '*', own),
    // Whoever makes a function has to be able to read its code: that is for the owner of the bucket to grant.
    allow('FunctionMake', [...written('lambda', isCreate), 'lambda:TagResource'], '*', bornOrOwn),
    allow('FunctionChangeOwn', [...written('lambda', isChange), ...written('lambda', isTagging)], '*', own),
    // IAM knows no resource, and so no tag, of a subscription that ends: topics of ours are called after their stores.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
    allow('Unsubscribe', ['sns:Unsubscribe'], '*'),
    allow('ZoneMake', ['route53:CreateHostedZone', 'route53:CreateHealthCheck'], '*'),
    // AWS deletes no zone that holds records.
    allow(
      'Zones',
      written('route53', (operation) => /HostedZone$|TagsForResource$/.test(operation) && !isCreate(operation)),
      zones,
    ),
    // The names inside the stores' VPCs: in their private zones, whose ids nobody knows before.
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
    allow('NamesInside', ['route53:ChangeResourceRecordSets'], zones, {
      'ForAllValues:StringLike': { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': [`*.${internalDomain}`] },
    }),
    // Route 53 knows no tags of records; narrow hostedzone/* to the zones of your stores.
    allow('Names', ['route53:ChangeResourceRecordSets'], zones),
    allow(
      'HealthChecks',
      written('route53', (operation) => /HealthCheck|TagsForResource$/.test(operation)),
      ['arn:aws:route53:::healthcheck/*'],
    ),
    // A put makes an alarm or changes one: with our tag in it, or on it.
    allow('AlarmMake', ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'], ourAlarms, born),
    allow(
      'AlarmChangeOwn',
      written('cloudwatch', (operation) => operation.includes('Alarm')),
      ourAlarms,
      own,
    ),
    allow(
      'Dashboards',
      [...written('cloudwatch', (operation) => operation.includes('Dashboard')), 'cloudwatch:TagResource'],
      'arn:aws:cloudwatch::*:dashboard/ecom-*',
    ),
    allow(
      'Parameters',
      [
        ...all.filter(({ service, kind }) => service === 'ssm' && kind === 'write').map(({ action }) => action),
        'ssm:AddTagsToResource',
      ],
      'arn:aws:ssm:*:*:parameter/ecom/*',
    ),
    allow(
      'Logs',
      [
        ...all.filter(({ service, kind }) => service === 'logs' && kind === 'write').map(({ action }) => action),
        'logs:TagResource',
      ],
      'arn:aws:logs:*:*:log-group:/ecom/*',
    ),
    // RDS makes these, without a tag of ours, and calls them after instances whose names nobody knows before: so they are
    // narrowed by neither, and how long they keep what they have is all that may be changed of them.
    allow('LogsOfDatabases', ['logs:PutRetentionPolicy'], 'arn:aws:logs:*:*:log-group:/aws/rds/instance/*'),
  ].filter(({ Action }) => Action.length > 0);
  const covered = new Set(Statement.flatMap(({ Action }) => Action));
  const bare = all.filter(({ action }) => !covered.has(action) && !leftOut.includes(action));
  if (bare.length > 0) throw new Error(`no statement covers ${bare.map(({ action }: Listed) => action).join(', ')}`);
  return { Version: '2012-10-17', Statement };
}

/** "Managed policies: 6,144 characters", white space aside. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostCharacters = 6_144;

/** The same as managed policies, as few as hold it: a role may have ten of them. */
export function iamPolicies(installation: string, ceiling: Ceiling = {}): Policy[] {
  const { Version, Statement } = iamPolicy(installation, ceiling);
  const lengthOf = (statements: readonly Statement[]): number =>
    JSON.stringify({ Version, Statement: statements }).length;
  const isAboutZones = ({ Sid }: Statement): boolean => ['Names', 'Zones'].includes(Sid);
  const packs: Statement[][] = [];
  for (const one of Statement.filter((one) => !isAboutZones(one)).sort((a, b) => lengthOf([b]) - lengthOf([a]))) {
    const room = packs.find((pack) => lengthOf([...pack, one]) <= mostCharacters);
    if (room) room.push(one);
    else packs.push([one]);
  }
  // By themselves, so that there is room for the ids of as many zones as anybody has.
  return [...packs, Statement.filter(isAboutZones)].map((pack) => ({ Version, Statement: pack }));
}
