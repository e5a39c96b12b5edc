import { z } from 'zod';
import { imageIdPattern } from '../../resources/ec2/image-lookup.ts';
import { usualHealthPath, usualPort } from '../site.ts';
import { distinct, listOf, logRetention, rule, text, whole, withRules } from './words.ts';

const image = withRules(
  z
    .strictObject({
      id: text('The AMI by id. A new id is rolled out.', {
        max: 21,
        pattern: imageIdPattern,
        meaning: 'the id of an AMI: ami- and 8 or 17 hexadecimal digits',
        example: 'ami-0a1b2c3d4e5f60718',
      }).optional(),
      ssmParameter: text(
        'An SSM parameter that holds the id of the AMI. It is read again and again; a new value is rolled out.',
        {
          max: 1011,
          pattern: '^(/[A-Za-z0-9_.-]+){1,15}$',
          meaning: 'the name of an SSM parameter: it begins with a slash',
          example: '/ecom/images/storefront',
        },
      ).optional(),
    })
    .describe('The machine image of the storefront: exactly one of id and ssmParameter.'),
  [
    rule('has(self.id) != has(self.ssmParameter)', {
      wrong: 'the image is not given by exactly one of id and ssmParameter',
      remedy: 'give one of the two',
      reason: 'FieldValueRequired',
    }),
  ],
);

const scaling = withRules(
  z
    .strictObject({
      min: whole('The least number of instances.', 1, 500).default(2),
      max: whole('The greatest number of instances.', 1, 500).default(4),
      targetCpuPercent: whole('The average CPU load that the autoscaler aims for.', 10, 90).default(60),
    })
    .prefault({})
    .describe('How many instances run. Between the bounds the number belongs to the autoscaler.'),
  [
    rule('self.min <= self.max', {
      wrong: 'min is greater than max',
      remedy: 'raise max (4 where it is left out) or lower min',
      at: '.max',
    }),
  ],
);

const environment = withRules(
  z
    .record(
      z.string(),
      z
        .string()
        .max(4096)
        .regex(/^[^\x00-\x08\x0A-\x1F\x7F]*$/)
        .meta({ description: 'The value: one line.', example: 'one line of text' }),
    )
    .meta({
      description:
        'Environment variables of the application. They are readable by everybody who may read the launch template: secrets belong elsewhere.',
      maxProperties: 50,
    })
    .default({}),
  [
    rule("self.all(name, name.matches('^[A-Za-z_][A-Za-z0-9_]{0,127}$'))", {
      wrong: 'a variable has a name that shells do not take',
      remedy: 'use letters, digits and underscores, not beginning with a digit, at most 128 characters',
    }),
    rule("self.all(name, name != 'PORT' && !name.startsWith('ECOM_'))", {
      wrong: 'PORT and the names that begin with ECOM_ are set by the operator',
      remedy: 'use compute.port for the port, and another name for anything else',
      reason: 'FieldValueForbidden',
    }),
  ],
);

/** The other formats of cloud-init: https://github.com/canonical/cloud-init/blob/20.2/doc/rtd/topics/format.rst */
const otherFormats = '^(#cloud-|#include|#part-handler|## template:|[Cc]ontent-[Tt]ype:|[Mm][Ii][Mm][Ee]-[Vv]ersion:)';

/** With options in letters at most, which a script can set for itself. */
const shell = '^#! ?(/usr)?/bin/(env )?(ba|da)?sh( -[efuvx]+)?[ ]*(\\n|$)';

/** Bash runs it, as what goes on after the operator's own lines. */
const userData = withRules(
  text('A script for a shell that runs at the first start, after the environment is in place.', {
    max: 16384,
    pattern: '^[^\\x00]*$',
    example: '#!/bin/sh',
  }),
  [
    rule(`!self.matches('${otherFormats}')`, {
      wrong: 'userData is a file of cloud-init in another format than a script',
      remedy: 'give the commands of a shell, and bake what packages and files there are into the image',
    }),
    rule(`!self.startsWith('#!') || self.matches('${shell}')`, {
      wrong: 'the first line of userData names what is no shell, or options that would be lost',
      remedy:
        'begin it with #!/bin/bash or no such line at all, set options in the script, and call programs in other languages from it',
    }),
  ],
);

/** The instances: what runs on them, how many there are, and how a new image reaches them. */
export const compute = withRules(
  z
    .strictObject({
      instanceTypes: listOf(
        'The instance types, the preferred one first; the others are taken when AWS has no capacity for it.',
        text('An EC2 instance type.', {
          max: 32,
          pattern: '^[a-z][a-z0-9-]{0,15}[.][a-z0-9-]{1,15}$',
          meaning: 'an instance type: family and size, with a dot between them',
          example: 'm4.large',
        }),
        1,
        10,
      ).default(['m4.large']),
      image,
      scaling,
      port: whole(
        'The port on which the application listens, for plain HTTP. A change makes a second set of instances, which takes over when all of them answer.',
        1,
        65535,
      ).default(usualPort),
      // As long as a health check of Route 53 may ask for it: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
      healthPath: text(
        'The path that answers 200 to 399 when the application can serve. A change makes a second set of instances, as a change of port does.',
        {
          max: 255,
          pattern: "^/[A-Za-z0-9_.~!$&'()*+,;=:@%/?-]*$",
          example: '/healthz',
        },
      ).default(usualHealthPath),
      healthGraceSeconds: whole('How long a new instance may take before its health counts.', 0, 7200).default(120),
      environment,
      userData: userData.optional(),
      volume: z
        .strictObject({
          sizeGiB: whole('Its size in GiB; not smaller than the image.', 8, 16384).default(20),
          type: z.enum(['gp3', 'gp2']).default('gp3').describe('Its EBS volume type.'),
        })
        .prefault({})
        .describe('The root volume of every instance; always encrypted.'),
      rollout: z
        .strictObject({
          minHealthyPercent: whole('How much of the group stays healthy while it is renewed.', 50, 100).default(90),
          // A rollout in which nothing is renewed for an hour is given up, and nobody says that warming up does not count.
          // https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
          warmupSeconds: whole('How long a new instance warms up before the next is replaced.', 0, 1800).default(120),
        })
        .prefault({})
        .describe('How a new image, type or user data reaches the instances.'),
      logRetentionDays: logRetention("How many days CloudWatch Logs keeps the application's logs."),
    })
    .describe('The instances: what runs on them, how many there are, and how a new image reaches them.'),
  [distinct('instanceTypes', 'type')],
);
