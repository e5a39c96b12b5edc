import { documentRoot, isUnwrapped, xmlNamespaceOf } from '../core/documents.ts';
import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';
import { escapeXml, toText } from './scalar.ts';

export const element = (name: string, content: string, attributes = ''): string =>
  `<${name}${attributes}>${content}</${name}>`;

export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The document of a REST-XML reply: its payload, or all members that have no other place. */
export function documentOf(model: ServiceModel, operation: string, values: Readonly<Record<string, unknown>>): string {
  const described = model.operations[operation]?.output;
  const shape = described ? shapeOf(model, described.shape) : { type: 'structure' };
  const { payload, members = {} } = shape;
  const attributes = ` xmlns="${xmlNamespaceOf(model)}"`;
  const root = documentRoot(model, operation);
  if (payload !== undefined)
    return declaration + memberToXml(model, members[payload] as Member, root, values[payload], attributes);
  const content = isUnwrapped(model, operation)
    ? escapeXml(Object.values(values).map(toText).join(''))
    : membersToXml(model, shape, values);
  return declaration + element(root, content, attributes);
}

/** The members of a structure as XML elements, in the order of the model. */
export function membersToXml(model: ServiceModel, shape: Shape, value: Readonly<Record<string, unknown>>): string {
  return Object.entries(shape.members ?? {})
    .filter(([name, member]) => value[name] !== undefined && member.location === undefined && !member.xmlAttribute)
    .map(([name, member]) => memberToXml(model, member, member.locationName ?? name, value[name]))
    .join('');
}

function memberToXml(model: ServiceModel, member: Member, name: string, value: unknown, attributes = ''): string {
  const shape = shapeOf(model, member.shape);
  if (shape.type === 'structure') {
    const given = value as Record<string, unknown>;
    return element(name, membersToXml(model, shape, given), attributes + attributesOf(shape, given));
  }
  if (shape.type === 'list') return listToXml(model, member, shape, name, value as unknown[]);
  if (shape.type === 'map') return mapToXml(model, shape, name, value as Record<string, unknown>);
  return element(name, escapeXml(toText(value)));
}

/** The members that are attributes, and the namespace of their prefix. */
function attributesOf({ members = {}, xmlNamespace }: Shape, value: Readonly<Record<string, unknown>>): string {
  const own = Object.entries(members).filter(([name, member]) => member.xmlAttribute && value[name] !== undefined);
  if (own.length === 0) return '';
  const prefix = xmlNamespace?.prefix === undefined ? '' : ` xmlns:${xmlNamespace.prefix}="${xmlNamespace.uri}"`;
  return prefix + own.map(([name, one]) => ` ${one.locationName ?? name}="${escapeXml(toText(value[name]))}"`).join('');
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
