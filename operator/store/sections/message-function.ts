import type { Handle } from '../../model/graph.ts';
import type { NodeId } from '../../model/ref.ts';
import { role } from '../../resources/iam/role.ts';
import type { Code } from '../../resources/lambda/code.ts';
import { lambdaFunction } from '../../resources/lambda/function.ts';
import { logGroup } from '../../resources/logs/group.ts';
import { queuePolicy } from '../../resources/sqs/queue-policy.ts';
import { queue } from '../../resources/sqs/queue.ts';
import { retentionDays, storePath, uniqueName, type Site } from '../site.ts';
import type { EcomStoreSpec } from '../spec.ts';
import { boundaryOf, trust } from './iam.ts';
import { allow } from './offer.ts';
import { ofUser, topicArn, type Addressee } from './topics.ts';

type Topics = NonNullable<EcomStoreSpec['notifications']>['topics'];
type MessageFunction = NonNullable<Topics[string]['function']>;

/** "14 days": https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
const longestRetention = 1_209_600;

/** The function that gets each message of a topic: the user's own as it is, or one that is made with all that it needs. */
export function composeFunction(site: Site, what: string, wish: MessageFunction): Addressee {
  if (wish.arn !== undefined) return { protocol: 'lambda', endpoint: wish.arn };
  const { graph, owner } = site;
  const logs = graph.add(logGroup, id('log-group', what), {
    name: `${storePath(owner)}/functions/${what}`,
    retentionDays: retentionDays(site.spec, wish.logRetentionDays),
  });
  const failed = composeQueue(site, what);
  const { noun, name, packageType } = packageOf(site, what, wish);
  const made = graph.add(
    lambdaFunction,
    id(noun, what),
    {
      name,
      packageType,
      code: codeOf(wish),
      runtime: wish.runtime ?? null,
      handler: wish.handler ?? null,
      roleArn: composeRole(site, what, failed.arn).out('roleArn'),
      memoryMib: wish.memoryMiB,
      timeoutSeconds: wish.timeoutSeconds,
      logGroup: logs.out('name'),
      deadLetterArn: failed.queue.out('queueArn'),
      invokers: [{ service: 'sns.amazonaws.com', sourceArn: topicArn(site, ofUser(site, what)) }],
    },
    {
      specFields: {
        code: `spec.notifications.topics.${what}.function`,
        runtime: `spec.notifications.topics.${what}.function.runtime`,
        handler: `spec.notifications.topics.${what}.function.handler`,
      },
    },
  );
  const { spec, account } = site;
  const arn = `arn:aws:lambda:${spec.region}:${account}:function:${name}`;
  return { protocol: 'lambda', endpoint: arn, after: [made], deadLetterArn: failed.queue.out('queueArn') };
}

const id = (noun: string, what: string): NodeId => `notifications/${noun}-${what}`;

/**
 * No function becomes one of the other package, so both have names of their own: the other is made first, and one that
 * cannot be made leaves the old where it is. For a while both get each message, which any function has to bear.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const packageOf = ({ owner }: Site, what: string, { image }: MessageFunction) =>
  image === undefined
    ? ({ noun: 'function', name: uniqueName(owner, `on-${what}`), packageType: 'Zip' } as const)
    : ({ noun: 'image-function', name: uniqueName(owner, `image-on-${what}`), packageType: 'Image' } as const);

function codeOf({ image, s3 }: MessageFunction): Code {
  if (image !== undefined) return { imageUri: image };
  if (s3 === undefined) throw new Error('a function of neither an archive nor an image');
  const { bucket, key, version } = s3;
  return { s3: { bucket, key, ...(version === undefined ? {} : { version }) } };
}

/** Where messages go that SNS could not deliver or the function could not handle, for as long as SQS keeps any. */
function composeQueue(site: Site, what: string) {
  const { graph, owner, account, spec } = site;
  const name = uniqueName(owner, `failed-${what}`);
  const arn = `arn:aws:sqs:${spec.region}:${account}:${name}`;
  const made = graph.add(queue, id('failed', what), {
    name,
    policy: queuePolicy(arn, account, topicArn(site, ofUser(site, what))),
    retentionSeconds: longestRetention,
    encryption: 'sqs',
  });
  return { queue: made, arn };
}

/** It writes its log and passes on what it could not handle: nothing else. */
function composeRole(site: Site, what: string, queueArn: string): Handle<{ readonly roleArn: string }> {
  const { graph, owner, account, spec } = site;
  const group = `arn:aws:logs:${spec.region}:${account}:log-group:${storePath(owner)}/functions/${what}`;
  return graph.add(
    role,
    id('role', what),
    {
      description: `Function on ${what} of store ${owner.namespace}/${owner.name}`,
      trustPolicy: trust('lambda.amazonaws.com'),
      inlinePolicies: {
        'own-logs': allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [group, `${group}:*`]),
        'failed-messages': allow(['sqs:SendMessage'], [queueArn]),
      },
      managedPolicyArns: [],
      permissionsBoundaryArn: boundaryOf(site),
    },
    { specFields: { permissionsBoundaryArn: 'spec.policy.permissionsBoundaryArn' } },
  );
}
