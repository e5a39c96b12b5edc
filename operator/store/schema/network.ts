import { z } from 'zod';
import { existingNetwork, rebuild } from './existing-network.ts';
import { distinct, listOf, logRetention, oneOf, rule, text, unchanging, withRules } from './words.ts';

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

const shape = '^([0-9]{1,3}[.]){3}[0-9]{1,3}/(1[6-9]|2[0-2])$';

/** What the third octet of a network is a multiple of, by its prefix length. */
const steps = "{'16': 256, '17': 128, '18': 64, '19': 32, '20': 16, '21': 8, '22': 4}";

/** EC2 would silently cut the host bits off and read back another CIDR (CreateVpc, CidrBlock). */
const isAligned = `(int(self.split('.')[2]) % ${steps}[self.split('/')[1]] == 0 && self.split('.')[3].startsWith('0/'))`;

const cidr = withRules(
  text('The addresses of the VPC: a private network of prefix length 16 to 22. Cannot change.', {
    max: 18,
    pattern: `^(${octet}[.]){3}${octet}/(1[6-9]|2[0-2])$`,
    meaning: 'an IPv4 network with a prefix length from /16 to /22',
    example: '10.0.0.0/16',
  }).default('10.0.0.0/16'),
  [
    rule("self.matches('^(10[.]|172[.](1[6-9]|2[0-9]|3[01])[.]|192[.]168[.])')", {
      wrong: 'the network is not a private one',
      remedy: 'choose one inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
    }),
    rule(`!self.matches('${shape}') || ${isAligned}`, {
      wrong: 'the address has bits set beyond the prefix length',
      remedy: 'give the first address of the network, as 10.0.0.0/16',
    }),
  ],
);

/** The store's network: one that is made, or one that exists. */
export const network = withRules(
  z
    .strictObject({
      cidr,
      zones: oneOf('How many availability zones the store spreads over. Cannot change.', [2, 3, 4] as const).default(2),
      zoneNames: listOf(
        'The availability zones by name, where it matters which. Left out: the first ones that offer the instance types. Cannot change.',
        text('The name of an availability zone of the region.', {
          max: 32,
          pattern: '^[a-z]{2}-[a-z]+-[0-9]{1,2}[a-z]$',
          meaning: 'an availability zone: the region, then a letter',
          example: 'eu-central-1a',
        }),
        2,
        4,
      ).optional(),
      nat: z
        .enum(['none', 'single', 'perZone'])
        .default('single')
        .describe(
          'How instances reach the internet: not at all, through one NAT gateway, or through one in every zone (which survives the loss of a zone). With none they reach no parameter, secret, topic or log of AWS.',
        ),
      flowLogs: z
        .strictObject({
          enabled: z.boolean().default(true).describe('Whether the traffic of the VPC is logged.'),
          retentionDays: logRetention('How many days CloudWatch Logs keeps the flow logs.'),
        })
        .prefault({})
        .describe('The log of the traffic in the VPC that is made. An existing VPC keeps the flow logs it has.'),
      existing: existingNetwork.optional(),
    })
    .prefault({})
    .describe('The network: a VPC that is made for this store, or one that exists.'),
  [
    rule(
      "!has(self.existing) || (self.cidr == '10.0.0.0/16' && self.zones == 2 && !has(self.zoneNames) && self.nat == 'single')",
      {
        wrong: 'cidr, zones, zoneNames and nat describe a VPC that is made, but an existing one is given',
        remedy: 'leave them out, or leave existing out',
        at: '.existing',
        reason: 'FieldValueForbidden',
      },
    ),
    rule('!has(self.zoneNames) || self.zones == 2 || self.zones == size(self.zoneNames)', {
      wrong: 'zones and zoneNames disagree about the number of zones',
      remedy: 'leave zones out where zoneNames is given',
      at: '.zones',
    }),
    distinct('zoneNames', 'zone'),
    unchanging('cidr', rebuild),
    unchanging('zones', rebuild),
    unchanging('zoneNames', rebuild),
    rule('has(self.existing) == has(oldSelf.existing)', {
      wrong: 'a store cannot move between a VPC of its own and an existing one',
      remedy: rebuild,
      at: '.existing',
      reason: 'FieldValueForbidden',
    }),
  ],
);
