import { XMLParser } from 'fast-xml-parser';
import { shapeOf, type Member, type ServiceModel, type Shape } from '../core/service-model.ts';
import { fromText } from './scalar.ts';

const ofAttribute = '@';

/** Repeated elements come as lists, single ones as themselves; everything stays text until its shape is known. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ofAttribute,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/** What stands in the root element of a document; undefined where there is no document. */
export const rootOf = (document: string): unknown =>
  document.trim() === '' ? undefined : Object.values(parser.parse(document) as object)[0];

/** What an element holds as the structure that it is. An element that the structure does not have stays, to be refused. */
export function structureFromXml(model: ServiceModel, shape: Shape, value: unknown): object {
  const given = (typeof value === 'object' ? value : {}) as Record<string, unknown>;
  const members = new Map(
    Object.entries(shape.members ?? {}).map(([name, member]) => [wireNameOf(name, member), { name, member }]),
  );
  return Object.fromEntries(
    Object.entries(given)
      .filter(([wire]) => wire !== '#text' && !wire.startsWith(`${ofAttribute}xmlns`))
      .map(([wire, part]) => {
        const known = members.get(wire);
        return known ? [known.name, fromXml(model, known.member, part)] : [wire, part];
      }),
  );
}

const wireNameOf = (name: string, { locationName = name, xmlAttribute }: Member): string =>
  xmlAttribute ? ofAttribute + locationName : locationName;

/** An element as the value that it is. */
export function fromXml(model: ServiceModel, member: Member, value: unknown): unknown {
  const shape = shapeOf(model, member.shape);
  if (shape.type === 'structure') return structureFromXml(model, shape, value);
  if (shape.type === 'list') {
    const item = shape.member as Member;
    const flat = shape.flattened || member.flattened;
    const inside = flat ? value : (value as Record<string, unknown>)[item.locationName ?? 'member'];
    return asList(inside, flat === true).map((one) => fromXml(model, item, one));
  }
  return fromText(shape, textOf(value));
}

/** An element that holds text and has an attribute comes as an object. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = (value as Record<string, unknown> | undefined)?.['#text'];
  return typeof text === 'string' ? text : '';
}

function asList(value: unknown, flat: boolean): unknown[] {
  if (value === undefined || (value === '' && !flat)) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
