import { createHash } from 'node:crypto';
import type { World } from '../core/world.ts';
import { buckets, versions } from './kinds.ts';

/** A private bucket of the user's with objects in it, as `furnish` puts it there. */
export function seedBucket(
  world: World,
  region: string,
  name: string,
  objects: Readonly<Record<string, string>>,
): void {
  world.collection(region, buckets).put(name, {
    name,
    region,
    createdAt: world.now(),
    ownership: 'BucketOwnerEnforced',
    versioning: undefined,
    block: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    policy: undefined,
    encryption: [],
    lifecycle: undefined,
    cors: undefined,
    logging: undefined,
    tags: {},
  });
  for (const [key, content] of Object.entries(objects)) {
    const body = Buffer.from(content);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const versionId = 'null';
    const one = { bucket: name, key, versionId, isMarker: false, at: world.now(), body, etag, contentType: undefined };
    world.collection(region, versions).put([name, key, versionId].join('\n'), one);
  }
}
