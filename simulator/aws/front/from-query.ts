import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';
import { AwsError } from '../core/aws-error.ts';
import { fromText } from './scalar.ts';

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The parameters of a request, and which of them were read. */
class Parameters {
  readonly #values: URLSearchParams;
  readonly read = new Set<string>();

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  get(key: string): string | undefined {
    const value = this.#values.get(key);
    if (value !== null) this.read.add(key);
    return value ?? undefined;
  }

  has(prefix: string): boolean {
    return [...this.#values.keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`));
  }

  unread(): string[] {
    return [...this.#values.keys()].filter((key) => !this.read.has(key));
  }
}

/**
 * The form bodies of the `ec2` and `query` protocols as an input. A parameter that the operation does not have is
 * refused. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function inputFromQuery(model: ServiceModel, shapeName: string | undefined, body: URLSearchParams): object {
  const parameters = new Parameters(body);
  for (const known of ['Action', 'Version']) parameters.get(known);
  const input = shapeName === undefined ? {} : structure(model, shapeOf(model, shapeName), '', parameters);
  const [unknown] = parameters.unread();
  if (unknown !== undefined) throw new AwsError('UnknownParameter', `The parameter ${unknown} is not recognized`);
  return input;
}

function structure(model: ServiceModel, shape: Shape, prefix: string, parameters: Parameters): object {
  const ec2 = model.metadata.protocol === 'ec2';
  const entries = Object.entries(shape.members ?? {}).flatMap(([name, member]) => {
    const key = ec2 ? (member.queryName ?? upperFirst(member.locationName ?? name)) : (member.locationName ?? name);
    const value = valueAt(model, member, prefix === '' ? key : `${prefix}.${key}`, parameters);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries) as object;
}

function valueAt(model: ServiceModel, member: Member, key: string, parameters: Parameters): unknown {
  const shape = shapeOf(model, member.shape);
  if (!parameters.has(key)) return undefined;
  if (shape.type === 'structure') return structure(model, shape, key, parameters);
  if (shape.type === 'list') return listAt(model, shape, member, key, parameters);
  if (shape.type === 'map') return mapAt(model, shape, key, parameters);
  const text = parameters.get(key);
  return text === undefined ? undefined : fromText(shape, text);
}

function listAt(model: ServiceModel, shape: Shape, member: Member, key: string, parameters: Parameters): unknown[] {
  const item = shape.member as Member;
  const flat = model.metadata.protocol === 'ec2' || shape.flattened === true || member.flattened === true;
  const name = item.locationName ?? 'member';
  const base = flat ? key : `${key}.${name}`;
  parameters.get(key); // An empty list is sent as the bare key.
  const items: unknown[] = [];
  for (let i = 1; parameters.has(`${base}.${i}`); i++) items.push(valueAt(model, item, `${base}.${i}`, parameters));
  return items;
}

function mapAt(model: ServiceModel, shape: Shape, key: string, parameters: Parameters): object {
  const [keyName, valueName] = [shape.key?.locationName ?? 'key', shape.value?.locationName ?? 'value'];
  const base = shape.flattened ? key : `${key}.entry`;
  const map: Record<string, unknown> = {};
  for (let i = 1; parameters.has(`${base}.${i}`); i++) {
    const name = parameters.get(`${base}.${i}.${keyName}`) ?? '';
    map[name] = valueAt(model, shape.value as Member, `${base}.${i}.${valueName}`, parameters);
  }
  return map;
}
