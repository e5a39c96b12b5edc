import { secret } from '../../operator/resources/secretsmanager/secret.ts';
import { byUpdate } from './by-update.ts';
import { driftsOf, flag, notInAws, value } from './drift.ts';
import type { Place } from './place.ts';

const SecretId = (place: Place): string => place.id('database/password');
const unseen = notInAws('it lies in the value, which is anybody’s to change who may read it');

export const secretDrifts = driftsOf(secret, {
  in: 'mysql',
  node: 'database/password',
  properties: {
    description: value(byUpdate(secret, 'database/password')('another text', 'description', () => 'theirs')),
    username: { changed: unseen, removed: unseen, extra: unseen },
    deletionScheduled: flag({
      what: 'its deletion scheduled',
      make: (place) => place.call('secretsmanager')('DeleteSecret', { SecretId: SecretId(place) }),
    }),
  },
  deleted: {
    what: 'it, at once',
    make: (place) =>
      place.call('secretsmanager')('DeleteSecret', {
        ...{ SecretId: SecretId(place), ForceDeleteWithoutRecovery: true },
      }),
    awsMinutes: 0,
    // A new one, the password set from it, which one that is, and who reads it: the role and the parameter.
    writes: 5,
  },
});
