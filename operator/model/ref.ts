import { once } from './once.ts';

/** The name of a node in a store's graph, `section/what`: the section becomes the status condition. */
export type NodeId = `${string}/${string}`;

/** Stands for an output of another node: known only once AWS has made that node's resource. */
export interface Ref<T = unknown> {
  readonly $ref: NodeId;
  readonly output: string;
  /** Resolves as soon as the output is known, even while the resource is not ready yet (a certificate's validation records). */
  readonly early?: true;
  /**
   * Nothing waits for it: while the output is not known (the resource is missing, or cannot be used), the element of the
   * nearest list that it stands in is left out. In a lookup it may name what is built later: what is there already.
   */
  readonly ifThere?: true;
  /** Only for the compiler: what the output holds. */
  readonly _holds?: T;
}

/** A string made of fixed parts and outputs of other nodes. */
export interface Join {
  readonly $join: readonly (string | Ref<string>)[];
}

/** Props as a graph holds them: every value may be given by a ref instead. */
export type Wanted<T> =
  | Ref<T>
  | (T extends string
      ? T | Join
      : T extends readonly (infer E)[]
        ? readonly Wanted<E>[]
        : T extends object
          ? { readonly [K in keyof T]: Wanted<T[K]> }
          : T);

/** A string with refs in it: ``join`arn:aws:logs:eu-central-1:${account}:*` ``. */
export function join(parts: TemplateStringsArray, ...refs: readonly (string | Ref<string>)[]): Join {
  return { $join: parts.flatMap((part, i) => (i < refs.length ? [part, refs[i] as string | Ref<string>] : [part])) };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const isRef = (value: unknown): value is Ref => isObject(value) && '$ref' in value;
const isJoin = (value: unknown): value is Join => isObject(value) && '$join' in value;

/** Every ref inside a value, which must never change, in reading order. */
export const refsIn = (value: unknown): readonly Ref[] => (isObject(value) ? refsInside(value) : []);

const refsInside = once((value: object): readonly Ref[] =>
  isRef(value) ? [value] : Object.values(value).flatMap(refsIn),
);

export type Resolved<T> = { readonly value: T } | { readonly waitsFor: Ref };

/** Most of what a graph wants is plain; it never changes, so that this is found out once and not in every pass. */
const isPlain = once((value: object): boolean => {
  if (isRef(value) || isJoin(value)) return false;
  return Object.values(value).every((part) => !isObject(part) || isPlain(part));
});

/** Stands for the value of a ref that nothing waits for and that has none. */
const gone = Symbol('gone');

/**
 * Puts outputs in the place of refs. `outputOf` answers undefined while an output is not known. Where there are no refs
 * the value itself is answered: it must never change. Pure.
 */
export function resolve<T>(wanted: Wanted<T>, outputOf: (ref: Ref) => unknown): Resolved<T> {
  if (!isObject(wanted) || isPlain(wanted)) return { value: wanted as T };
  // The first ref that has no value yet. Passes come here all the time: an exception would cost more than all the rest.
  let open: Ref | undefined;
  const fill = (value: unknown): unknown => {
    if (!isObject(value) || open) return value;
    if (isRef(value)) {
      const output = outputOf(value);
      if (output !== undefined) return output;
      if (value.ifThere) return gone;
      open = value;
      return undefined;
    }
    if (isJoin(value)) return value.$join.map(fill).join('');
    if (Array.isArray(value)) return value.map(fill).filter((element) => element !== gone);
    const parts = Object.entries(value).map(([k, v]) => [k, fill(v)] as const);
    return parts.some(([, part]) => part === gone) ? gone : Object.fromEntries(parts);
  };
  const value = fill(wanted);
  if (value === gone) throw new Error('a ref to what may be missing stands in no list');
  return open ? { waitsFor: open } : { value: value as T };
}
