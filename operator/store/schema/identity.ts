import { z } from 'zod';
import { rule, setOf, text, whole, withRules } from './words.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#path-conditions */
const pathOnOurHost = { max: 127, min: 1, pattern: '^/[A-Za-z0-9_.$/~@:+-]*$' };

const character = (what: string) => z.boolean().default(true).describe(`Whether a password needs ${what}.`);

const passwordPolicy = z
  .strictObject({
    minLength: whole('How many characters a password has at the least.', 8, 99).default(12),
    requireLowercase: character('a small letter'),
    requireUppercase: character('a capital letter'),
    requireNumbers: character('a digit'),
    requireSymbols: character('a character that is neither letter nor digit'),
    temporaryDays: whole(
      'How long a password that an administrator has given may be used to sign in first.',
      1,
      365,
    ).default(7),
  })
  .prefault({})
  .describe('What a password has to be.');

/** A store that is behind sign-in as a whole has no page to be sent to but one that asks people to sign in. */
const isWhole = "self.protectedPaths.exists(guarded, guarded == '/*')";
const isGuarded =
  "self.protectedPaths.exists(guarded, guarded == path || guarded.endsWith('*') && path.startsWith(guarded.split('*')[0]))";

/** Who may sign in to the store, and where they have to. */
export const identity = withRules(
  z
    .strictObject({
      groups: setOf(
        'Groups that users can be put into; the tokens of a user name them. One that is taken out here stays, with the users in it.',
        text('The name of a group.', { max: 64, min: 1, pattern: '^[A-Za-z0-9_.-]+$', example: 'merchant' }),
        20,
      ).default(['customer', 'merchant', 'admin']),
      signUp: z
        .enum(['open', 'invitation'])
        .default('open')
        .describe(
          'Who may have an account: whoever signs up, or only those whom a person of yours makes one for (AdminCreateUser). Accounts that there are stay. Signed in is not allowed: what a group may do, the application asks of the group.',
        ),
      mfa: z
        .enum(['none', 'optional', 'required'])
        .default('optional')
        .describe(
          'Whether people sign in with a one-time password of an authenticator app as well: nobody, those who want to, or all. The sign-in pages set it up where all do; for those who want to the application does, with their access token.',
        ),
      passwordPolicy,
      advancedSecurity: z
        .enum(['none', 'audit', 'enforced'])
        .default('none')
        .describe(
          'Whether Cognito watches for stolen passwords and strange sign-ins: not at all, reporting them, or blocking them. Anything but none takes the Plus plan, which costs more for each user.',
        ),
      protectedPaths: setOf(
        'Paths for which people have to be signed in, in upper and lower case as they are written here. A star at the end stands for anything.',
        text('A path, with or without a star at its end.', {
          ...pathOnOurHost,
          pattern: '^/[A-Za-z0-9_.$/~@:+-]*[*]?$',
          example: '/account/*',
        }),
        20,
      ).default(['/account', '/account/*', '/admin', '/admin/*']),
      signOutPaths: setOf(
        'Paths of the store to which people may be sent after they have signed out.',
        text('A path.', { ...pathOnOurHost, example: '/goodbye' }),
        10,
      ).default(['/']),
      sessionHours: whole('How long the load balancer takes somebody for signed in.', 1, 168).default(12),
      domainPrefix: text(
        'The sign-in pages are at https://PREFIX.auth.REGION.amazoncognito.com: it is one store of all in a region. When it changes, nobody can sign in for about a minute. Left out: made of the name of the store.',
        { max: 63, min: 1, pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', example: 'acme-shop' },
      ).optional(),
      adopt: text(
        'The id of a user pool that a deleted store of the namespace has left, which this store takes over with all its users.',
        { max: 55, pattern: '^[a-z]{2}-[a-z]{4,9}-[0-9]_[0-9a-zA-Z]{1,40}$', example: 'eu-central-1_a1B2c3D4e' },
      ).optional(),
    })
    .optional()
    .describe(
      "Who may sign in to the store, and where they have to. Codes go by Cognito's own e-mail, 50 a day and AWS account: before the shop opens, let SES send them in the console, which the operator leaves as it is. Left out: nobody signs in by it.",
    ),
  [
    rule("!has(self.domainPrefix) || !['aws', 'amazon', 'cognito'].exists(word, self.domainPrefix.contains(word))", {
      wrong: 'domainPrefix contains aws, amazon or cognito, which AWS keeps for itself',
      remedy: 'choose another prefix, or leave it out',
      at: '.domainPrefix',
    }),
    rule(`${isWhole} || self.signOutPaths.all(path, !${isGuarded})`, {
      wrong: 'a path of signOutPaths is behind sign-in: who has just signed out is asked to sign in again',
      remedy: 'give a path that protectedPaths does not cover, as /',
      at: '.signOutPaths',
    }),
  ],
);
