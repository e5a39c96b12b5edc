import { XMLParser } from 'fast-xml-parser';
import { shapeOf, type Member, type Operation, type ServiceModel, type Shape } from '../core/service-model.ts';
import { fromText } from './scalar.ts';

/** Repeated elements come as lists, single ones as themselves; everything stays text until its shape is known. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/** The operation that a method and path name, with the parts of the path that are parameters. */
export function routeOf(
  model: ServiceModel,
  method: string,
  path: string,
): { operation: string; labels: Record<string, string> } | undefined {
  const matches = Object.entries(model.operations).flatMap(([operation, { http }]) => {
    const labels = http.method === method ? labelsOf(http.requestUri.split('?')[0] as string, path) : undefined;
    return labels ? [{ operation, labels, literal: http.requestUri.replace(/\{[^}]*\}/g, '').length }] : [];
  });
  return matches.sort((a, b) => b.literal - a.literal)[0];
}

function labelsOf(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const source = template.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    names.push(name);
    return greedy ? '(.+)' : '([^/]+)';
  });
  const matched = new RegExp(`^${source.replace(/\/$/, '')}/?$`).exec(path);
  return matched
    ? Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(matched[i + 1] as string)]))
    : undefined;
}

/** The input of a REST-XML request: from its path, its query string and its body. */
export function inputFromRestXml(
  model: ServiceModel,
  operation: Operation,
  parts: { labels: Record<string, string>; query: URLSearchParams; body: string },
): object {
  if (!operation.input) return {};
  const shape = shapeOf(model, operation.input.shape);
  const input: Record<string, unknown> = {};
  const root = parts.body.trim() === '' ? {} : (Object.values(parser.parse(parts.body) as object)[0] as unknown);
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const wire = member.locationName ?? name;
    const target = shapeOf(model, member.shape);
    if (member.location === 'uri' && parts.labels[wire] !== undefined)
      input[name] = fromText(target, parts.labels[wire]);
    else if (member.location === 'querystring') {
      const text = parts.query.get(wire);
      if (text !== null) input[name] = fromText(target, text);
    } else if (member.location === undefined) {
      const value = shape.payload === name ? root : (root as Record<string, unknown> | undefined)?.[wire];
      const parsed = fromXml(model, member, value);
      if (parsed !== undefined) input[name] = parsed;
    }
  }
  return input;
}

function fromXml(model: ServiceModel, member: Member, value: unknown): unknown {
  if (value === undefined) return undefined;
  const shape = shapeOf(model, member.shape);
  if (shape.type === 'structure') return structureFromXml(model, shape, value);
  if (shape.type === 'list') {
    const item = shape.member as Member;
    const flat = shape.flattened || member.flattened;
    const inside = flat ? value : (value as Record<string, unknown>)[item.locationName ?? 'member'];
    return asList(inside).map((one) => fromXml(model, item, one));
  }
  return fromText(shape, typeof value === 'string' ? value : '');
}

function structureFromXml(model: ServiceModel, shape: Shape, value: unknown): object {
  const given = (typeof value === 'object' ? value : {}) as Record<string, unknown>;
  const wireNames = new Map(Object.entries(shape.members ?? {}).map(([name, one]) => [one.locationName ?? name, name]));
  return Object.fromEntries(
    Object.entries(given)
      .filter(([wire]) => wire !== '#text')
      .map(([wire, part]) => {
        const name = wireNames.get(wire);
        return name === undefined
          ? [wire, part]
          : [name, fromXml(model, (shape.members as Record<string, Member>)[name] as Member, part)];
      }),
  );
}

const asList = (value: unknown): unknown[] =>
  value === undefined || value === '' ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
