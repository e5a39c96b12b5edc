import { Fault } from '../../model/faults.ts';

/**
 * Undefined for a setting that a bucket does not have: S3 answers each with an error of its own
 * (NoSuchBucketPolicy, NoSuchCORSConfiguration …). That there is no such bucket stays an error.
 */
export async function orUnset<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'absent' && error.facts.code !== 'NoSuchBucket') return undefined;
    throw error;
  }
}
