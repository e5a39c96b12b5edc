import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';
import { escapeXml, toText } from './scalar.ts';

export const element = (name: string, content: string, attributes = ''): string =>
  `<${name}${attributes}>${content}</${name}>`;

/** The members of a structure as XML elements, in the order of the model. */
export function membersToXml(model: ServiceModel, shape: Shape, value: Readonly<Record<string, unknown>>): string {
  return Object.entries(shape.members ?? {})
    .filter(([name, member]) => value[name] !== undefined && member.location === undefined)
    .map(([name, member]) => memberToXml(model, member, member.locationName ?? name, value[name]))
    .join('');
}

function memberToXml(model: ServiceModel, member: Member, name: string, value: unknown): string {
  const shape = shapeOf(model, member.shape);
  if (shape.type === 'structure') return element(name, membersToXml(model, shape, value as Record<string, unknown>));
  if (shape.type === 'list') return listToXml(model, member, shape, name, value as unknown[]);
  if (shape.type === 'map') return mapToXml(model, shape, name, value as Record<string, unknown>);
  return element(name, escapeXml(toText(value)));
}

function listToXml(model: ServiceModel, member: Member, shape: Shape, name: string, values: unknown[]): string {
  const item = shape.member as Member;
  if (shape.flattened || member.flattened)
    return values.map((value) => memberToXml(model, item, item.locationName ?? name, value)).join('');
  const inner = item.locationName ?? (model.metadata.protocol === 'ec2' ? 'item' : 'member');
  return element(name, values.map((value) => memberToXml(model, item, inner, value)).join(''));
}

function mapToXml(model: ServiceModel, shape: Shape, name: string, map: Record<string, unknown>): string {
  const entries = Object.entries(map).map(([key, value]) =>
    element(
      'entry',
      memberToXml(model, shape.key as Member, shape.key?.locationName ?? 'key', key) +
        memberToXml(model, shape.value as Member, shape.value?.locationName ?? 'value', value),
    ),
  );
  return element(name, entries.join(''));
}
