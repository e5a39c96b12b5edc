import type { Exchange } from '../../../simulator/aws/wire/exchange.ts';

const notSet = 'whether it is set on the bucket: what is not is an error of its own';

/** What Terraform is refused although all is well: questions it asks in order to be told no. */
export const deliberate: Readonly<Record<string, string>> = {
  'GetInstanceUefiData InvalidInstanceID.Malformed':
    'aws_ami asks by the id of the image and passes the refusal over (terraform-provider-aws issue 47508)',
  'RevokeSecurityGroupEgress InvalidPermission.NotFound':
    'a new group is rid of the IPv6 rule to everywhere too, which AWS gives it only in a VPC with IPv6',
  'DescribeLoadBalancers LoadBalancerNotFound': 'whether the name is free, before a load balancer is made',
  'DescribeTargetGroups TargetGroupNotFound': 'whether the name is free, before a target group is made',
  'DescribeRouteTables InvalidRouteTableID.NotFound': 'until a deleted route table is gone',
  'DescribeSecurityGroups InvalidGroup.NotFound': 'until a deleted group is gone',
  'DescribeVpcEndpoints InvalidVpcEndpointId.NotFound': 'until a deleted endpoint is gone',
  'DescribeVpcs InvalidVpcID.NotFound': 'until a deleted VPC is gone',
  'DisassociateAddress InvalidAssociationID.NotFound':
    'the association of the state file, which AWS ended together with the NAT gateway',
  'DescribeDBInstances DBInstanceNotFound': 'until a deleted database is gone',
  'DescribeSecret ResourceNotFoundException': 'until a deleted secret is gone',
  'DescribeDBSubnetGroups DBSubnetGroupNotFoundFault': 'until a deleted subnet group is gone',
  'GetDistribution NoSuchDistribution': 'until a deleted distribution is gone',
  'GetVpcOrigin EntityNotFound': 'until a deleted origin is gone',
  'HeadBucket 404': 'until a deleted bucket is gone; an answer to HEAD has no body, and so no code',
  'DescribeReplicationGroups ReplicationGroupNotFoundFault': 'until a deleted cache is gone',
  'DescribeUsers UserNotFound': 'until a deleted user of a cache is gone',
  'DescribeUserGroups UserGroupNotFound': 'until a deleted group of users is gone',
  'GetQueueAttributes QueueDoesNotExist': 'until a deleted queue is gone',
  'GetPolicy ResourceNotFoundException': 'until nobody may call a function any more',
  'GetSubscriptionAttributes NotFound': 'until a deleted subscription is gone',
  'Unsubscribe InvalidParameter':
    'AWS deletes no subscription that waits for its confirmation: Terraform passes the refusal over, and the topic takes it along',
  'GetBucketCors NoSuchCORSConfiguration': notSet,
  'GetBucketLifecycleConfiguration NoSuchLifecycleConfiguration': notSet,
  'GetBucketOwnershipControls OwnershipControlsNotFoundError': notSet,
  'GetBucketPolicy NoSuchBucketPolicy': notSet,
  'GetBucketReplication ReplicationConfigurationNotFoundError': notSet,
  'GetBucketTagging NoSuchTagSet': notSet,
  'GetBucketWebsite NoSuchWebsiteConfiguration': notSet,
  'GetObjectLockConfiguration ObjectLockConfigurationNotFoundError': notSet,
  'GetPublicAccessBlock NoSuchPublicAccessBlockConfiguration': notSet,
};

/** `DescribeVpcs InvalidVpcID.NotFound`: what was asked and refused; undefined for a success. */
export function refusalIn({ operation, request, reply }: Exchange): string | undefined {
  if (!reply || reply.status < 400) return undefined;
  const [, xml, json] = /<Code>([^<]+)<|"__type":"([^"]+)"/.exec(reply.body) ?? [];
  const code = xml ?? json ?? reply.headers['x-amzn-errortype'];
  return `${operation ?? `${request.method} ${request.path}`} ${code ?? (reply.body || reply.status)}`;
}
