import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import type { VirtualWorld } from '../support/virtual-world.ts';
import { plantedContent } from './planted-content.ts';
import { plantedServices } from './planted-services.ts';

/** What somebody does to a store that is well, and who must see it. */
export interface Planted {
  readonly what: string;
  readonly plant: (world: VirtualWorld) => Promise<unknown>;
  /** Not to what is the store's, but beside it: a thing of somebody else's, which nobody heals. */
  readonly beside?: boolean;
  /** Judge, rule, and how the name of the resource begins. */
  readonly seen: readonly string[];
}

const onOrder = {
  ...{ s3: { bucket: 'example-code', key: 'on-order.zip' }, handler: 'index.handler', runtime: 'nodejs24.x' },
} as const;

/** With a load balancer that the world reaches, since behind a CDN it is internal; and with all that can be made. */
export const plantedStore = {
  file: 'examples/complete.yaml',
  change: (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
    ...spec,
    ...{ cdn: undefined, content: undefined, cache: { engine: 'valkey' } },
    // What is healed of a database is not to wait for a night of maintenance.
    database: { engine: 'postgres', readReplicas: 2, applyImmediately: true },
    notifications: { topics: { orders: { function: onOrder } } },
  }),
};

const anywhere = [{ CidrIp: '0.0.0.0/0' }];
/** The id by which AWS knows a node of the store. */
export function the(world: VirtualWorld, node: string): string {
  const [found] = world.ledger.existing({ tag: ['ecom.io/node', node] });
  if (!found) throw new Error(`the store has no ${node}`);
  return found.id;
}

export const planted: readonly Planted[] = [
  {
    what: 'SSH open to the world',
    plant: (world) =>
      world.other('ec2', 'AuthorizeSecurityGroupIngress', {
        GroupId: the(world, 'network/sg-app'),
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: anywhere }],
      }),
    seen: [
      'cdk-nag EC2RestrictedSSH NetworkSgApp',
      'cdk-nag AwsSolutions-EC23 NetworkSgApp',
      'control-tower vpc_sg_restricted_common_ports_check NetworkSgApp',
      'cloudformation-validate W2508 NetworkSgApp',
    ],
  },
  {
    what: 'a database that the internet reaches, and that one command deletes',
    plant: (world) =>
      world.other('rds', 'ModifyDBInstance', {
        DBInstanceIdentifier: the(world, 'database/primary'),
        ...{ PubliclyAccessible: true, ApplyImmediately: true, DeletionProtection: false },
        ...{ MultiAZ: false, AutoMinorVersionUpgrade: false, CopyTagsToSnapshot: false },
      }),
    seen: [
      'cdk-nag RDSInstancePublicAccess DatabasePrimary',
      'control-tower rds_instance_public_access_check DatabasePrimary',
      'cloudformation-validate W9011 DatabasePrimary',
      'cdk-nag AwsSolutions-RDS10 DatabasePrimary',
      'control-tower rds_instance_deletion_protection_enabled_check DatabasePrimary',
      'control-tower rds_instance_multi_az_support_check DatabasePrimary',
      'control-tower rds_instance_copy_tags_to_snapshots_enabled_check DatabasePrimary',
    ],
  },
  {
    what: 'a replica that is reached from the internet',
    plant: (world) =>
      world.other('rds', 'ModifyDBInstance', {
        DBInstanceIdentifier: the(world, 'database/replica-1'),
        ...{ PubliclyAccessible: true, ApplyImmediately: true },
      }),
    seen: [
      'cdk-nag RDSInstancePublicAccess DatabaseReplica1',
      'control-tower rds_instance_public_access_check DatabaseReplica1',
    ],
  },
  {
    what: 'a database without encryption and without backups',
    beside: true,
    plant: (world) =>
      world.other('rds', 'CreateDBInstance', {
        ...{ DBInstanceIdentifier: 'clear', Engine: 'postgres', DBInstanceClass: 'db.t4g.medium' },
        ...{ AllocatedStorage: 20, MasterUsername: 'somebody', ManageMasterUserPassword: true },
        ...{ BackupRetentionPeriod: 0, StorageEncrypted: false, PubliclyAccessible: false },
        DBSubnetGroupName: the(world, 'database/subnet-group'),
      }),
    seen: [
      'cdk-nag RDSStorageEncrypted RdsInstanceClear',
      'cdk-nag AwsSolutions-RDS2 RdsInstanceClear',
      'control-tower rds_instance_storage_encrypted_check RdsInstanceClear',
      'cloudformation-validate W9008 RdsInstanceClear',
      'cdk-nag RDSInstanceBackupEnabled RdsInstanceClear',
      'control-tower rds_instance_backup_enabled_check RdsInstanceClear',
    ],
  },
  {
    what: 'databases spoken to in the clear',
    plant: (world) =>
      world.other('rds', 'ModifyDBParameterGroup', {
        DBParameterGroupName: the(world, 'database/parameters'),
        Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: '0', ApplyMethod: 'immediate' }],
      }),
    seen: ['control-tower rds_db_parameter_group_tls_check DatabaseParameters'],
  },
  {
    what: 'logs kept for ever',
    plant: (world) => world.other('logs', 'DeleteRetentionPolicy', { logGroupName: the(world, 'compute/log-group') }),
    seen: ['cdk-nag CloudWatchLogGroupRetentionPeriod ComputeLogGroup'],
  },
  {
    what: 'a VPC without flow logs',
    plant: (world) => world.other('ec2', 'DeleteFlowLogs', { FlowLogIds: [the(world, 'network/flow-log')] }),
    seen: ['cdk-nag AwsSolutions-VPC7 NetworkVpc', 'cdk-nag VPCFlowLogsEnabled NetworkVpc'],
  },
  {
    what: 'a subnet that gives public addresses',
    plant: (world) =>
      world.other('ec2', 'ModifySubnetAttribute', {
        SubnetId: the(world, 'network/app-a'),
        MapPublicIpOnLaunch: { Value: true },
      }),
    seen: [
      'cdk-nag VPCSubnetAutoAssignPublicIpDisabled NetworkAppA',
      'control-tower subnet_auto_assign_public_ip_disabled_check NetworkAppA',
    ],
  },
  {
    what: 'instances with old metadata, public addresses and disks in the clear',
    plant: async (world) => {
      const LaunchTemplateId = the(world, 'compute/launch-template');
      await world.other('ec2', 'CreateLaunchTemplateVersion', {
        ...{ LaunchTemplateId, SourceVersion: '1' },
        LaunchTemplateData: {
          MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 2 },
          NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }],
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: false, VolumeSize: 20 } }],
        },
      });
      return world.other('ec2', 'ModifyLaunchTemplate', { LaunchTemplateId, DefaultVersion: '2' });
    },
    seen: [
      'cdk-nag EC2IMDSv2Enabled ComputeGroup',
      'cdk-nag AwsSolutions-EC26 ComputeGroup',
      'control-tower ec2_launch_template_imdsv2_check ComputeLaunchTemplate',
      'control-tower ec2_launch_template_token_hop_limit_check ComputeLaunchTemplate',
      'control-tower ec2_launch_template_public_ip_disabled_check ComputeLaunchTemplate',
      'control-tower ec2_launch_template_encrypted_volumes_check ComputeLaunchTemplate',
    ],
  },
  {
    what: 'a load balancer that may be deleted and takes broken headers',
    plant: (world) =>
      world.other('elbv2', 'ModifyLoadBalancerAttributes', {
        LoadBalancerArn: the(world, 'loadBalancer/balancer'),
        Attributes: [
          { Key: 'deletion_protection.enabled', Value: 'false' },
          { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'false' },
          { Key: 'routing.http.desync_mitigation_mode', Value: 'monitor' },
        ],
      }),
    seen: [
      'cdk-nag ELBDeletionProtectionEnabled LoadBalancerBalancer',
      'cdk-nag ALBHttpDropInvalidHeaderEnabled LoadBalancerBalancer',
      'control-tower elbv2_deletion_protection_enabled_check LoadBalancerBalancer',
      'control-tower alb_http_drop_invalid_header_enabled_check LoadBalancerBalancer',
      'control-tower alb_desync_mode_check LoadBalancerBalancer',
    ],
  },
  {
    what: 'HTTP served, and not redirected',
    plant: (world) =>
      world.other('elbv2', 'ModifyListener', {
        ListenerArn: the(world, 'loadBalancer/http'),
        DefaultActions: [{ Type: 'forward', TargetGroupArn: the(world, 'loadBalancer/targets') }],
      }),
    seen: [
      'cdk-nag ALBHttpToHttpsRedirection LoadBalancerHttp',
      'control-tower alb_http_to_https_redirection_check LoadBalancerHttp',
    ],
  },
  {
    what: 'a role that may do everything',
    plant: (world) =>
      world.other('iam', 'PutRolePolicy', {
        ...{ RoleName: the(world, 'compute/role'), PolicyName: 'everything' },
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        }),
      }),
    seen: [
      'cdk-nag AwsSolutions-IAM5[Action::*] ComputeRole',
      'control-tower iam_inline_policy_no_statements_with_admin_access_check ComputeRole',
    ],
  },
  {
    what: 'passwords of six letters',
    plant: (world) =>
      world.other('cognito-idp', 'UpdateUserPool', {
        UserPoolId: the(world, 'identity/pool'),
        // What is left out of this call is taken away, and without our tags it would be nobody's to heal.
        UserPoolTags: world.ledger.existing({ tag: ['ecom.io/node', 'identity/pool'] })[0]?.tags,
        Policies: { PasswordPolicy: { MinimumLength: 6, RequireNumbers: false, RequireSymbols: false } },
      }),
    seen: ['cdk-nag AwsSolutions-COG1 IdentityPool'],
  },
  ...plantedContent,
  ...plantedServices,
];
