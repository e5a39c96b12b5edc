import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs, type TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

/** A secret that a service keeps on our behalf: its value is nobody's here. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly owningService: string;
  readonly createdAt: number;
  readonly tags: TagMap;
}

const secrets: Kind<Secret> = {
  type: 'secretsmanager/secret',
  tags: ({ tags }) => tags,
  dollarsPerHour: () => 0.00055,
  // It belongs to its database, and comes and goes with it.
  exists: () => false,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html: RDS makes it, names it and tags it. */
export function makeManagedSecret(request: Request, instanceArn: string, resourceId: string): string {
  const name = `rds!${resourceId.toLowerCase().replace(/^db-/, 'db-')}`;
  const arn = request.arn(`secret:${name}-${request.world.random.text('ABCDEFGHabcdefgh', 6)}`, 'secretsmanager');
  request.in(secrets).put(arn, {
    arn,
    name,
    owningService: 'rds',
    createdAt: request.now,
    tags: { 'aws:secretsmanager:owningService': 'rds', 'aws:rds:primaryDBInstanceArn': instanceArn },
  });
  return arn;
}

export const removeManagedSecret = (request: Request, arn: string): void => request.in(secrets).remove(arn);

const told = ({ arn, name, owningService, createdAt, tags }: Secret) => ({
  ARN: arn,
  Name: name,
  OwningService: owningService,
  RotationEnabled: true,
  CreatedDate: new Date(createdAt),
  Tags: toTagPairs(tags),
});

export const secretOperations: Operations = {
  DescribeSecret: ({ SecretId }: { SecretId: string }, request) => {
    const found = request
      .in(secrets)
      .all()
      .find(({ arn, name }) => arn === SecretId || name === SecretId);
    if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return told(found);
  },
  ListSecrets: ({ NextToken, MaxResults }: { NextToken?: string; MaxResults?: number }, request) => {
    const { items, next } = pageOf(request.world, request.listed(secrets), {
      token: NextToken,
      size: MaxResults,
      most: 100,
    });
    return { SecretList: items.map(told), NextToken: next };
  },
};
