import { describe, expect, test } from 'vitest';
import { flowText, type Picture } from '../../../operator/cli/diagram/picture.ts';
import { pictureOfGraph } from '../../../operator/cli/diagram/picture-of.ts';
import { from, graphWith, group, heading, largePicture, pictureWith, withNodes } from './stores.ts';

const told = (picture: Picture): string[] => picture.flows.map((flow) => flowText(picture, flow));
const changed = (...groups: Parameters<typeof group>[]) =>
  told(pictureOfGraph(withNodes(graphWith('minimal'), ...groups.map((given) => group(...given))), heading));

describe('who may reach whom', () => {
  test('is the chain world, load balancer, instances, data, and the way out', () => {
    expect(told(pictureWith('minimal', { database: { engine: 'mysql' } }))).toEqual([
      'Internet → Application Load Balancer: 443, 80',
      'Application Load Balancer → Auto Scaling group: 8080',
      'Auto Scaling group → RDS instance: 3306',
      'Auto Scaling group → VPC endpoint: any port',
      'Auto Scaling group → Internet: any port, through NAT gateway',
    ]);
  });

  test('is the chain world, CDN, load balancer and bucket, where there is a CDN', () => {
    const flows = told(pictureWith('minimal', { cdn: {}, content: {} }));
    expect(flows.slice(0, 4)).toEqual([
      'Internet → CloudFront distribution: 443, 80',
      'CloudFront distribution → S3 bucket: 443',
      'CloudFront distribution → Application Load Balancer: 443',
      'Application Load Balancer → Auto Scaling group: 8080',
    ]);
    expect(flows.filter((flow) => flow.startsWith('Internet →'))).toHaveLength(1);
  });

  test('has the way from the instances to a database and to a cache, by the ports of their engines', () => {
    const toData = (spec: Parameters<typeof pictureWith>[1]) =>
      told(pictureWith('minimal', spec)).filter((flow) => /^Auto Scaling group → (RDS|ElastiCache)/.test(flow));
    expect(toData({ database: {}, cache: {} })).toEqual([
      'Auto Scaling group → RDS instance: 5432, 6379',
      'Auto Scaling group → ElastiCache replication group: 5432, 6379',
    ]);
    expect(toData({ cache: { engine: 'memcached' } })).toEqual(['Auto Scaling group → ElastiCache cluster: 11211']);
  });

  test('has no way to the internet where no route leads there', () => {
    const flows = told(pictureWith('minimal', { network: { nat: 'none' } }));
    expect(flows.filter((flow) => flow.includes('→ Internet'))).toEqual([]);
    expect(flows).toContain('Auto Scaling group → VPC endpoint: any port');
  });

  test('in a given VPC leaves open what only its routes decide', () => {
    expect(told(pictureWith('existing-vpc'))).toContain(
      'Auto Scaling group → Internet: any port, where the routes of the given VPC lead out',
    );
  });

  test('is only what the rules of both sides allow', () => {
    const app = from('network/sg-app', 8000, 8100);
    expect(changed(['network/sg-alb', [], [app]])).toContain('Application Load Balancer → Auto Scaling group: 8080');
    const wrong = changed(['network/sg-alb', [], [from('network/sg-app', 9090)]]);
    expect(wrong.filter((flow) => flow.includes('Balancer → Auto'))).toEqual([]);
  });

  test('shows a hole as it is: an open database port leads from the internet to the data', () => {
    const hole = { protocol: 'tcp', fromPort: 5432, toPort: 5432, cidr: '0.0.0.0/0' };
    expect(changed(['network/sg-data', [hole]])).toContain('Internet → Security group sg-data: 5432');
  });

  test('tells ranges, protocols, and address ranges by their own name', () => {
    const office = { protocol: 'udp', fromPort: 50, toPort: 60, cidr: '203.0.113.0/24' };
    const ping = { protocol: 'icmp', fromPort: -1, toPort: -1, cidr6: '2001:db8::/32' };
    const flows = changed(['network/sg-data', [office, ping]]);
    expect(flows).toContain('203.0.113.0/24 → Security group sg-data: udp 50-60');
    expect(flows).toContain('2001:db8::/32 → Security group sg-data: icmp');
  });
});

describe('types that come next', () => {
  const picture = largePicture();
  const spots = Object.fromEntries(
    picture.boxes.map(({ title, spot }) => [title, 'tier' in spot ? spot.tier : spot.at]),
  );

  test('are drawn where they belong, without code of their own', () => {
    expect(spots).toMatchObject({
      'RDS instance × 3': 'data',
      'ElastiCache replication group': 'data',
      'S3 bucket': 'region',
      'CloudFront distribution': 'edge',
      'Cognito user pool': 'region',
      'SNS topic': 'region',
      'Lambda function': 'region',
      'newservice wonder thing': 'region',
      'otherservice account thing': 'account',
    });
    expect(Object.keys(spots).filter((title) => /subnet group|policy|lookup/i.test(title))).toEqual([]);
  });

  test('are reached by their own security groups; the CDN is who its address list stands for', () => {
    expect(told(picture)).toEqual(
      expect.arrayContaining([
        'CloudFront distribution → Application Load Balancer: 443',
        'Auto Scaling group → RDS instance × 3: 5432',
        'Auto Scaling group → ElastiCache replication group: 6379',
      ]),
    );
  });
});
