import { createHash } from 'node:crypto';
import type { Request } from '../core/request.ts';
import { everyBucket, versions, type ObjectVersion } from '../s3/kinds.ts';
import { images, invalid, notSimulated, type Code } from './kinds.ts';

/** As CreateFunction and UpdateFunctionCode are given it. */
export interface CodeGiven {
  readonly ZipFile?: Uint8Array;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
  readonly S3ObjectVersion?: string;
  readonly ImageUri?: string;
}

/** Fetches the code, as Lambda does before it answers. */
export function fetched(request: Request, given: CodeGiven, packageType: 'Zip' | 'Image'): Code {
  if (given.ZipFile !== undefined) throw notSimulated('Code within the call');
  if (packageType === 'Image') return fromImage(request, given);
  if (given.S3Bucket === undefined || given.S3Key === undefined)
    throw invalid('Please provide a source for function code.');
  const body = objectOf(request, given as Required<CodeGiven>).body;
  if (Buffer.from(body.subarray(0, 2)).toString() !== 'PK')
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  return { sha256: createHash('sha256').update(body).digest('base64'), size: body.length, imageUri: undefined };
}

const s3Error = (code: string, message: string) =>
  invalid(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);

function objectOf(request: Request, { S3Bucket, S3Key, S3ObjectVersion }: CodeGiven): ObjectVersion {
  const bucket = everyBucket(request.world).find(({ name }) => name === S3Bucket);
  if (!bucket) throw s3Error('NoSuchBucket', 'The specified bucket does not exist');
  if (bucket.region !== request.region)
    throw s3Error('PermanentRedirect', `The bucket is in this region: ${bucket.region}. Please use this region`);
  const own = request
    .in(versions)
    .all()
    .filter(({ bucket: name, key }) => name === S3Bucket && key === S3Key);
  const found = S3ObjectVersion === undefined ? own.at(-1) : own.find(({ versionId }) => versionId === S3ObjectVersion);
  if (!found && S3ObjectVersion !== undefined) throw s3Error('NoSuchVersion', 'The specified version does not exist.');
  if (!found || found.isMarker) throw s3Error('NoSuchKey', 'The specified key does not exist.');
  return found;
}

function fromImage(request: Request, { ImageUri: uri }: CodeGiven): Code {
  if (uri === undefined) throw invalid('Please provide ImageUri when updating a function with packageType Image.');
  if (!uri.startsWith(`${request.account}.dkr.ecr.${request.region}.amazonaws.com/`))
    throw invalid(`Source image ${uri} is not valid. Provide a valid source image.`);
  const found = request.in(images).get(uri);
  if (!found) throw invalid(`Source image ${uri} does not exist. Provide a valid source image.`);
  return { sha256: found.digest, size: 0, imageUri: uri };
}
