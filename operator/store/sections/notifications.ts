import type { NodeId } from '../../model/ref.ts';
import type { Site } from '../site.ts';
import type { EcomStoreSpec } from '../spec.ts';
import { allow, publish, type Offer } from './offer.ts';
import { composeFunction } from './message-function.ts';
import { addTopic } from './topics.ts';

type Notifications = NonNullable<EcomStoreSpec['notifications']>;

/** The store's instances publish; who gets the messages is written in the store. */
export function composeNotifications(site: Site, { topics, kmsKeyArn }: Notifications): Offer {
  const made = Object.entries(topics).map(([what, { displayName, subscriptions, function: wish }]) => ({
    what,
    ...addTopic(site, `notifications/topic-${what}` as NodeId, {
      what,
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
  const publishing = allow(
    ['sns:Publish'],
    made.map(({ arn }) => arn),
  );
  return {
    parameters: made.map(({ what, topic }) =>
      publish(site, 'notifications', `notifications/${what}/arn`, topic.out('topicArn'), `ARN of the topic ${what}`),
    ),
    policies: {
      ...(made.length > 0 ? { 'publish-messages': publishing } : {}),
      // Of AWS's own key whoever may publish may make use; of a key of the user's he has to be told.
      // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
      ...(kmsKeyArn ? { 'encrypt-messages': allow(['kms:Decrypt', 'kms:GenerateDataKey'], [kmsKeyArn]) } : {}),
    },
  };
}

const managedKey = 'alias/aws/sns';
