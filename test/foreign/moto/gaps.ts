import type { Clients } from './clients.ts';
import * as probes from './probes.ts';
import type { Answer } from './recorder.ts';

/** Something that AWS does and moto does not. */
export interface Gap {
  readonly what: string;
  /** What moto does instead, word for word as the probe finds it. */
  readonly seen: string;
  /** What follows for a store on moto, or for what this test can show. */
  readonly consequence: string;
  /** Asks moto, straight: once the answer is another one, moto has learnt it, and the entry has to go. */
  readonly probe: (aws: Clients) => Promise<string>;
}

/** Operations of the operator's that moto does not have, and what follows from that. */
export const lacking: Readonly<Record<string, string>> = {
  'autoscaling:AttachTrafficSources':
    'no other target group can be given to a group; a store does so only when its port changes',
  'autoscaling:DetachTrafficSources': 'as AttachTrafficSources',
  'autoscaling:DescribeInstanceRefreshes':
    'a new launch template version is not rolled out: the group says so, everything else goes on',
  'autoscaling:StartInstanceRefresh': 'as DescribeInstanceRefreshes, which the operator asks first',
  'autoscaling:CancelInstanceRefresh': 'as DescribeInstanceRefreshes',
  'cognito-idp:TagResource': 'a user pool that is kept when its store goes cannot be marked as kept',
  'cognito-idp:UntagResource': 'as TagResource, of a user pool that is adopted',
  'elasticache:DescribeCacheParameterGroups':
    'a store cannot have a cache; that no store has a parameter group **is answered by the test**, or nobody could say that nothing is left',
  'elasticache:DescribeUserGroups': 'as DescribeCacheParameterGroups, of user groups',
  'elasticache:DescribeCacheParameters': 'as DescribeCacheParameterGroups: there is no group to ask about',
  'elasticache:CreateCacheParameterGroup': 'as DescribeCacheParameterGroups',
  'elasticache:ModifyCacheParameterGroup': 'as DescribeCacheParameterGroups',
  'elasticache:ResetCacheParameterGroup': 'as DescribeCacheParameterGroups',
  'elasticache:DeleteCacheParameterGroup': 'as DescribeCacheParameterGroups',
  'elasticache:CreateUserGroup': 'as DescribeUserGroups',
  'elasticache:ModifyUserGroup': 'as DescribeUserGroups',
  'elasticache:DeleteUserGroup': 'as DescribeUserGroups',
  'elasticache:ModifyUser': 'no user of a cache can be set back',
  'elasticache:ModifyCacheSubnetGroup': 'no subnets of a cache can be set back',
  'elasticache:DeleteCacheSubnetGroup': 'what a cache stood on could not be removed',
  'elasticache:ModifyReplicationGroup': 'no cache can be changed',
  'elasticache:IncreaseReplicaCount': 'as ModifyReplicationGroup',
  'elasticache:DecreaseReplicaCount': 'as ModifyReplicationGroup',
  'elasticache:ModifyCacheCluster': 'as ModifyReplicationGroup, of memcached',
  'rds:DescribeDBEngineVersions':
    'no database can be taken to another major version: RDS is asked first whether it can be',
  'rds:ResetDBParameterGroup': 'a parameter of a database that somebody else has set cannot be set back',
};

/** What moto answers to an operation it does not have. */
export const lackingAnswer = '500 Internal Server Error';

/** Lists of ElastiCache that moto lacks: one that fails would leave every store blind. */
const emptyLists: Readonly<Record<string, string>> = {
  DescribeCacheParameterGroups: 'CacheParameterGroups',
  DescribeUserGroups: 'UserGroups',
};

/**
 * Where the test answers in moto's stead, because no store could be built otherwise: the tags of the launch template
 * itself are taken out of its data, where AWS never has them; and of what moto does not know (VPC origins, parameter groups
 * and user groups of caches) there is nothing.
 */
export function mend(operation: string, answer: Answer): Answer {
  const list = emptyLists[operation];
  if (list !== undefined)
    return {
      status: 200,
      body: `<${operation}Response><${operation}Result><${list}/></${operation}Result></${operation}Response>`,
    };
  if (operation === 'GET /2020-05-31/vpc-origin')
    return {
      status: 200,
      body: '<VpcOriginList><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>0</Quantity></VpcOriginList>',
    };
  if (operation !== 'DescribeLaunchTemplateVersions') return answer;
  const tagsOfItsOwn = /<item>\s*<resourceType>launch-template<\/resourceType>\s*<tagSet>.*?<\/tagSet>\s*<\/item>/gs;
  return { ...answer, body: answer.body.replace(tagsOfItsOwn, '') };
}

export const gaps: readonly Gap[] = [
  {
    what: 'The tags of a launch template are the template’s, not its instances’',
    seen: 'resource types in the data of version 1: instance, launch-template',
    consequence:
      'the operator sees tags that nobody asked for and makes version 2, from which no group can be made (next line); **answered by the test**: its recorder takes them out of what moto tells',
    probe: probes.launchTemplateTags,
  },
  {
    what: 'A group starts instances from the second version of a launch template that has user data',
    seen: 'Error: HTTP 500',
    consequence: 'a store whose group is missing after a rollout cannot get it back',
    probe: probes.groupFromSecondVersion,
  },
  {
    what: 'A group keeps its `DefaultInstanceWarmup`',
    seen: 'accepted by create and update, told as undefined',
    consequence:
      '`compute/group` never matches: after three attempts it stalls with `NotKept`, and is tried again ever more rarely; the store is not Ready',
    probe: probes.warmup,
  },
  {
    what: 'Scaling policies of two groups may have the same name',
    seen: 'policies named cpu after one was put to each of two groups: 1',
    consequence: 'two stores in one region take each other’s policy away: here each store has a region of its own',
    probe: probes.policiesOfTwoGroups,
  },
  {
    what: 'A scaling policy goes with its group',
    seen: 'policies after the group is gone: 1',
    consequence: 'nothing: policies are read by the group they belong to',
    probe: probes.policyOfDeletedGroup,
  },
  {
    what: 'A load balancer with deletion protection is not deleted',
    seen: 'deleted',
    consequence: 'that the operator takes the protection off first is not shown by moto',
    probe: probes.protectedLoadBalancer,
  },
  {
    what: 'A subnet with a NAT gateway in it, or a security group that another one names, is not deleted',
    seen: 'subnet deleted, security group deleted',
    consequence: 'the order of a teardown is not judged by moto',
    probe: probes.dependencies,
  },
  {
    what: 'A client token makes a second creation the same as the first',
    seen: 'route tables made with one token: 2; endpoints: 2',
    consequence: '"nothing twice" is not judged by moto where it rests on tokens',
    probe: probes.clientTokens,
  },
  {
    what: 'A caller reference makes one hosted zone',
    seen: 'zones made with one reference: 2',
    consequence: 'as with tokens',
    probe: probes.callerReference,
  },
  {
    what: 'The id of a hosted zone begins with Z',
    seen: 'begins with anything',
    consequence: 'the CRD refuses such an id: the stores here give their zone by name',
    probe: probes.zoneId,
  },
  {
    what: 'A list longer than `MaxResults` comes in pages',
    seen: 'of 6 subnets, 5 asked for: 6 told, no token',
    consequence: 'reading every page is not shown by moto',
    probe: probes.pages,
  },
  {
    what: 'A NAT gateway is pending for a while',
    seen: 'available in the answer to its creation',
    consequence: 'waiting is not shown by moto, but for the certificate and the load balancer',
    probe: probes.natGateway,
  },
  {
    what: 'A certificate is issued once its validation record exists',
    seen: 'issued without a record',
    consequence: 'that the records are right is not shown by moto; the test counts them',
    probe: probes.certificate,
  },
  {
    what: 'An image that does not exist is refused by its id',
    seen: 'an instance of ami-00000000000000000 in service',
    consequence: 'failed launches are not shown by moto',
    probe: probes.missingImage,
  },
  {
    what: 'CloudFront has VPC origins',
    seen: 'Error: HTTP 404',
    consequence:
      'no store with a CDN is built on moto; that there are none is **answered by the test**, for every store is removed only once AWS has told',
    probe: probes.vpcOrigins,
  },
];
