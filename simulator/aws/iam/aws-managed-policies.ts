/**
 * Policies that AWS keeps in every account, of those that instances of a store and their operators get:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const names = [
  'AdministratorAccess',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEC2FullAccess',
  'AmazonEC2ReadOnlyAccess',
  'AmazonEC2RolePolicyForLaunchWizard',
  'AmazonRoute53FullAccess',
  'AmazonRoute53ReadOnlyAccess',
  'AmazonS3FullAccess',
  'AmazonS3ReadOnlyAccess',
  'AmazonSSMFullAccess',
  'AmazonSSMManagedEC2InstanceDefaultPolicy',
  'AmazonSSMManagedInstanceCore',
  'AmazonSSMPatchAssociation',
  'AmazonSSMReadOnlyAccess',
  'AWSXRayDaemonWriteAccess',
  'AWSXrayWriteOnlyAccess',
  'CloudWatchAgentAdminPolicy',
  'CloudWatchAgentServerPolicy',
  'CloudWatchFullAccess',
  'CloudWatchLogsFullAccess',
  'CloudWatchReadOnlyAccess',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'SecretsManagerReadWrite',
  'SecurityAudit',
  'job-function/ViewOnlyAccess',
  'service-role/AmazonEC2RoleforSSM',
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaVPCAccessExecutionRole',
  'service-role/AmazonRDSEnhancedMonitoringRole',
];

const arns = new Set(names.map((name) => `arn:aws:iam::aws:policy/${name}`));

export const isAwsManaged = (arn: string): boolean => arns.has(arn);
