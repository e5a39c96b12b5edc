import { AwsError } from '../core/aws-error.ts';
import type { TagMap } from '../core/tags.ts';

export interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** By a filter's name, the values that an object has for it. */
export type FilterTable<T> = Readonly<Record<string, (object: T) => readonly (string | undefined)[]>>;

/** EC2's wildcards: `*` for any run of characters, `?` for one. */
const asPattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );

/**
 * Keeps what all filters let through; a filter lets through what has any of its values. A filter that EC2 does not
 * document for the call is refused, never passed over.
 */
export function filtered<T extends { readonly tags: TagMap }>(
  objects: readonly T[],
  filters: readonly Filter[] = [],
  table: FilterTable<T> = {},
): T[] {
  return filters.reduce<readonly T[]>((left, { Name = '', Values = [] }) => {
    const valuesOf = table[Name] ?? tagFilter<T>(Name);
    if (!valuesOf) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    if (Values.length > 200)
      throw new AwsError(
        'FilterLimitExceeded',
        'The maximum number of filter values specified on a single call is 200.',
      );
    const patterns = Values.map(asPattern);
    return left.filter((object) =>
      valuesOf(object).some((value) => value !== undefined && patterns.some((p) => p.test(value))),
    );
  }, objects) as T[];
}

function tagFilter<T extends { readonly tags: TagMap }>(
  name: string,
): ((object: T) => (string | undefined)[]) | undefined {
  if (name === 'tag-key') return ({ tags }) => Object.keys(tags);
  if (name.startsWith('tag:')) return ({ tags }) => [tags[name.slice('tag:'.length)]];
  return undefined;
}

/** Narrows by the ids that a call names; an id of nothing is an error, as EC2 has it. */
export function byIds<T>(
  objects: readonly T[],
  ids: readonly string[] | undefined,
  idOf: (object: T) => string,
  missing: (id: string) => AwsError,
): T[] {
  if (!ids || ids.length === 0) return [...objects];
  const found = objects.filter((object) => ids.includes(idOf(object)));
  const lost = ids.find((id) => !found.some((object) => idOf(object) === id));
  if (lost !== undefined) throw missing(lost);
  return found;
}
