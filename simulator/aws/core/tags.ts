/** Tags as the simulator keeps them. */
export type TagMap = Readonly<Record<string, string>>;

export interface TagPair {
  readonly Key?: string;
  readonly Value?: string;
}

export const toTagMap = (pairs: readonly TagPair[] = []): TagMap =>
  Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));

export const toTagPairs = (tags: TagMap): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const withoutTags = (tags: TagMap, keys: readonly string[]): TagMap =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
