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
    if (wanted === undefined || isSame(has, wanted)) continue;
    patch[key] = isObject(has) && isObject(wanted) ? mergePatch(has, wanted) : wanted;
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** The key under which a status says when AWS was last read. */
const reading = 'readAt';
/** Readings alone are worth a write only when the ones on record are older than this. */
export const staleReadingMillis = 10 * 60_000;

/**
 * Whether two values of JSON are the same, except under one key if any. Every pass compares a whole status: this takes a
 * fraction of the time of `isDeepStrictEqual`, which looks for more than JSON can hold.
 */
function isSame(one: unknown, other: unknown, but?: string): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    for (const [i, part] of one.entries()) if (!isSame(part, other[i], but)) return false;
    return one.length === other.length;
  }
  if (!isObject(one) || !isObject(other)) return false;
  for (const key of Object.keys(one)) if (key !== but && !isSame(one[key], other[key], but)) return false;
  return Object.keys(other).every((key) => key in one || key === but);
}

/** Whether they differ in nothing but the times of reading. */
const sameButReadings = (one: unknown, other: unknown): boolean => isSame(one, other, reading);

function newestReading(value: unknown): number {
  let newest = -Infinity;
  const look = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(look);
    if (!isObject(part)) return;
    for (const [key, inner] of Object.entries(part))
      if (key === reading) newest = Math.max(newest, Date.parse(String(inner)));
      else look(inner);
  };
  look(value);
  return newest;
}

/**
 * The patch from the status on record to the one wanted, or undefined when no write is worth it. Of a settled store
 * only the times of reading move: they are brought up to date with every other change, and every ten minutes without
 * one, so that watching a thousand stores does not mean a thousand writes a minute.
 */
export function statusPatch(recorded: StoreStatus, wanted: StoreStatus): Json | undefined {
  // Through JSON, as it will be on the wire: no undefined, dates as text. What is on record came over the wire.
  const { journal: _recorded, ...from } = recorded as Json;
  const { journal: _wanted, ...to } = JSON.parse(JSON.stringify(wanted)) as Json;
  const patch = mergePatch(from, to);
  if (!patch || !sameButReadings(from, to)) return patch;
  return newestReading(to) - newestReading(from) >= staleReadingMillis ? patch : undefined;
}
