import { isLookup, type AnyType } from '../../model/resource-type.ts';

/** What a box is about: its colour and its sign. */
export type Category =
  'compute' | 'network' | 'database' | 'storage' | 'security' | 'messages' | 'management' | 'other';

/**
 * Where a resource is drawn. `edge`: beside the internet, outside the region; `account`: after those; `border`: on the edge of the VPC; `vpc`:
 * in it, in no subnet; `subnets`: in those that the resource refers to; `region`: beside the VPC; `part`: not by itself,
 * being told by the box that it belongs to.
 */
export type Place = 'edge' | 'account' | 'border' | 'vpc' | 'subnets' | 'region' | 'part';

export interface Look {
  readonly label: string;
  readonly category: Category;
  readonly place: Place;
}

const part: Look = { label: '', category: 'other', place: 'part' };

/** Types whose look does not follow from their service. */
const looks: Readonly<Record<string, Look>> = {
  'ec2/vpc': part,
  'ec2/vpc-lookup': part,
  'ec2/zones-lookup': part,
  'ec2/subnet': part,
  'ec2/subnets-lookup': part,
  'ec2/route-table': part,
  'ec2/elastic-ip': part,
  'ec2/security-group': part,
  'ec2/launch-template': part,
  'ec2/image-lookup': part,
  'ssm/parameter-lookup': part,
  'elbv2/listener': part,
  'elbv2/listener-rule': part,
  'cognito/user-pool-client': part,
  'sns/subscription': part,
  'elasticache/user': part,
  'elasticache/user-group': part,
  'elbv2/target-group': part,
  'iam/instance-profile': part,
  'route53/record-set': part,
  'ec2/internet-gateway': { label: 'Internet gateway', category: 'network', place: 'border' },
  'ec2/nat-gateway': { label: 'NAT gateway', category: 'network', place: 'subnets' },
  'ec2/vpc-endpoint': { label: 'VPC endpoint', category: 'network', place: 'vpc' },
  'ec2/flow-log': { label: 'Flow log', category: 'management', place: 'vpc' },
  'elbv2/load-balancer': { label: 'Application Load Balancer', category: 'network', place: 'subnets' },
  'autoscaling/group': { label: 'Auto Scaling group', category: 'compute', place: 'subnets' },
  'acm/certificate': { label: 'ACM certificate', category: 'security', place: 'edge' },
  'acm/certificate-lookup': { label: 'ACM certificate', category: 'security', place: 'edge' },
  'route53/hosted-zone': { label: 'Route 53 hosted zone', category: 'network', place: 'edge' },
  'route53/hosted-zone-lookup': { label: 'Route 53 hosted zone', category: 'network', place: 'edge' },
  'route53/private-zone': { label: 'Private hosted zone', category: 'network', place: 'vpc' },
  'cloudwatch/alarm': part,
  'logs/group': { label: 'CloudWatch log group', category: 'management', place: 'region' },
};

/** How the types of a service look that are not listed above; the noun of the type is added to the label. */
const services: Readonly<Record<string, Look>> = {
  ec2: { label: 'EC2', category: 'compute', place: 'region' },
  rds: { label: 'RDS', category: 'database', place: 'subnets' },
  elasticache: { label: 'ElastiCache', category: 'database', place: 'subnets' },
  s3: { label: 'S3', category: 'storage', place: 'region' },
  cloudfront: { label: 'CloudFront', category: 'network', place: 'edge' },
  route53: { label: 'Route 53', category: 'network', place: 'edge' },
  cognito: { label: 'Cognito', category: 'security', place: 'region' },
  sns: { label: 'SNS', category: 'messages', place: 'region' },
  sqs: { label: 'SQS', category: 'messages', place: 'region' },
  lambda: { label: 'Lambda', category: 'compute', place: 'region' },
  cloudwatch: { label: 'CloudWatch', category: 'management', place: 'region' },
  ssm: { label: 'SSM', category: 'management', place: 'region' },
  secretsmanager: { label: 'Secrets Manager', category: 'security', place: 'region' },
  iam: { label: 'IAM', category: 'security', place: 'account' },
};

/** Settings of something else, by the end of their name: `rds/subnet-group`, `s3/bucket-policy`, any lookup. */
const partEnds = ['-lookup', '-policy', 'subnet-group', 'parameter-group', 'option-group', '-access-control'];

/** How a type looks. One that nobody has listed is drawn too: plainly, where its scope says. */
export function lookOf(type: AnyType): Look {
  const known = looks[type.name];
  if (known) return known;
  if (isLookup(type) || partEnds.some((end) => type.name.endsWith(end))) return part;
  const [service = '', noun = ''] = type.name.split('/');
  const { label, category, place } = services[service] ?? {
    label: service,
    category: 'other',
    place: type.scope === 'global' ? 'account' : 'subnets',
  };
  return { label: `${label} ${noun.replaceAll('-', ' ')}`, category, place };
}
