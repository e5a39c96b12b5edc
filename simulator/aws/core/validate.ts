import { shapeOf, type ServiceModel, type Shape } from './service-model.ts';

/** One way in which a value does not fit its shape. */
export interface Misfit {
  readonly path: string;
  readonly rule: 'unknown' | 'required' | 'type' | 'enum' | 'length' | 'range' | 'pattern';
  readonly message: string;
}

const typeNames: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  character: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  long: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number',
  double: (value) => typeof value === 'number',
  timestamp: (value) => value instanceof Date,
  blob: (value) => value instanceof Uint8Array,
  structure: (value) => isPlain(value),
  map: (value) => isPlain(value),
  list: (value) => Array.isArray(value),
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Everything in which a value breaks AWS's service model; members that are undefined count as left out. */
export function misfits(model: ServiceModel, shapeName: string, value: unknown, path = ''): Misfit[] {
  const shape = shapeOf(model, shapeName);
  const misfit = (rule: Misfit['rule'], message: string): Misfit[] => [{ path, rule, message }];
  if (!typeNames[shape.type]?.(value)) return misfit('type', `expected ${shape.type}, got ${describe(value)}`);
  switch (shape.type) {
    case 'structure':
      return structureMisfits(model, shape, value as Record<string, unknown>, path);
    case 'list':
      return [
        ...lengthMisfits(shape, (value as unknown[]).length, path),
        ...(value as unknown[]).flatMap((item, i) =>
          misfits(model, shape.member?.shape as string, item, `${path}.${i + 1}`),
        ),
      ];
    case 'map':
      return Object.entries(value as object).flatMap(([key, item]) => [
        ...misfits(model, shape.key?.shape as string, key, `${path}.${key}.key`),
        ...misfits(model, shape.value?.shape as string, item, `${path}.${key}`),
      ]);
    case 'string':
      return stringMisfits(shape, value as string, path);
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return rangeMisfits(shape, value as number, path);
    default:
      return [];
  }
}

function structureMisfits(
  model: ServiceModel,
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Misfit[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const given = Object.entries(value).filter(([, part]) => part !== undefined);
  const names = new Set(given.map(([name]) => name));
  const missing = (shape.required ?? []).filter((name) => !names.has(name));
  return [
    ...missing.map((name): Misfit => ({ path: at(name), rule: 'required', message: 'is required' })),
    ...given.flatMap(([name, part]): Misfit[] => {
      const member = shape.members?.[name];
      if (!member) return [{ path: at(name), rule: 'unknown', message: 'is not known here' } satisfies Misfit];
      return misfits(model, member.shape, part, at(name));
    }),
  ];
}

function stringMisfits(shape: Shape, value: string, path: string): Misfit[] {
  if (shape.enum && !shape.enum.includes(value))
    return [{ path, rule: 'enum', message: `'${value}' is none of [${shape.enum.join(', ')}]` }];
  const found = lengthMisfits(shape, value.length, path);
  const pattern = shape.pattern === undefined ? undefined : asRegExp(shape.pattern);
  if (pattern && !pattern.test(value))
    found.push({ path, rule: 'pattern', message: `'${value}' does not match ${shape.pattern}` });
  return found;
}

/** Some patterns of the models are written for Java and mean nothing to us; those are not judged. */
function asRegExp(pattern: string): RegExp | undefined {
  const source = pattern
    .replace(/\\p\{IsAlphabetic\}/g, '\\p{L}')
    .replace(/\\p\{(ASCII|Graph|Print)\}/g, '[\\x00-\\x7F]');
  for (const flags of ['u', ''])
    try {
      return new RegExp(`^(?:${source})$`, flags);
    } catch {
      continue; // Written for another dialect: tried again without the u flag, else left unjudged.
    }
  return undefined;
}

function lengthMisfits({ min, max }: Shape, length: number, path: string): Misfit[] {
  if ((min !== undefined && length < min) || (max !== undefined && length > max))
    return [{ path, rule: 'length', message: `length ${length} is not within [${min ?? 0}, ${max ?? 'any'}]` }];
  return [];
}

function rangeMisfits({ min, max }: Shape, value: number, path: string): Misfit[] {
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    return [{ path, rule: 'range', message: `${value} is not within [${min ?? '-'}, ${max ?? '-'}]` }];
  return [];
}

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : value instanceof Date ? 'timestamp' : typeof value;
