import type { Operation, ServiceModel } from '../core/service-model.ts';
import { shapeOf } from '../core/service-model.ts';

/** What a method, path and query string name: an operation, and the parts of the path that are parameters. */
export interface Route {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * The operation of a REST request. Some differ by a word in the query string only (`?policy`, `?Operation=Tag`): the
 * one that wants the most of what is there is meant. None is meant by a request with a parameter that none has, so that
 * `PUT /bucket?website` does not make a bucket where websites are not simulated.
 */
export function routeOf(model: ServiceModel, asked: Asked): Route | undefined {
  const matches = Object.entries(model.operations).flatMap(([operation, described]) => {
    const [path = '', words = ''] = described.http.requestUri.split('?');
    const wanted = [...new URLSearchParams(words)];
    const labels = described.http.method === asked.method ? labelsOf(path, asked.path) : undefined;
    if (!labels || !wanted.every(([name, value]) => asked.query.get(name) === value)) return [];
    const known = new Set([...wanted.map(([name]) => name), ...parametersOf(model, described), ofTheSdk]);
    if ([...asked.query.keys()].some((name) => !known.has(name))) return [];
    return [{ operation, labels, wanted: wanted.length, literal: path.replace(/\{[^}]*\}/g, '').length }];
  });
  return matches.sort((a, b) => b.wanted - a.wanted || b.literal - a.literal)[0];
}

/** The JavaScript SDK tells S3 the name of the operation. */
const ofTheSdk = 'x-id';

function parametersOf(model: ServiceModel, { input }: Operation): string[] {
  const members = input ? Object.entries(shapeOf(model, input.shape).members ?? {}) : [];
  return members.flatMap(([name, { location, locationName }]) =>
    location === 'querystring' ? [locationName ?? name] : [],
  );
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
