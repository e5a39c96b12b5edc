import type { ServiceModel } from '../core/service-model.ts';

export interface Match {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The operation of a REST request: segment by segment; of several that fit, the one with the fewest labels. */
export function matchOf(model: ServiceModel, { method, path }: { method: string; path: string }): Match | undefined {
  const given = segments(path);
  const fitting = Object.entries(model.operations).flatMap(([operation, { http }]) => {
    const labels = http.method === method ? fit(segments(http.requestUri.split('?')[0] as string), given) : undefined;
    return labels ? [{ operation, labels }] : [];
  });
  return fitting.sort((a, b) => Object.keys(a.labels).length - Object.keys(b.labels).length)[0];
}

const segments = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** The labels of a template; `{Key+}` takes all that is left. */
function fit(template: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [i, segment] of template.entries()) {
    const label = /^\{(\w+)(\+?)\}$/.exec(segment);
    const [, name, greedy] = label ?? [];
    if (name === undefined ? segment !== given[i] : given[i] === undefined) return undefined;
    if (name === undefined) continue;
    if (greedy) return { ...labels, [name]: decodeURIComponent(given.slice(i).join('/')) };
    labels[name] = decodeURIComponent(given[i] as string);
  }
  return template.length === given.length ? labels : undefined;
}
