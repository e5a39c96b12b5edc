import { seedCertificate } from './aws/acm/certificates.ts';
import type { World } from './aws/core/world.ts';
import { seedImage } from './aws/ec2/images.ts';
import { seedNetwork } from './aws/ec2/seed.ts';
import { seedPolicy } from './aws/iam/policies.ts';
import { pushImage } from './aws/lambda/kinds.ts';
import { seedHostedZone } from './aws/route53/hosted-zones.ts';
import { seedBucket } from './aws/s3/seed.ts';
import { seedParameter } from './aws/ssm/parameters.ts';

export const homeRegion = 'eu-central-1';

/** The image that the parameter names, a newer one to roll out, and one whose application never answers. */
export const seededImages = {
  storefront: 'ami-0a1b2c3d4e5f60718',
  next: 'ami-0a1b2c3d4e5f60719',
  broken: 'ami-0a1b2c3d4e5f6071a',
} as const;

/** Fills an empty account with what the stores of `examples/` refer to: things of the user's, which no store makes. */
export const furnish = (world: World): void => world.furnish(() => putEverything(world));

function putEverything(world: World): void {
  const { storefront, next, broken } = seededImages;
  seedImage(world, homeRegion, { id: storefront, name: 'storefront-1' });
  seedImage(world, homeRegion, { id: next, name: 'storefront-2' });
  seedImage(world, homeRegion, { id: broken, name: 'storefront-broken', broken: true });
  seedParameter(world, homeRegion, '/ecom/images/storefront', storefront);
  // What an archive has to begin with is all that is looked at.
  seedBucket(world, homeRegion, 'example-code', { 'on-order.zip': 'PK 1', 'on-order-2.zip': 'PK 2' });
  for (const tag of ['1.4.0', '1.5.0'])
    pushImage(world, homeRegion, `${world.account}.dkr.ecr.${homeRegion}.amazonaws.com/on-stock:${tag}`);
  seedHostedZone(world, { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' });
  seedPolicy(world, 'ecom-boundary', {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:*', 'sns:Publish', 'sqs:SendMessage', 'ssm:*', 'ssmmessages:*'],
        Resource: '*',
      },
    ],
  });
  seedCertificate(world, homeRegion, {
    arn: `arn:aws:acm:${homeRegion}:${world.account}:certificate/12345678-1234-1234-1234-123456789012`,
    domain: 'outlet.example.com',
    names: ['outlet.example.com'],
  });
  seedNetwork(world, homeRegion, {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    cidr: '10.200.0.0/16',
    subnets: ['01', '02', '11', '12', '21', '22'].map((end, i) => ({
      id: `subnet-0a1b2c3d4e5f607${end}`,
      cidr: `10.200.${i * 16}.0/20`,
      zone: `${homeRegion}${i % 2 === 0 ? 'a' : 'b'}`,
      public: end.startsWith('0'),
    })),
  });
}
