import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';
import type { Element } from './element.ts';
import { broken, under, unknown, type Finding } from './misfit.ts';
import { strictly } from './scalar-text.ts';

export interface XmlReading {
  readonly model: ServiceModel;
  readonly found: Finding[];
}

/** A structure's elements as a value; every element and attribute that is no member is a finding. */
export function readStructure(reading: XmlReading, shape: Shape, element: Element, path: string): object {
  noText(reading, element, path);
  const value: Record<string, unknown> = {};
  for (const [wire, text] of Object.entries(element.attributes)) {
    const known = Object.entries(shape.members ?? {}).find(
      ([name, { xmlAttribute, locationName = name }]) => xmlAttribute && locationName === wire,
    );
    if (known) value[known[0]] = strictly(reading.model, known[1], shapeOf(reading.model, known[1].shape), text);
    else if (!/^xmlns(:|$)/.test(wire)) reading.found.push(unknown(under(path, `@${wire}`)));
  }
  const members = new Map(
    Object.entries(shape.members ?? {})
      .filter(([, { location, xmlAttribute }]) => location === undefined && !xmlAttribute)
      .map(([name, member]) => [wireName(reading.model, name, member), { name, member }]),
  );
  for (const [wire, elements] of byName(element.children)) {
    const known = members.get(wire);
    if (known) value[known.name] = readMember(reading, known.member, elements, under(path, wire));
    else reading.found.push(unknown(under(path, wire)));
  }
  return value;
}

/** The name of a member's elements: a flattened list is called by its items. */
function wireName(model: ServiceModel, name: string, member: Member): string {
  const shape = shapeOf(model, member.shape);
  const flat = shape.flattened === true || member.flattened === true;
  return (flat && shape.type === 'list' ? shape.member?.locationName : undefined) ?? member.locationName ?? name;
}

/** The elements of one member as its value. */
export function readMember(reading: XmlReading, member: Member, elements: readonly Element[], path: string): unknown {
  const shape = shapeOf(reading.model, member.shape);
  const flat = shape.flattened === true || member.flattened === true;
  if (shape.type === 'list' && flat) return items(reading, shape, elements, path);
  if (elements.length > 1) reading.found.push(broken(path, `stands ${elements.length} times`));
  const only = elements[0] as Element;
  if (shape.type === 'structure') return readStructure(reading, shape, only, path);
  if (shape.type === 'list')
    return items(reading, shape, within(reading, only, shape.member?.locationName ?? 'member', path), path);
  if (shape.type === 'map')
    return entries(reading, shape, flat ? elements : within(reading, only, 'entry', path), path);
  for (const { name } of only.children) reading.found.push(unknown(under(path, name)));
  return strictly(reading.model, member, shape, only.text);
}

const items = (reading: XmlReading, shape: Shape, elements: readonly Element[], path: string): unknown[] =>
  elements.map((element, i) => readMember(reading, shape.member as Member, [element], under(path, String(i + 1))));

function entries(reading: XmlReading, shape: Shape, elements: readonly Element[], path: string): object {
  const members = {
    key: { locationName: 'key', ...shape.key },
    value: { locationName: 'value', ...shape.value },
  } as Record<'key' | 'value', Member>;
  return Object.fromEntries(
    elements.map((element, i) => {
      const entry = readStructure(reading, { type: 'structure', members }, element, under(path, String(i + 1)));
      const { key, value } = entry as { key?: string; value?: unknown };
      return [key ?? '', value];
    }),
  );
}

/** The elements inside, which all must have the one name. */
function within(reading: XmlReading, element: Element, only: string, path: string): readonly Element[] {
  noText(reading, element, path);
  for (const { name } of element.children) if (name !== only) reading.found.push(unknown(under(path, name)));
  return element.children.filter(({ name }) => name === only);
}

function noText(reading: XmlReading, { text }: Element, path: string): void {
  if (text.trim() !== '') reading.found.push(broken(path, `holds the text '${text.trim()}'`));
}

function byName(elements: readonly Element[]): Map<string, Element[]> {
  const grouped = new Map<string, Element[]>();
  for (const element of elements) grouped.set(element.name, [...(grouped.get(element.name) ?? []), element]);
  return grouped;
}
