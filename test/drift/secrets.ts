import { secret } from '../../operator/resources/secretsmanager/secret.ts';
import { otherAccount } from '../support/other-account.ts';
import { letsRead } from '../support/secret-policy.ts';
import { byUpdate } from './by-update.ts';
import { driftsOf, flag, noneWanted, notInAws, value } from './drift.ts';
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
    resourcePolicy: {
      changed: noneWanted('there is nothing to change'),
      removed: noneWanted('there is nothing to take away'),
      extra: {
        what: 'another account may read it',
        make: (place) =>
          place.call('secretsmanager')('PutResourcePolicy', {
            SecretId: SecretId(place),
            ResourcePolicy: letsRead(otherAccount),
          }),
      },
    },
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
