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

/** Whether two values of JSON differ in nothing but the times of reading. */
function sameButReadings(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((part, i) => sameButReadings(part, other[i]));
  if (!isObject(one) || !isObject(other)) return isDeepStrictEqual(one, other);
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  keys.delete(reading);
  return [...keys].every((key) => sameButReadings(one[key], other[key]));
}

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
