import { keyOf, type KubeObject } from './object.ts';

/** What happened to an object. A `removed` one is told as it was last seen; a removal nobody watched has no later state. */
export type Change<T> =
  | { readonly is: 'applied'; readonly object: T; readonly old: T | undefined }
  | { readonly is: 'removed'; readonly object: T };

/** The objects a reflector knows, and what each new sight of one means. */
export class Known<T extends KubeObject> {
  readonly #objects = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  all(): T[] {
    return [...this.#objects.values()];
  }

  /** An object was seen. Another UID under the name means that the one we knew was deleted and we missed it. */
  seen(object: T): Change<T>[] {
    const key = keyOf(object.metadata);
    const old = this.#objects.get(key);
    if (old?.metadata.uid === object.metadata.uid && old.metadata.resourceVersion === object.metadata.resourceVersion)
      return [];
    this.#objects.set(key, object);
    return old && old.metadata.uid !== object.metadata.uid
      ? [
          { is: 'removed', object: old },
          { is: 'applied', object, old: undefined },
        ]
      : [{ is: 'applied', object, old }];
  }

  /** A deletion was seen. That of an earlier object of the same name says nothing about the one there now. */
  gone(object: T): Change<T>[] {
    const key = keyOf(object.metadata);
    if (this.#objects.get(key)?.metadata.uid !== object.metadata.uid) return [];
    this.#objects.delete(key);
    return [{ is: 'removed', object }];
  }

  /** A whole list was read: what it lacks is gone. */
  listed(objects: readonly T[]): Change<T>[] {
    const there = new Set(objects.map((object) => keyOf(object.metadata)));
    const missing = this.all().filter((object) => !there.has(keyOf(object.metadata)));
    return [...missing.flatMap((object) => this.gone(object)), ...objects.flatMap((object) => this.seen(object))];
  }
}
