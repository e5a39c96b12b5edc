import type { CelRule } from './schema/words.ts';

/** As much of a CRD's structural schema as EcomStore uses. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  /** What a value that meets the pattern is: messages say it in place of the pattern. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
}

/**
 * The schema of an entry of an object: of the field, or of whatever a map holds; undefined where it knows no such entry. A
 * key may be called like what every object of JavaScript has, as `constructor`.
 */
export const entrySchema = ({ properties = {}, additionalProperties }: JsonSchema, name: string) =>
  Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
