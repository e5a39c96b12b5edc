import { operations } from '../operator/model/operations.ts';

const packages: Record<keyof typeof operations, string> = {
  sts: 'sts',
  ec2: 'ec2',
  autoscaling: 'auto-scaling',
  elbv2: 'elastic-load-balancing-v2',
  iam: 'iam',
  acm: 'acm',
  route53: 'route-53',
  ssm: 'ssm',
  logs: 'cloudwatch-logs',
  rds: 'rds',
  elasticache: 'elasticache',
  s3: 's3',
  s3control: 's3-control',
  cloudfront: 'cloudfront',
  'cognito-idp': 'cognito-identity-provider',
  sns: 'sns',
  sqs: 'sqs',
  lambda: 'lambda',
  cloudwatch: 'cloudwatch',
  secretsmanager: 'secrets-manager',
};

/** The source of operator/aws/commands.ts: the SDK's command classes for exactly the operations that are listed. */
export function commandsSource(): string {
  const services = Object.entries(operations).map(([service, listed]) => ({
    ...{ service, names: Object.keys(listed) },
    own: (name: string): string => `${service.replace(/-/g, '_')}_${name}`,
  }));
  const imports = services
    .filter(({ names }) => names.length > 0)
    .map(
      ({ service, names, own }) =>
        `import { ${names.map((name) => `${name}Command as ${own(name)}`).join(', ')} } from '@aws-sdk/client-${packages[service as keyof typeof packages]}';`,
    );
  const table = services.map(
    ({ service, names, own }) =>
      `  ${/-/.test(service) ? `'${service}'` : service}: { ${names.map((name) => `${name}: ${own(name)}`).join(', ')} },`,
  );
  return [
    '// Generated from operator/model/operations.ts by `npm run generate`.',
    ...imports,
    '',
    '/** The command class of every operation: bundling takes these and leaves the rest of the SDK out. */',
    `export const commands = {\n${table.join('\n')}\n} as const;`,
    '',
  ].join('\n');
}
