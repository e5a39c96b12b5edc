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
  const judging: Judging = { model, found: [], path: path === '' ? [] : [path] };
  judge(judging, shapeName, value);
  return judging.found;
}

interface Judging {
  readonly model: ServiceModel;
  readonly found: Misfit[];
  /** The way to what is judged now: a text is made of it only where something is wrong. */
  readonly path: (string | number)[];
}

function objectTo({ found, path }: Judging, rule: Misfit['rule'], message: string, ...last: string[]): void {
  found.push({ path: [...path, ...last].join('.'), rule, message });
}

/** Adds to what was found: every answer of the simulator passes here, so that nothing is made where nothing is wrong. */
function judge(judging: Judging, shapeName: string, value: unknown): void {
  const shape = shapeOf(judging.model, shapeName);
  if (!typeNames[shape.type]?.(value))
    return objectTo(judging, 'type', `expected ${shape.type}, got ${describe(value)}`);
  switch (shape.type) {
    case 'structure':
      return judgeStructure(judging, shape, value as Record<string, unknown>);
    case 'list':
      return judgeList(judging, shape, value as unknown[]);
    case 'map':
      for (const [key, item] of Object.entries(value as object)) {
        judgePart(judging, shape.key?.shape as string, key, key, 'key');
        judgePart(judging, shape.value?.shape as string, item, key);
      }
      return;
    case 'string':
      return judgeString(judging, shape, value as string);
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return judgeRange(judging, shape, value as number);
    default:
  }
}

function judgePart(judging: Judging, shapeName: string, value: unknown, ...way: readonly (string | number)[]): void {
  const { path } = judging;
  const { length } = path;
  path.push(...way);
  judge(judging, shapeName, value);
  path.length = length;
}

function judgeList(judging: Judging, shape: Shape, items: readonly unknown[]): void {
  judgeLength(judging, shape, items.length);
  const member = shape.member?.shape as string;
  for (let i = 0; i < items.length; i++) judgePart(judging, member, items[i], i + 1);
}

function judgeStructure(judging: Judging, shape: Shape, value: Readonly<Record<string, unknown>>): void {
  for (const name of shape.required ?? [])
    if (value[name] === undefined) objectTo(judging, 'required', 'is required', name);
  for (const name of Object.keys(value)) {
    if (value[name] === undefined) continue;
    const member = shape.members?.[name];
    if (member) judgePart(judging, member.shape, value[name], name);
    else objectTo(judging, 'unknown', 'is not known here', name);
  }
}

function judgeString(judging: Judging, shape: Shape, value: string): void {
  if (shape.enum && !shape.enum.includes(value)) {
    objectTo(judging, 'enum', `'${value}' is none of [${shape.enum.join(', ')}]`);
    return;
  }
  judgeLength(judging, shape, value.length);
  const pattern = shape.pattern === undefined ? undefined : asRegExp(shape.pattern);
  if (pattern && !pattern.test(value)) objectTo(judging, 'pattern', `'${value}' does not match ${shape.pattern}`);
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

function judgeLength(judging: Judging, { min, max }: Shape, length: number): void {
  if ((min !== undefined && length < min) || (max !== undefined && length > max))
    objectTo(judging, 'length', `length ${length} is not within [${min ?? 0}, ${max ?? 'any'}]`);
}

function judgeRange(judging: Judging, { min, max }: Shape, value: number): void {
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    objectTo(judging, 'range', `${value} is not within [${min ?? '-'}, ${max ?? '-'}]`);
}

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : value instanceof Date ? 'timestamp' : typeof value;
