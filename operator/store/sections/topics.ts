import type { Handle } from '../../model/graph.ts';
import type { NodeId, Ref } from '../../model/ref.ts';
import { subscription, subscriptionNode } from '../../resources/sns/subscription.ts';
import { topicPolicy } from '../../resources/sns/topic-policy.ts';
import { topic, type TopicOutputs } from '../../resources/sns/topic.ts';
import { uniqueName, type Site } from '../site.ts';

export interface TopicWish {
  /** What it is called beside the name of the store, at most 22 characters. */
  readonly what: string;
  readonly displayName: string;
  /** AWS services that publish by themselves; with any, the key is null or the user's own. */
  readonly services: readonly string[];
  readonly kmsKey: string | null;
  /** Where it lives, when not in the store's region. */
  readonly region?: string;
  readonly subscriptions: readonly Addressee[];
  readonly specFields?: Readonly<Record<string, string>>;
}

export interface Addressee {
  readonly protocol: string;
  readonly endpoint: string;
  /** What has to be settled before messages are sent there. */
  readonly after?: readonly Handle<unknown>[];
  /** The queue for what SNS could not deliver there; left out, it is lost. */
  readonly deadLetterArn?: Ref<string>;
}

export interface Topic {
  readonly topic: Handle<TopicOutputs>;
  /** Known before the topic is there: it is made of its name. */
  readonly arn: string;
}

/** What our own topic for alarms is called beside the name of the store. */
export const ofAlarms = 'alarms';

/**
 * The same of a topic of the user's, where both are there: another name for the other one would ask everybody who hears of
 * alarms to confirm again. No user can give a name with a `_`.
 */
export const ofUser = ({ spec }: Site, what: string): string =>
  what === ofAlarms && (spec.monitoring?.notify.emails ?? []).length > 0 ? `topic_${what}` : what;

/** The ARN of a topic before it is there: it is made of its name. */
export const topicArn = ({ spec, account, owner }: Site, what: string, region = spec.region): string =>
  `arn:aws:sns:${region}:${account}:${uniqueName(owner, what)}`;

/** A topic whose node is `<section>/topic…`, with everybody who gets its messages. */
export function addTopic(site: Site, id: NodeId, wish: TopicWish): Topic {
  const { graph, spec, owner, account } = site;
  const { region = spec.region, specFields = {} } = wish;
  const name = uniqueName(owner, wish.what);
  const arn = topicArn(site, wish.what, region);
  const elsewhere = region === spec.region ? {} : { region };
  const made = graph.add(
    topic,
    id,
    {
      name,
      displayName: wish.displayName,
      policy: topicPolicy({ topicArn: arn, account, services: wish.services }),
      kmsKey: wish.kmsKey,
      signatureVersion: '2',
    },
    { ...elsewhere, specFields },
  );
  for (const { after = [], ...addressee } of wish.subscriptions)
    graph.add(
      subscription,
      subscriptionNode(id, addressee.protocol, addressee.endpoint),
      { topicArn: made.out('topicArn'), ...addressee },
      { ...elsewhere, after, specFields: { endpoint: specFields['subscriptions'] ?? 'spec' } },
    );
  return { topic: made, arn };
}
