import type { TagMap, TagPair } from '../../../simulator/aws/core/tags.ts';
import type { Kind, World } from '../../../simulator/aws/core/world.ts';

/** A resource in CloudFormation's words. */
export interface Part {
  readonly type: `AWS::${string}::${string}`;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Told apart from the other parts of the same object; without it the part bears the object's own name. */
  readonly suffix?: string;
  /** What the resource is called in AWS: who says so elsewhere in the template refers to this one instead. */
  readonly ids?: Readonly<Record<string, Reference>>;
  /** Ids of resources that it needs without referring to them. */
  readonly needs?: readonly string[];
}

/** How a template says the id: `Ref`, or an attribute of `Fn::GetAtt`. */
export type Reference = 'Ref' | (string & {});

/** Where else a mapping may look. */
export interface View {
  readonly world: World;
  readonly region: string;
  readonly id: string;
}

export type Mapping<T> = (value: T, view: View) => readonly Part[];

/** The objects of a kind. */
export type Of<K> = K extends Kind<infer T> ? T : never;

/** What the object of a kind is in a template: a line of the table in mappings.ts. */
export interface Mapped {
  readonly kind: string;
  readonly name: (value: object) => string | undefined;
  readonly parts: Mapping<object>;
}

interface Called<T> {
  /** What it is called in a template where it bears no owner tags. */
  readonly name?: (value: T) => string;
}

/** A kind and how it is told. */
export const maps = <T extends object>(kind: Kind<T>, parts: Mapping<T>, { name }: Called<T> = {}): Mapped => ({
  kind: kind.type,
  name: (value) => kind.tags(value as T)['ecom.io/node'] ?? name?.(value as T),
  parts: parts as Mapping<object>,
});

/** A kind that no template can tell, and why that hides nothing from a judge. */
export const untold = (kind: string, _why: string): Mapped => ({ kind, name: () => undefined, parts: () => [] });

/** AWS's own tags are no template's to give. */
export const tagPairs = (tags: TagMap): TagPair[] =>
  Object.entries(tags)
    .filter(([Key]) => !Key.startsWith('aws:'))
    .map(([Key, Value]) => ({ Key, Value }));

/** Settings by name, as Elastic Load Balancing has them; an empty one says nothing. */
export const keyValues = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes)
    .filter(([, Value]) => Value !== '')
    .map(([Key, Value]) => ({ Key, Value }));

/** A policy document, which AWS keeps as text. */
export const document = (text: string): unknown => JSON.parse(text);
