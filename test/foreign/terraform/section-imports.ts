import type { Addresses, Places } from './imports.ts';
import { byId, byOutput } from './web-tier-imports.ts';

/** What the operator sets on its bucket, each a resource of Terraform's that is imported by the bucket's name. */
const bucketSettings = [
  'public_access_block',
  'ownership_controls',
  'server_side_encryption_configuration',
  'versioning',
  'lifecycle_configuration',
  'policy',
];

/** The paths that ask people to sign in, by the places that their rules have. */
const protectedPaths = { 366: '/account', 783: '/account/*', 364: '/admin', 415: '/admin/*' };

const signInPlaces: Places = Object.fromEntries(
  Object.entries(protectedPaths).flatMap(([place, path]) =>
    ['rule', 'internal-rule'].flatMap((noun) =>
      Object.entries(byId(`identity/${noun}-${place}`, `aws_lb_listener_rule.sign_in["${path}"]`)),
    ),
  ),
);

/** Where the nodes of the sections stand that a store has beside the web tier, as far as their names are known. */
export const sectionPlaces: Places = {
  ...byOutput('database/subnet-group', 'aws_db_subnet_group.this', 'subnetGroupName'),
  ...byOutput('database/parameters', 'aws_db_parameter_group.this', 'parameterGroupName'),
  ...byId('database/password', 'aws_secretsmanager_secret.database'),
  ...byOutput('database/primary', 'aws_db_instance.primary', 'instanceName'),
  ...byOutput('database/replica-1', 'aws_db_instance.replica["1"]', 'instanceName'),
  ...byOutput('database/replica-2', 'aws_db_instance.replica["2"]', 'instanceName'),
  'database/names': ({ id, out }) => {
    const [zone, name] = [id('database/names'), `database-reader.${out('database/names', 'name')}`];
    const records = ['primary', 'replica-1', 'replica-2'].map((what) => [
      `aws_route53_record.reader["${what}"]`,
      `${zone}_${name}_CNAME_${out(`database/${what}`, 'endpoint')}`,
    ]);
    return { 'aws_route53_zone.inside': zone, ...(Object.fromEntries(records) as Addresses) };
  },
  'identity/pool': ({ out }) => {
    const pool = out('identity/pool', 'userPoolId');
    const groups = ['admin', 'customer', 'merchant'];
    return {
      'aws_cognito_user_pool.this': pool,
      'aws_cognito_user_pool_domain.this': out('identity/pool', 'domain'),
      ...Object.fromEntries(groups.map((name) => [`aws_cognito_user_group.this["${name}"]`, `${pool}/${name}`])),
    };
  },
  'identity/client': ({ id, out }) => ({
    'aws_cognito_user_pool_client.this': `${out('identity/pool', 'userPoolId')}/${id('identity/client')}`,
  }),
  ...signInPlaces,
  'content/bucket': ({ id }) => ({
    'aws_s3_bucket.content': id('content/bucket'),
    ...Object.fromEntries(bucketSettings.map((type) => [`aws_s3_bucket_${type}.content`, id('content/bucket')])),
  }),
  ...byId('cdn/certificate', 'aws_acm_certificate.edge'),
  ...byId('cdn/access-control', 'aws_cloudfront_origin_access_control.content'),
  ...byId('cdn/vpc-origin', 'aws_cloudfront_vpc_origin.this'),
  ...byId('cdn/distribution', 'aws_cloudfront_distribution.this'),
  ...byOutput('cache/subnet-group', 'aws_elasticache_subnet_group.this', 'subnetGroupName'),
  ...byOutput('cache/parameters', 'aws_elasticache_parameter_group.this', 'parameterGroupName'),
  ...byOutput('cache/user', 'aws_elasticache_user.this', 'userId'),
  ...byOutput('cache/users', 'aws_elasticache_user_group.this', 'userGroupId'),
  ...byOutput('cache/group', 'aws_elasticache_replication_group.this', 'groupId'),
  ...byId('monitoring/health-check', 'aws_route53_health_check.this'),
  ...byId('monitoring/topic', 'module.alarms.aws_sns_topic.this'),
  ...byId('monitoring/topic-us-east-1', 'module.edge_alarms.aws_sns_topic.this'),
  ...byId('monitoring/dashboard', 'aws_cloudwatch_dashboard.this'),
};
