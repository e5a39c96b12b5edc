import { z } from 'zod';
import { distinct, listOf, rule, text, unchanging, withRules } from './words.ts';

/** What to do about a network that cannot change. */
export const rebuild = 'make another store, and move the host name over when it is ready';

const subnets = (what: string) =>
  listOf(
    what,
    text('The id of a subnet.', {
      max: 24,
      pattern: '^subnet-([0-9a-f]{8}|[0-9a-f]{17})$',
      example: 'subnet-0a1b2c3d4e5f60718',
    }),
    2,
    12,
  );

/** A VPC that exists already. */
export const existingNetwork = withRules(
  z
    .strictObject({
      vpcId: text('The id of the VPC. DNS support and DNS host names must be on in it.', {
        max: 21,
        pattern: '^vpc-([0-9a-f]{8}|[0-9a-f]{17})$',
        example: 'vpc-0a1b2c3d4e5f60718',
      }),
      publicSubnetIds: subnets(
        'Subnets for the load balancer, in two or more zones, with a route to an internet gateway.',
      ),
      appSubnetIds: subnets('Subnets for the instances, in two or more zones, with a way out for what they download.'),
      dataSubnetIds: subnets('Subnets for database and cache, in two or more zones, without a route to the internet.'),
    })
    .describe('A VPC that exists already, with its subnets. They are used and never changed. Cannot change.'),
  [
    distinct('publicSubnetIds', 'subnet'),
    distinct('appSubnetIds', 'subnet'),
    distinct('dataSubnetIds', 'subnet'),
    rule('!self.publicSubnetIds.exists(id, id in self.appSubnetIds)', {
      wrong: 'a subnet is both public and for the instances',
      remedy: 'give the instances subnets of their own, without a route to an internet gateway',
      at: '.appSubnetIds',
    }),
    rule('!self.dataSubnetIds.exists(id, id in self.publicSubnetIds || id in self.appSubnetIds)', {
      wrong: 'a subnet for data is also public or for the instances',
      remedy: 'give database and cache subnets of their own',
      at: '.dataSubnetIds',
    }),
    unchanging('vpcId', rebuild),
    unchanging('publicSubnetIds', rebuild),
    unchanging('appSubnetIds', rebuild),
    unchanging('dataSubnetIds', rebuild),
  ],
);
