/** A rule in CEL: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules */
export interface CelRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** A structural schema, as a CRD carries it. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly CelRule[];
}

const notDone = ['allOf', 'anyOf', 'oneOf', 'not', 'x-kubernetes-embedded-resource', '$ref', 'dependencies'];

/** Words of a schema that this stand-in does not act on, by path: it refuses such a CRD instead of half obeying it. */
export function unknownWords(schema: Schema, path = 'openAPIV3Schema'): string[] {
  const own = notDone.filter((word) => word in schema).map((word) => `${path}.${word}`);
  const parts: [string, Schema][] = Object.entries(schema.properties ?? {}).map(([name, part]) => [
    `${path}.properties[${name}]`,
    part,
  ]);
  if (schema.items) parts.push([`${path}.items`, schema.items]);
  if (typeof schema.additionalProperties === 'object')
    parts.push([`${path}.additionalProperties`, schema.additionalProperties]);
  return [...own, ...parts.flatMap(([at, part]) => unknownWords(part, at))];
}

/** The schema of an entry of an object: a property's, or that of all further ones. */
export function entrySchema({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  const own = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (own) return own;
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The schemas of all that a value of this one may hold. */
export const partsOf = ({ items, additionalProperties, properties }: Schema): Schema[] =>
  [...Object.values(properties ?? {}), items, additionalProperties].filter((part) => typeof part === 'object');

/** Whether an object may hold what its schema does not name. */
export const keepsUnknown = (schema: Schema): boolean =>
  schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;

/** `spec.zones[1].name`: how the API server writes a path. */
export const entryPath = (path: string, schema: Schema, name: string): string => {
  const isProperty = schema.properties && Object.hasOwn(schema.properties, name);
  if (!isProperty && typeof schema.additionalProperties === 'object') return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
};
