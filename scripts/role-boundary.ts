import { secretPrefix } from '../operator/resources/secretsmanager/secret.ts';

/** What stores' roles may do at most, and on what: by service, since names of stores are not known before. */
const most: readonly (readonly [actions: readonly string[], resources: readonly string[], condition?: object])[] = [
  [['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'], ['arn:aws:ssm:*:*:parameter/ecom/*']],
  [['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], ['arn:aws:logs:*:*:log-group:/ecom/*']],
  [
    [
      'logs:DescribeLogGroups',
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
      'elasticache:Connect',
      'sns:Publish',
      'sqs:SendMessage',
    ],
    ['*'],
  ],
  [
    [
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ],
    ['arn:aws:s3:::ecom-*'],
  ],
  [['cloudfront:CreateInvalidation'], ['arn:aws:cloudfront::*:distribution/*']],
  // What the operator makes, what people give their applications, and what RDS makes.
  [
    ['secretsmanager:GetSecretValue'],
    [
      `arn:aws:secretsmanager:*:*:secret:${secretPrefix}*`,
      'arn:aws:secretsmanager:*:*:secret:ecom/*',
      'arn:aws:secretsmanager:*:*:secret:rds!*',
    ],
  ],
  [['kms:Decrypt', 'kms:GenerateDataKey'], ['*'], { StringLike: { 'kms:ViaService': 'sns.*.amazonaws.com' } }],
];

/** A permissions boundary for ECOM_PERMISSIONS_BOUNDARY: all that any store's role needs, and no more. */
export const roleBoundary = () => ({
  Version: '2012-10-17',
  Statement: most.map(([Action, Resource, Condition]) => ({
    ...{ Effect: 'Allow', Action, Resource },
    ...(Condition ? { Condition } : {}),
  })),
});
