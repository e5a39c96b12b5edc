import { digest } from '../model/identity.ts';
import { confirmAnnotation, reconcileAnnotation, takeOverAnnotation } from '../store/spec.ts';
import { failedAnswer, KubeError } from './errors.ts';
import { isObject, type KubeObject, type Metadata } from './object.ts';

/** One line of a watch: an object as it is now, or just the place in history (a bookmark). */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Record<string, unknown>;
}

/** Told back in status, which has room for as much. */
const longestAnnotation = 256;

/**
 * An object with no more than we read of it: who set which field is most of the size of any, and what people note on one
 * may be a quarter of a mebibyte. All that is written are patches, which leave alone what they do not name.
 */
export function slim<T extends KubeObject>(object: T): T {
  const { namespace, name, uid, resourceVersion, generation, creationTimestamp } = object.metadata;
  const { deletionTimestamp, finalizers, annotations } = object.metadata;
  const metadata: Metadata = {
    ...{ namespace, name, uid, resourceVersion, generation, creationTimestamp },
    ...{ deletionTimestamp, finalizers, annotations: ours(annotations) },
  };
  return { ...object, metadata };
}

/** Of one that is too long enough to tell it from another. */
function ours(annotations: Metadata['annotations'] = {}): Metadata['annotations'] {
  return Object.fromEntries(
    [reconcileAnnotation, confirmAnnotation, takeOverAnnotation].flatMap((name) => {
      const value = annotations[name];
      if (value === undefined) return [];
      return [[name, value.length > longestAnnotation ? digest(value, 64) : value]];
    }),
  );
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
