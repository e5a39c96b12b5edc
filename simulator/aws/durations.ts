/**
 * How long AWS takes, in milliseconds: what its documentation says where it says anything, else what users report.
 * Everything that waits in the simulator waits by this table.
 */
const second = 1_000;

export const durations = {
  /** CreateVpc answers `pending`; `available` follows at once. */
  vpcPending: 1 * second,
  /** https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html: "a few minutes". */
  natGatewayPending: 90 * second,
  natGatewayDeleting: 45 * second,
  /** A deleted NAT gateway "remains visible for about an hour". */
  natGatewayShown: 3_600 * second,
  vpcEndpointPending: 5 * second,
  vpcEndpointDeleting: 5 * second,
  loadBalancerProvisioning: 150 * second,
  /** The network interfaces of a deleted load balancer go some time after it. */
  loadBalancerInterfacesGone: 30 * second,
  instancePending: 20 * second,
  instanceShuttingDown: 40 * second,
  /** "Terminated instances remain visible after termination (for approximately one hour)." */
  instanceShown: 3_600 * second,
  /** From a healthy answer to `healthy`: the threshold times the interval of the target group comes on top. */
  applicationStart: 30 * second,
  certificateRecords: 5 * second,
  /** After its record exists: ACM says "several minutes to several hours", typically a few minutes. */
  certificateIssued: 120 * second,
  /** Terraform tries for a minute: https://github.com/hashicorp/terraform-provider-aws/pull/4698 */
  certificateKnownToCloudFront: 20 * second,
  /** The prefix of a deleted domain is not at once to be had by another pool. */
  cognitoDomainReserved: 60 * second,
  recordInSync: 30 * second,
  /**
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html: "up to 15 minutes".
   */
  vpcOriginDeploying: 600 * second,
  vpcOriginDeleting: 300 * second,
  /** https://aws.amazon.com/cloudfront/faqs/: changes take effect everywhere within minutes. */
  distributionDeploying: 300 * second,
  /** A new instance profile is not known to EC2 at once. */
  instanceProfileKnown: 8 * second,
  /** Auto Scaling looks at its groups again and again, not at once. */
  autoscalingReacts: 5 * second,
  /** How long until the end of an instance is noticed. */
  autoscalingNoticesLoss: 30 * second,
  /** After a launch that failed; doubled with each further one, up to the second value. */
  autoscalingRetry: 30 * second,
  autoscalingRetryMost: 300 * second,
  instanceRefreshPending: 5 * second,
  instanceRefreshCancelling: 10 * second,
  /** https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html: without progress for an hour it fails. */
  instanceRefreshPatience: 3_600 * second,
  /** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_GettingStarted.html: "up to 20 minutes"; users report half. */
  databaseCreating: 360 * second,
  /** A standby in another zone takes its own time. */
  databaseStandby: 240 * second,
  replicaCreating: 420 * second,
  databaseRestoring: 600 * second,
  databaseModifying: 180 * second,
  databaseRebooting: 60 * second,
  databaseDeleting: 240 * second,
  databaseSnapshot: 120 * second,
  parameterGroupApplying: 30 * second,
  /** https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/ */
  subscriptionLapses: 48 * 3_600 * second,
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html: 60 seconds. */
  queueNameReserved: 60 * second,
  /** A role that was made a moment ago cannot be taken on yet: IAM is eventually consistent. */
  roleKnownToServices: 8 * second,
  /** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html; users report seconds, and up to minutes for images. */
  functionPending: 3 * second,
  imageFunctionPending: 45 * second,
  functionUpdating: 2 * second,
  imageFunctionUpdating: 30 * second,
  /** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/GettingStarted.html: "several minutes"; users report ten. */
  cacheCreating: 600 * second,
  cacheClusterCreating: 360 * second,
  /** Scaling up and upgrading take longer the more a node holds; a setting is told to every node in a few minutes. */
  cacheModifying: 240 * second,
  cacheReplicaAdding: 420 * second,
  cacheDeleting: 300 * second,
  cacheUserModifying: 10 * second,
  cacheUserGroupModifying: 20 * second,
  /** A deleted name "might not be available for reuse" for some time: https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html. */
  bucketNameReserved: 120 * second,
} as const;
