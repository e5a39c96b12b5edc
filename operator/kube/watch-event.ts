import { failedAnswer, KubeError } from './errors.ts';
import { isObject, type KubeObject } from './object.ts';

/** One line of a watch: an object as it is now, or just the place in history (a bookmark). */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Record<string, unknown>;
}

/** Who set which field is of no interest to us, and is most of an object's size. */
export function slim(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata as KubeObject['metadata'] & { managedFields?: unknown };
  return { ...object, metadata };
}

/** One line of a watch. An ERROR event, and anything that is not an event at all, is thrown. */
export function parseEvent(path: string, line: string, now: number): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new KubeError('unavailable', `GET ${path}: a line of the watch is not JSON`, { cause });
  }
  if (!isObject(event) || !isObject(event['object']))
    throw new KubeError('unavailable', `GET ${path}: a line of the watch is no event`, {});
  const { type, object } = event;
  if (type === 'ERROR') throw failedAnswer(`watch ${path}`, Number(object['code'] ?? 500), object, { now });
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK')
    throw new KubeError('unavailable', `GET ${path}: an event of unknown type ${String(type)}`, {});
  return { type, object };
}
