import { shapeOf, type Operation, type ServiceModel } from '../core/service-model.ts';

export interface Match {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The words of the query string that the operation's URI has itself: `policy`, `Operation`. */
  readonly words: ReadonlySet<string>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * The operation of a REST request: segment by segment and word by word; of several that fit, the one with the most
 * words, then the one that lacks the fewest of the parameters that it requires (an upload is ended where `uploadId` is
 * given, else an object is deleted), then the one with the fewest labels.
 */
export function matchOf(model: ServiceModel, { method, path, query }: Asked): Match | undefined {
  const fitting = Object.entries(model.operations).flatMap(([operation, described]) => {
    const { http } = described;
    const [template = '', search = ''] = http.requestUri.split('?');
    const words = [...new URLSearchParams(search)];
    if (http.method !== method || words.some(([name, value]) => query.get(name) !== value)) return [];
    const labels = fit(template, path);
    const required = requiredIn(model, described);
    const lacking = required.filter((name) => !query.has(name)).length;
    return labels ? [{ operation, labels, words: new Set(words.map(([name]) => name)), required, lacking }] : [];
  });
  const labelled = ({ labels }: Match): number => Object.keys(labels).length;
  return fitting.sort(
    (a, b) =>
      b.words.size - a.words.size ||
      a.lacking - b.lacking ||
      b.required.length - a.required.length ||
      labelled(a) - labelled(b),
  )[0];
}

/** The parameters of the query string that an operation requires. */
function requiredIn(model: ServiceModel, { input }: Operation): string[] {
  const { members = {}, required = [] } = input ? shapeOf(model, input.shape) : {};
  return required.flatMap((name) => {
    const { location, locationName = name } = members[name] ?? {};
    return location === 'querystring' ? [locationName] : [];
  });
}

const segments = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** The labels of a template; `{Key+}` takes all that is left, as it stands. */
function fit(template: string, path: string): Record<string, string> | undefined {
  const greedy = /^(.*)\/\{(\w+)\+\}$/.exec(template);
  if (!greedy) return fitSegments(segments(template), segments(path));
  const [, before = '', name = ''] = greedy;
  const given = path.split('/');
  const depth = before.split('/').length;
  const [head, rest] = [given.slice(0, depth), given.slice(depth).join('/')];
  const labels = rest === '' ? undefined : fitSegments(segments(before), segments(head.join('/')));
  return labels && { ...labels, [name]: decodeURIComponent(rest) };
}

function fitSegments(template: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (template.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [i, segment] of template.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined && segment !== given[i]) return undefined;
    if (name !== undefined) labels[name] = decodeURIComponent(given[i] as string);
  }
  return labels;
}
