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
  const found: Misfit[] = [];
  judge({ model, found }, shapeName, value, path);
  return found;
}

interface Judging {
  readonly model: ServiceModel;
  readonly found: Misfit[];
}

/** Adds to what was found: every answer of the simulator passes here, so that no list is made where nothing is wrong. */
function judge(judging: Judging, shapeName: string, value: unknown, path: string): void {
  const { model, found } = judging;
  const shape = shapeOf(model, shapeName);
  if (!typeNames[shape.type]?.(value)) {
    found.push({ path, rule: 'type', message: `expected ${shape.type}, got ${describe(value)}` });
    return;
  }
  switch (shape.type) {
    case 'structure':
      return judgeStructure(judging, shape, value as Record<string, unknown>, path);
    case 'list': {
      const items = value as unknown[];
      judgeLength(judging, shape, items.length, path);
      const member = shape.member?.shape as string;
      for (const [i, item] of items.entries()) judge(judging, member, item, `${path}.${i + 1}`);
      return;
    }
    case 'map':
      for (const [key, item] of Object.entries(value as object)) {
        judge(judging, shape.key?.shape as string, key, `${path}.${key}.key`);
        judge(judging, shape.value?.shape as string, item, `${path}.${key}`);
      }
      return;
    case 'string':
      return judgeString(judging, shape, value as string, path);
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return judgeRange(judging, shape, value as number, path);
    default:
  }
}

function judgeStructure(judging: Judging, shape: Shape, value: Readonly<Record<string, unknown>>, path: string): void {
  const { found } = judging;
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of shape.required ?? [])
    if (value[name] === undefined) found.push({ path: at(name), rule: 'required', message: 'is required' });
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    const member = shape.members?.[name];
    if (member) judge(judging, member.shape, part, at(name));
    else found.push({ path: at(name), rule: 'unknown', message: 'is not known here' });
  }
}

function judgeString(judging: Judging, shape: Shape, value: string, path: string): void {
  const { found } = judging;
  if (shape.enum && !shape.enum.includes(value)) {
    found.push({ path, rule: 'enum', message: `'${value}' is none of [${shape.enum.join(', ')}]` });
    return;
  }
  judgeLength(judging, shape, value.length, path);
  const pattern = shape.pattern === undefined ? undefined : asRegExp(shape.pattern);
  if (pattern && !pattern.test(value))
    found.push({ path, rule: 'pattern', message: `'${value}' does not match ${shape.pattern}` });
}

const known = new Map<string, RegExp | undefined>();

function asRegExp(pattern: string): RegExp | undefined {
  if (!known.has(pattern)) known.set(pattern, compiled(pattern));
  return known.get(pattern);
}

/** Some patterns of the models are written for Java and mean nothing to us; those are not judged. */
function compiled(pattern: string): RegExp | undefined {
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

function judgeLength({ found }: Judging, { min, max }: Shape, length: number, path: string): void {
  if ((min !== undefined && length < min) || (max !== undefined && length > max))
    found.push({ path, rule: 'length', message: `length ${length} is not within [${min ?? 0}, ${max ?? 'any'}]` });
}

function judgeRange({ found }: Judging, { min, max }: Shape, value: number, path: string): void {
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    found.push({ path, rule: 'range', message: `${value} is not within [${min ?? '-'}, ${max ?? '-'}]` });
}

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : value instanceof Date ? 'timestamp' : typeof value;
