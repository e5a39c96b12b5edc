import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { exposedByPolicy } from '../s3/public.ts';

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  /** The service that keeps it on our behalf. */
  readonly owningService: string | undefined;
  readonly value: string | undefined;
  /** The client token of its current version is that version's id. */
  readonly versionId: string;
  readonly createdAt: number;
  readonly changedAt: number;
  /** When it is going to go, once its deletion was asked for: it can be restored for as long as it is here. */
  readonly goesAt: number | undefined;
  readonly tags: TagMap;
  readonly resourcePolicy?: string;
}

export const secrets: Kind<Secret> = {
  type: 'secretsmanager/secret',
  tags: ({ tags }) => tags,
  dollarsPerHour: () => 0.00055,
  // One of a service's belongs to what it opens, and comes and goes with it.
  exists: ({ owningService }) => owningService === undefined,
};

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen: six characters follow the name. */
export const arnOfNew = (request: Request, name: string): string =>
  request.arn(`secret:${name}-${request.world.random.text('ABCDEFGHabcdefgh', 6)}`, 'secretsmanager');

/** By its name, its ARN, or its ARN without those six characters. */
export function secretOf(request: Request, id: string): Secret {
  const found = request
    .in(secrets)
    .all()
    .find(({ arn, name }) => arn === id || name === id || arn.slice(0, -7) === id);
  if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return found;
}

export const refused = (message: string): AwsError => new AwsError('InvalidRequestException', message);

/** The same of one that may be used: its deletion was not asked for. */
export function usableOf(request: Request, id: string): Secret {
  const found = secretOf(request, id);
  if (found.goesAt !== undefined)
    throw refused("You can't perform this operation on the secret because it was marked for deletion.");
  return found;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html: RDS makes it, names it and tags it. */
export function makeManagedSecret(request: Request, instanceArn: string, resourceId: string, username: string): string {
  const name = `rds!${resourceId.toLowerCase()}`;
  const arn = arnOfNew(request, name);
  request.in(secrets).put(arn, {
    ...{ arn, name, description: undefined, owningService: 'rds', versionId: request.world.random.hex(32) },
    value: JSON.stringify({ username, password: randomPassword(request, 28) }),
    ...{ createdAt: request.now, changedAt: request.now, goesAt: undefined },
    tags: { 'aws:secretsmanager:owningService': 'rds', 'aws:rds:primaryDBInstanceArn': instanceArn },
  });
  return arn;
}

/** Anybody on the internet who has an AWS account could read these. */
export const exposedSecrets = exposedByPolicy('secret', secrets, ({ resourcePolicy }) => resourcePolicy);

export const removeManagedSecret = (request: Request, arn: string): void => request.in(secrets).remove(arn);

export const randomPassword = (request: Request, length: number): string =>
  request.world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', length);
