import { tagKeys, type NodeOwner, type Tags } from '../../operator/model/identity.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import { heritageText, heritageValue } from '../../operator/resources/route53/heritage.ts';
import { bucket } from '../../operator/resources/s3/bucket.ts';
import { strangersAws } from './by-update.ts';
import type { Place } from './place.ts';

/** How somebody changes the tags of a type's resources. */
export interface Tagging {
  set(place: Place, node: string, tags: Tags): Promise<unknown>;
  remove(place: Place, node: string, keys: readonly string[]): Promise<unknown>;
  /** Its owner is read once in the life of a process: what its tags say later is seen by the next one. */
  readonly readOnce?: true;
  /** What becomes of another resource of the store, which leads to it, once its tags are lost: told by the writes. */
  readonly elsewhere?: { readonly type: string; readonly writes: readonly string[] };
}

const pairs = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const keyed = (keys: readonly string[]) => keys.map((Key) => ({ Key }));

const ec2: Tagging = {
  set: (place, node, tags) =>
    place.world.other('ec2', 'CreateTags', { Resources: [place.id(node)], Tags: pairs(tags) }),
  remove: (place, node, keys) =>
    place.world.other('ec2', 'DeleteTags', { Resources: [place.id(node)], Tags: keyed(keys) }),
};

const elbv2: Tagging = {
  set: (place, node, tags) =>
    place.elbv2('AddTags' as never, { ResourceArns: [place.id(node)], Tags: pairs(tags) } as never),
  remove: (place, node, keys) =>
    place.elbv2('RemoveTags' as never, { ResourceArns: [place.id(node)], TagKeys: [...keys] } as never),
  readOnce: true,
};

const named = (kind: 'Role' | 'InstanceProfile', output: string): Tagging => ({
  set: (place, node, tags) =>
    place.world.other('iam', `Tag${kind}`, { [`${kind}Name`]: place.out(node, output), Tags: pairs(tags) }),
  remove: (place, node, keys) =>
    place.world.other('iam', `Untag${kind}`, { [`${kind}Name`]: place.out(node, output), TagKeys: [...keys] }),
  readOnce: true,
});

const zone: Tagging = {
  set: (place, node, tags) =>
    place.route53('ChangeTagsForResource', {
      ...{ ResourceType: 'hostedzone', ResourceId: place.id(node), AddTags: pairs(tags) },
    }),
  // Its comment says whose it is too.
  remove: async (place, node, keys) => {
    await place.world.other('route53', 'UpdateHostedZoneComment', { Id: place.id(node), Comment: 'mine' });
    await place.route53('ChangeTagsForResource', {
      ...{ ResourceType: 'hostedzone', ResourceId: place.id(node), RemoveTagKeys: [...keys] },
    });
  },
  readOnce: true,
};

/** RDS knows its resources by their ARN. */
function rds(arnOf: (place: Place, node: string) => string): Tagging {
  return {
    set: (place, node, tags) => place.rds('AddTagsToResource', { ResourceName: arnOf(place, node), Tags: pairs(tags) }),
    remove: (place, node, keys) =>
      place.rds('RemoveTagsFromResource', { ResourceName: arnOf(place, node), TagKeys: [...keys] }),
  };
}

function cloudfront(arnOf: (place: Place, node: string) => string): Tagging {
  return {
    set: (place, node, tags) =>
      place.world.other('cloudfront', 'TagResource', { Resource: arnOf(place, node), Tags: { Items: pairs(tags) } }),
    remove: (place, node, keys) =>
      place.world.other('cloudfront', 'UntagResource', {
        Resource: arnOf(place, node),
        TagKeys: { Items: [...keys] },
      }),
    readOnce: true,
  };
}

const sns = (place: Place) => place.call('sns');
const secretsmanager = (place: Place) => place.call('secretsmanager');
/** So does ElastiCache; by each ARN it is asked once. */
function elasticache(arnOf: (place: Place, node: string) => string): Tagging {
  return {
    set: (place, node, tags) =>
      place.world.other('elasticache', 'AddTagsToResource', { ResourceName: arnOf(place, node), Tags: pairs(tags) }),
    remove: (place, node, keys) =>
      place.world.other('elasticache', 'RemoveTagsFromResource', {
        ...{ ResourceName: arnOf(place, node), TagKeys: [...keys] },
      }),
    readOnce: true,
  };
}

/** Whose a replication group is stands in its description: AWS tells its tags only while it is at rest. */
const describe = (place: Place, node: string, ReplicationGroupDescription: string) =>
  place.world.other('elasticache', 'ModifyReplicationGroup', {
    ...{ ReplicationGroupId: place.out(node, 'groupId'), ReplicationGroupDescription },
  });
const cloudwatch: Tagging = {
  set: (place, node, tags) =>
    place.world.other('cloudwatch', 'TagResource', { ResourceARN: place.out(node, 'arn'), Tags: pairs(tags) }),
  remove: (place, node, keys) =>
    place.world.other('cloudwatch', 'UntagResource', { ResourceARN: place.out(node, 'arn'), TagKeys: [...keys] }),
  readOnce: true,
};

const asgTag = (place: Place, node: string) => ({ ResourceId: place.id(node), ResourceType: 'auto-scaling-group' });

/** AWS has no tags of these: they are known by what they are part of. */
export const untagged: readonly string[] = [
  'cognito/user-pool-client',
  'cloudfront/origin-access-control',
  'sns/subscription',
];

/** By type, as AWS has it. Records have no tags but a mark beside them: see the test. */
export const taggings: Readonly<Record<string, Tagging>> = {
  ...Object.fromEntries(
    [
      ...['vpc', 'subnet', 'internet-gateway', 'elastic-ip', 'nat-gateway', 'route-table', 'vpc-endpoint', 'flow-log'],
      ...['security-group', 'launch-template'],
    ].map((noun) => [`ec2/${noun}`, ec2]),
  ),
  'elbv2/load-balancer': elbv2,
  'elbv2/target-group': elbv2,
  'elbv2/listener': elbv2,
  'iam/role': named('Role', 'roleName'),
  'iam/instance-profile': named('InstanceProfile', 'profileName'),
  'autoscaling/group': {
    set: (place, node, tags) =>
      place.autoscaling('CreateOrUpdateTags', {
        Tags: pairs(tags).map((tag) => ({ ...asgTag(place, node), ...tag, PropagateAtLaunch: true })),
      }),
    remove: (place, node, keys) =>
      place.autoscaling('DeleteTags', { Tags: keyed(keys).map((tag) => ({ ...asgTag(place, node), ...tag })) }),
  },
  'acm/certificate': {
    set: (place, node, tags) =>
      place.world.other('acm', 'AddTagsToCertificate', { CertificateArn: place.id(node), Tags: pairs(tags) }),
    remove: (place, node, keys) =>
      place.world.other('acm', 'RemoveTagsFromCertificate', { CertificateArn: place.id(node), Tags: keyed(keys) }),
    readOnce: true,
  },
  'route53/hosted-zone': zone,
  'route53/private-zone': zone,
  'route53/record-set': {
    set: (place, node, tags) =>
      mark(place, node, 'UPSERT', [
        ...[tags[tagKeys.installation] ?? 'default', tags[tagKeys.store] ?? nameOf(place)],
        ...[tags[tagKeys.uid] ?? place.store.owner.uid, tags[tagKeys.node] ?? node],
      ]),
    remove: (place, node) => mark(place, node, 'UPSERT', ['mine']),
  },
  'logs/group': {
    set: (place, node, tags) =>
      place.world.other('logs', 'TagResource', { resourceArn: place.out(node, 'arn'), tags: { ...tags } }),
    remove: (place, node, keys) =>
      place.world.other('logs', 'UntagResource', { resourceArn: place.out(node, 'arn'), tagKeys: [...keys] }),
    readOnce: true,
  },
  'elbv2/listener-rule': elbv2,
  'cognito/user-pool': {
    set: (place, node, tags) =>
      place.call('cognito-idp')('TagResource', { ResourceArn: place.out(node, 'userPoolArn'), Tags: { ...tags } }),
    remove: (place, node, keys) =>
      place.call('cognito-idp')('UntagResource', { ResourceArn: place.out(node, 'userPoolArn'), TagKeys: [...keys] }),
    readOnce: true,
  },
  'cloudwatch/alarm': cloudwatch,
  'cloudwatch/dashboard': cloudwatch,
  'route53/health-check': {
    set: (place, node, tags) =>
      place.route53('ChangeTagsForResource', {
        ...{ ResourceType: 'healthcheck', ResourceId: place.id(node), AddTags: pairs(tags) },
      }),
    remove: (place, node, keys) =>
      place.route53('ChangeTagsForResource', {
        ...{ ResourceType: 'healthcheck', ResourceId: place.id(node), RemoveTagKeys: [...keys] },
      }),
    readOnce: true,
  },
  'sns/topic': {
    set: (place, node, tags) => sns(place)('TagResource', { ResourceArn: place.id(node), Tags: pairs(tags) }),
    remove: (place, node, keys) => sns(place)('UntagResource', { ResourceArn: place.id(node), TagKeys: [...keys] }),
    readOnce: true,
  },
  'sqs/queue': {
    set: (place, node, tags) =>
      place.call('sqs')('TagQueue' as never, { QueueUrl: place.id(node), Tags: { ...tags } } as never),
    remove: (place, node, keys) =>
      place.call('sqs')('UntagQueue' as never, { QueueUrl: place.id(node), TagKeys: [...keys] } as never),
    readOnce: true,
  },
  'lambda/function': {
    set: (place, node, tags) => place.call('lambda')('TagResource', { Resource: place.id(node), Tags: { ...tags } }),
    remove: (place, node, keys) =>
      place.call('lambda')('UntagResource' as never, { Resource: place.id(node), TagKeys: [...keys] } as never),
    readOnce: true,
  },
  'rds/subnet-group': { ...rds((place, node) => place.id(node)), readOnce: true },
  'rds/parameter-group': { ...rds((place, node) => place.id(node)), readOnce: true },
  'rds/instance': rds((place, node) => place.out(node, 'arn')),
  'rds/read-replica': {
    ...rds((place, node) => place.out(node, 'arn')),
    // Nobody watches for the store any more whether it answers: the read name lets go of it, until its tags are back.
    elsewhere: { type: 'route53/hosted-zone', writes: ['route53:ChangeResourceRecordSets'] },
  },
  'secretsmanager/secret': {
    set: (place, node, tags) => secretsmanager(place)('TagResource', { SecretId: place.id(node), Tags: pairs(tags) }),
    remove: (place, node, keys) =>
      secretsmanager(place)('UntagResource', { SecretId: place.id(node), TagKeys: [...keys] }),
  },
  's3/bucket': {
    set: (place, node, tags) =>
      bucket.retag?.(strangersAws(place.world), { id: place.id(node) } as never, tags) as Promise<unknown>,
    remove: (place, node, keys) =>
      bucket.retag?.(
        strangersAws(place.world),
        { id: place.id(node) } as never,
        Object.fromEntries(keys.map((key) => [key, null])),
      ) as Promise<unknown>,
    readOnce: true,
  },
  'cloudfront/distribution': cloudfront((place, node) => place.out(node, 'distributionArn')),
  'cloudfront/vpc-origin': cloudfront(
    (place, node) => `arn:aws:cloudfront::${place.world.cloud.account}:vpcorigin/${place.id(node)}`,
  ),
  ...Object.fromEntries(
    ['subnet-group', 'parameter-group', 'user', 'user-group', 'cluster'].map((noun) => [
      `elasticache/${noun}`,
      elasticache((place, node) => place.id(node)),
    ]),
  ),
  'elasticache/replication-group': {
    set: (place, node, tags) => describe(place, node, heritageText(harmed(place, node, tags))),
    remove: (place, node) => describe(place, node, 'mine'),
  },
  'ssm/parameter': {
    set: (place, node, tags) =>
      place.world.other('ssm', 'AddTagsToResource', {
        ...{ ResourceType: 'Parameter', ResourceId: place.id(node), Tags: pairs(tags) },
      }),
    remove: (place, node, keys) =>
      place.world.other('ssm', 'RemoveTagsFromResource', {
        ...{ ResourceType: 'Parameter', ResourceId: place.id(node), TagKeys: [...keys] },
      }),
    readOnce: true,
  },
};

const nameOf = ({ store: { owner } }: Place): string => `${owner.namespace}/${owner.name}`;

/** The owner of a node's resource, with some of it set to something else. */
const harmed = (place: Place, node: string, tags: Tags): NodeOwner =>
  ownerOf([
    ...[tags[tagKeys.installation] ?? 'default', tags[tagKeys.store] ?? nameOf(place)],
    ...[tags[tagKeys.uid] ?? place.store.owner.uid, tags[tagKeys.node] ?? node],
  ]);

function ownerOf([installation = '', store = '', uid = '', what = '']: readonly string[]): NodeOwner {
  const [namespace = '', name = ''] = store.split('/');
  return { installation, namespace, name, uid, node: what as NodeId };
}

function mark(place: Place, node: string, Action: 'UPSERT', words: readonly string[]): Promise<unknown> {
  const [HostedZoneId = '', name = '', type = ''] = place.id(node).split('/');
  const owner = ownerOf(words);
  const Value = words.length === 1 ? `"${words[0]}"` : heritageValue(owner);
  return place.route53('ChangeResourceRecordSets', {
    HostedZoneId,
    ChangeBatch: {
      Changes: [
        {
          Action,
          ResourceRecordSet: {
            Name: `_ecom-${type.toLowerCase()}.${name}`,
            ...{ Type: 'TXT', TTL: 300, ResourceRecords: [{ Value }] },
          },
        },
      ],
    },
  });
}
