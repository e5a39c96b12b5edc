import { isDeepStrictEqual } from 'node:util';
import { isObject } from './object.ts';
import type { StoreStatus } from './store-object.ts';

type Json = Record<string, unknown>;

/**
 * The merge patch (RFC 7386) that makes one object of another; undefined when they are the same. A key that is missing
 * from the wanted one is removed, a list is replaced as a whole.
 */
export function mergePatch(from: Json, to: Json): Json | undefined {
  const patch: Json = {};
  for (const key of Object.keys(from)) if (to[key] === undefined) patch[key] = null;
  for (const [key, wanted] of Object.entries(to)) {
    const has = from[key];
    if (wanted === undefined || isDeepStrictEqual(has, wanted)) continue;
    patch[key] = isObject(has) && isObject(wanted) ? mergePatch(has, wanted) : wanted;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** The key under which a status says when AWS was last read. */
const reading = 'readAt';
/** Readings alone are worth a write only when the ones on record are older than this. */
export const staleReadingMillis = 10 * 60_000;

/** Whether two values differ at most in when AWS was read. Every pass over every settled store asks this. */
function sameBesideReadings(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => sameBesideReadings(item, other[at]));
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one).filter((key) => key !== reading);
  const others = Object.keys(other).filter((key) => key !== reading);
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(other, key) && sameBesideReadings(one[key], other[key]))
  );
}

function newestReading(value: unknown): number {
  if (Array.isArray(value)) return Math.max(-Infinity, ...value.map(newestReading));
  if (!isObject(value)) return -Infinity;
  return Math.max(
    -Infinity,
    ...Object.entries(value).map(([key, part]) => (key === reading ? Date.parse(String(part)) : newestReading(part))),
  );
}

/**
 * The patch from the status on record to the one wanted, or undefined when no write is worth it. Of a settled store
 * only the times of reading move: they are brought up to date with every other change, and every ten minutes without
 * one, so that watching a thousand stores does not mean a thousand writes a minute.
 */
export function statusPatch(recorded: StoreStatus, wanted: StoreStatus): Json | undefined {
  const { journal: _, ...from } = recorded as Json;
  // Through JSON, as it will be on the wire, and as the recorded one came: no undefined, dates as text.
  const { journal: __, ...to } = JSON.parse(JSON.stringify(wanted)) as Json;
  const patch = mergePatch(from, to);
  if (!patch || !sameBesideReadings(from, to)) return patch;
  return newestReading(to) - newestReading(from) >= staleReadingMillis ? patch : undefined;
}
