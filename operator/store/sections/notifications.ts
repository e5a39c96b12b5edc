import type { NodeId } from '../../model/ref.ts';
import type { Site } from '../site.ts';
import type { EcomStoreSpec } from '../spec.ts';
import { allow, publish, type Offer } from './offer.ts';
import { composeFunction } from './message-function.ts';
import { addTopic, ofUser } from './topics.ts';

type Notifications = NonNullable<EcomStoreSpec['notifications']>;

/** The store's instances publish; who gets the messages is written in the store. */
export function composeNotifications(site: Site, { topics, kmsKeyArn }: Notifications): Offer {
  const made = Object.entries(topics).map(([what, { displayName, subscriptions, function: wish }]) => ({
    what,
    ...addTopic(site, `notifications/topic-${what}` as NodeId, {
      what: ofUser(site, what),
      displayName: displayName ?? `${site.owner.name} ${what}`,
      services: [],
      kmsKey: kmsKeyArn ?? managedKey,
      subscriptions: [...subscriptions, ...(wish ? [composeFunction(site, what, wish)] : [])],
      specFields: {
        displayName: `spec.notifications.topics.${what}.displayName`,
        kmsKey: 'spec.notifications.kmsKeyArn',
        subscriptions: `spec.notifications.topics.${what}.subscriptions`,
      },
    }),
  }));
  const arns = made.map(({ arn }) => arn);
  const offered = made.length > 0;
  return {
    parameters: made.map(({ what, topic }) =>
      publish(site, 'notifications', `notifications/${what}/arn`, topic.out('topicArn'), `ARN of the topic ${what}`),
    ),
    policies: {
      ...(offered ? { 'publish-messages': allow(['sns:Publish'], arns) } : {}),
      ...(offered && kmsKeyArn ? { 'encrypt-messages': encrypting(site, kmsKeyArn, arns) } : {}),
    },
  };
}

/**
 * Of AWS's own key whoever may publish may make use; of a key of the user's he has to be told. Whose key it is nobody
 * proves: so it serves SNS alone, and messages to these topics, lest a store reads what others have encrypted with it.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 * https://docs.aws.amazon.com/gamelift/latest/flexmatchguide/queue-notification-sns-sse.html
 */
const encrypting = ({ spec }: Site, kmsKeyArn: string, topicArns: readonly string[]) =>
  allow(['kms:Decrypt', 'kms:GenerateDataKey'], [kmsKeyArn], {
    StringEquals: {
      'kms:ViaService': `sns.${spec.region}.amazonaws.com`,
      'kms:EncryptionContext:aws:sns:topicArn': topicArns,
    },
  });

const managedKey = 'alias/aws/sns';
