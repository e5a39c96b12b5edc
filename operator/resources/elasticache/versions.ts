import { Fault } from '../../model/faults.ts';

const numbers = (version: string): number[] => version.split('.').map(Number);

/** Negative where `found` is older than what was asked for, as far as that was said: 8.0.1 is no older than 8.0, nor newer. */
function compare(found: string, asked: string): number {
  const has = numbers(found);
  for (const [at, part] of numbers(asked).entries()) {
    const difference = (has[at] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Whether AWS has the version that is wanted: one that AWS has upgraded by itself is newer than asked for, and stays.
 * It takes a newer minor version by itself, never another major one.
 */
export const servesVersion = (wanted: string, found: string): boolean =>
  numbers(wanted)[0] === numbers(found)[0] && compare(found, wanted) >= 0;

/** "You can't downgrade": said before AWS is asked. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html */
export function checkUpward(engine: string, found: string | undefined, wanted: string): void {
  if (found === undefined || compare(found, wanted) <= 0) return;
  throw new Fault('refused', `the cache runs ${engine} ${found}, and AWS cannot go back to ${wanted}`, {
    field: 'spec.cache.version',
    remedy: `set version to "${numbers(found).slice(0, 2).join('.')}", or leave the cache out once so that another is made`,
  });
}

/** What ElastiCache calls the parameters of an engine of some version. */
export const familyOf = (engine: string, version: string): string =>
  engine === 'memcached' ? `memcached${numbers(version).slice(0, 2).join('.')}` : `${engine}${numbers(version)[0]}`;
