import type { Resource, Template } from './template/export.ts';

/** What of a state is judged again after a write. */
export interface Change {
  /** The resources that the write may have spoilt. */
  readonly touched: ReadonlySet<string>;
  /** A template of these and of all that judges see of the world from there. */
  readonly part: Template;
}

type Resources = Readonly<Record<string, Resource>>;
type Ties = ReadonlyMap<string, ReadonlySet<string>>;

/** The names that a resource refers to. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    if (key === 'Ref' && typeof one === 'string') return [one];
    if (key === 'DependsOn' && Array.isArray(one)) return one.map(String);
    if (key === 'Fn::GetAtt' && Array.isArray(one)) return [String(one[0])];
    return namesIn(one);
  });
}

/** What each resource refers to, and what refers to it. */
function tiesOf(resources: Resources): Ties {
  const ties = new Map(Object.keys(resources).map((name) => [name, new Set<string>()]));
  for (const [name, resource] of Object.entries(resources))
    for (const other of namesIn(resource)) {
      ties.get(name)?.add(other);
      ties.get(other)?.add(name);
    }
  return ties;
}

const around = (names: Iterable<string>, ...worlds: readonly Ties[]): string[] =>
  [...names].flatMap((name) => worlds.flatMap((ties) => [...(ties.get(name) ?? [])]));

/** With all that they refer to, and so on: no reference may lead nowhere. */
function closed(names: Iterable<string>, resources: Resources): Set<string> {
  const all = new Set(names);
  for (const name of all) for (const other of namesIn(resources[name])) all.add(other);
  return all;
}

/**
 * What one write did to a state. A rule looks at a resource and at what that is tied to, so there is news only of what
 * is new, changed or gone, and of its neighbours.
 */
export function changeBetween({ Resources: before }: Template, after: Template): Change {
  const { Resources: now } = after;
  const differs = (name: string): boolean => JSON.stringify(before[name]) !== JSON.stringify(now[name]);
  const different = Object.keys({ ...before, ...now }).filter(differs);
  const [had, has] = [tiesOf(before), tiesOf(now)];
  const touched = new Set([...different, ...around(different, had, has)].filter((name) => name in now));
  const chosen = closed([...touched, ...around(touched, has)], now);
  const part = Object.fromEntries(Object.entries(now).filter(([name]) => chosen.has(name)));
  return { touched, part: { ...after, Resources: part } };
}
