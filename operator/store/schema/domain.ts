import { z } from 'zod';
import { rule, setOf, text, unchanging, withRules } from './words.ts';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostName = {
  max: 253,
  min: 3,
  pattern: `^(${label}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`,
  meaning: 'a host name: two labels or more, in lower case, without scheme, port, star or trailing dot',
};
const insideZone = (name: string) => `${name} == self.zone || ${name}.endsWith('.' + self.zone)`;
const newStore = 'make another store for another zone';

/** The names of a store, the zone they live in, and the certificate that proves them. */
export const domain = withRules(
  z
    .strictObject({
      host: text('The host name under which the store answers, inside the zone. Lower case, without a trailing dot.', {
        ...hostName,
        example: 'shop.example.com',
      }),
      aliases: setOf(
        'Further host names for the same store, inside the same zone. ACM takes ten names per certificate unless your quota was raised.',
        text('A further host name.', { ...hostName, example: 'www.example.com' }),
        20,
      ).default([]),
      zone: text('The Route 53 public hosted zone, by name. Exactly one of zone and zoneId is given. Cannot change.', {
        ...hostName,
        example: 'example.com',
      }).optional(),
      zoneId: text('The Route 53 public hosted zone, by id. Exactly one of zone and zoneId is given. Cannot change.', {
        max: 32,
        pattern: '^Z[A-Z0-9]{1,31}$',
        meaning: 'the id of a hosted zone: a Z, then capitals and digits',
        example: 'Z0123456789ABCDEFGHIJ',
      }).optional(),
      createZone: z
        .boolean()
        .default(false)
        .describe(
          'Whether the operator makes the hosted zone named by zone, and removes it with the store. The names in status.zoneNameServers must then be entered at the registrar or the parent zone. Cannot change.',
        ),
      certificateArn: text(
        "An ACM certificate that you keep yourself, in the store's region. Left out: one is requested, proven by DNS records, and renewed.",
        {
          max: 128,
          pattern: '^arn:aws:acm:[a-z0-9-]{9,20}:[0-9]{12}:certificate/[a-f0-9-]{36}$',
          example: 'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
        },
      ).optional(),
    })
    .describe('The names of the store, the hosted zone they live in, and the certificate for them.'),
  [
    rule('has(self.zone) != has(self.zoneId)', {
      wrong: 'the hosted zone is not named by exactly one of zone and zoneId',
      remedy: 'give one of the two',
      at: '.zone',
      reason: 'FieldValueRequired',
    }),
    rule('!self.createZone || has(self.zone)', {
      wrong: 'a hosted zone that is to be created has no name',
      remedy: 'give domain.zone, or leave createZone out',
      at: '.zone',
      reason: 'FieldValueRequired',
    }),
    rule(`!has(self.zone) || ${insideZone('self.host')}`, {
      wrong: 'the host lies outside the zone',
      remedy: 'choose a host that is the zone or ends in a dot and the zone',
      at: '.host',
    }),
    rule(`!has(self.zone) || self.aliases.all(name, ${insideZone('name')})`, {
      wrong: 'an alias lies outside the zone',
      remedy: 'choose aliases that are the zone or end in a dot and the zone',
      at: '.aliases',
    }),
    rule('!(self.host in self.aliases)', {
      wrong: 'the host is among its own aliases',
      remedy: 'take it out of aliases',
      at: '.aliases',
      reason: 'FieldValueDuplicate',
    }),
    // RFC 5280 bounds the common name, which is what ACM makes of the first name (RequestCertificate, DomainName).
    rule('has(self.certificateArn) || size(self.host) <= 64', {
      wrong: 'the host has more than 64 characters, which is more than ACM puts into a certificate',
      remedy: 'shorten the host, or give certificateArn',
      at: '.host',
    }),
    unchanging('zone', newStore),
    unchanging('zoneId', newStore),
    unchanging('createZone', newStore),
  ],
);
