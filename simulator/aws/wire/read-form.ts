import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';
import { broken, under, unknown, type Finding } from './misfit.ts';
import { strictly } from './scalar-text.ts';

/** `Filter.1.Name=x` as a tree: what stands at a name, and what stands below it. */
interface Part {
  text: string | undefined;
  readonly below: Map<string, Part>;
}

export interface FormReading {
  readonly model: ServiceModel;
  readonly found: Finding[];
}

/** The input of a form body of the `ec2` and `query` protocols; every parameter that leads to no member is a finding. */
export function readForm(reading: FormReading, shapeName: string | undefined, form: URLSearchParams): unknown {
  const root: Part = { text: undefined, below: new Map() };
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue;
    let part = root;
    for (const name of key.split('.')) {
      const next = part.below.get(name) ?? { text: undefined, below: new Map<string, Part>() };
      part.below.set(name, next);
      part = next;
    }
    if (part.text !== undefined) reading.found.push(broken(key, 'is given twice'));
    part.text = value;
  }
  return structure(
    reading,
    shapeName === undefined ? { type: 'structure' } : shapeOf(reading.model, shapeName),
    root,
    '',
  );
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * How a member is called in a request. EC2 has a name of its own, or the reply's name with a capital.
 * https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
const wireName = ({ metadata }: ServiceModel, name: string, member: Member): string =>
  metadata.protocol === 'ec2'
    ? (member.queryName ?? capital(member.locationName ?? name))
    : (member.locationName ?? name);

function structure(reading: FormReading, shape: Shape, part: Part, path: string): object {
  if (part.text !== undefined) reading.found.push(broken(path, 'is a structure and has a value of its own'));
  const members = new Map(
    Object.entries(shape.members ?? {}).map(([name, member]) => [
      wireName(reading.model, name, member),
      { name, member },
    ]),
  );
  const value: Record<string, unknown> = {};
  for (const [wire, below] of part.below) {
    const known = members.get(wire);
    if (known) value[known.name] = member(reading, known.member, below, under(path, wire));
    else reading.found.push(...leaves(below, under(path, wire)).map(unknown));
  }
  return value;
}

function member(reading: FormReading, described: Member, part: Part, path: string): unknown {
  const shape = shapeOf(reading.model, described.shape);
  if (shape.type === 'structure') return structure(reading, shape, part, path);
  if (shape.type === 'list') return list(reading, shape, described, part, path);
  if (shape.type === 'map') return map(reading, shape, described, part, path);
  for (const [name, below] of part.below) reading.found.push(...leaves(below, under(path, name)).map(unknown));
  return part.text === undefined ? undefined : strictly(reading.model, described, shape, part.text);
}

function list(reading: FormReading, shape: Shape, described: Member, part: Part, path: string): unknown[] {
  const item = shape.member as Member;
  const flat = reading.model.metadata.protocol === 'ec2' || shape.flattened === true || described.flattened === true;
  // The query protocol writes an empty list as a bare name; EC2 has no way to write one.
  if (part.text !== undefined && (part.text !== '' || part.below.size > 0 || reading.model.metadata.protocol === 'ec2'))
    reading.found.push(broken(path, 'is a list and has a value of its own'));
  const numbered = flat ? { part, path } : within(reading, part, path, item.locationName ?? 'member');
  return inOrder(reading, numbered.part, numbered.path).map(([index, below]) =>
    member(reading, item, below, under(numbered.path, index)),
  );
}

function map(reading: FormReading, shape: Shape, described: Member, part: Part, path: string): object {
  const flat = shape.flattened === true || described.flattened === true;
  const numbered = flat ? { part, path } : within(reading, part, path, 'entry');
  const value: Record<string, unknown> = {};
  for (const [index, entry] of inOrder(reading, numbered.part, numbered.path)) {
    const [keyName, valueName] = [shape.key?.locationName ?? 'key', shape.value?.locationName ?? 'value'];
    const at = under(numbered.path, index);
    const known = new Set([keyName, valueName]);
    for (const [name, below] of entry.below)
      if (!known.has(name)) reading.found.push(...leaves(below, under(at, name)).map(unknown));
    const key = entry.below.get(keyName)?.text;
    const given = entry.below.get(valueName);
    if (key === undefined) reading.found.push(broken(at, `has no ${keyName}`));
    else value[key] = given && member(reading, shape.value as Member, given, under(at, valueName));
  }
  return value;
}

/** What stands below one name, where nothing else may. */
function within(reading: FormReading, part: Part, path: string, only: string): { part: Part; path: string } {
  for (const [name, below] of part.below)
    if (name !== only) reading.found.push(...leaves(below, under(path, name)).map(unknown));
  return { part: part.below.get(only) ?? { text: undefined, below: new Map() }, path: under(path, only) };
}

/** The items of a list: numbered from one, none left out. */
function inOrder(reading: FormReading, part: Part, path: string): [string, Part][] {
  const items = [...part.below].sort(([a], [b]) => Number(a) - Number(b));
  items.forEach(([index], i) => {
    if (index !== String(i + 1)) reading.found.push(broken(under(path, index), `stands where ${i + 1} is due`));
  });
  return items;
}

const leaves = (part: Part, path: string): string[] =>
  part.below.size === 0 ? [path] : [...part.below].flatMap(([name, below]) => leaves(below, under(path, name)));
