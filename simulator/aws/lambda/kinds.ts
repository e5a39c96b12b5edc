import { AwsError } from '../core/aws-error.ts';
import type { Statement } from '../core/resource-policy.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind, World } from '../core/world.ts';

export interface Code {
  /** As Lambda tells it: SHA-256 in base64. */
  readonly sha256: string;
  readonly size: number;
  readonly imageUri: string | undefined;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly tags: TagMap;
  readonly packageType: 'Zip' | 'Image';
  readonly code: Code;
  /** In the words of UpdateFunctionConfiguration, all defaults among them. */
  readonly settings: Settings;
  readonly state: 'Pending' | 'Active' | 'Failed';
  readonly reason: string | undefined;
  readonly updating: boolean;
  readonly statements: readonly Statement[];
  readonly changedAt: number;
}

export interface Settings {
  readonly Role: string;
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Description: string;
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly LoggingConfig: { readonly LogFormat: string; readonly LogGroup: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly Architectures: readonly string[];
}

/** An image in a registry of the account's: ECR itself is not simulated. */
export interface Image {
  readonly uri: string;
  readonly digest: string;
}

export const functions: Kind<LambdaFunction> = { type: 'lambda/function', tags: ({ tags }) => tags };
export const images: Kind<Image> = { type: 'ecr/image', tags: () => ({}), exists: () => false };

/** Somebody pushes an image: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`. */
export function pushImage(world: World, region: string, uri: string, digest = world.random.hex(64)): void {
  world.collection(region, images).put(uri, { uri, digest });
}

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
export const conflict = (message: string): AwsError =>
  new AwsError('ResourceConflictException', message, 409, { Type: 'User' });
export const absent = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
export const notSimulated = (what: string): AwsError =>
  new AwsError('UnsupportedOperation', `${what} is not simulated`, 501);

/** The function as it truly is, by its name or its ARN. */
export function functionOf(request: Request, named: string): LambdaFunction {
  const name = named.split(':function:').at(-1) ?? '';
  const found = request.in(functions).get(name);
  if (!found) throw absent(`Function not found: ${request.arn(`function:${name}`)}`);
  return found;
}
