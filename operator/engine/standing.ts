import type { AnyResourceType, Registry } from '../model/resource-type.ts';
import type { Leaving } from './prune.ts';
import type { Entry } from './shelf.ts';

/** By which words the props of others name it: its id, its key, its outputs. */
export const namesOf = ({ id, key, outputs }: Entry['found']): string[] => [
  id,
  ...(key === undefined ? [] : [key]),
  ...stringsIn(outputs),
];

/** Every string inside a value. */
export function stringsIn(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value === 'string') into.add(value);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) stringsIn(part, into);
  return into;
}

/** The types that resources of this type may stand on, however far below. */
export function groundOf(type: AnyResourceType, registry: Registry, into = new Set<string>()): Set<string> {
  for (const need of type.needs) {
    if (into.has(need)) continue;
    into.add(need);
    const below = registry.resources.find(({ name }) => name === need);
    if (below) groundOf(below, registry, into);
  }
  return into;
}

/**
 * What a resource stands on, however far below: those of the others that its props name by id, key or an output, among
 * the types that its type needs. A database stands on its subnet group, that on subnets, those on a VPC.
 */
export function standsOn(one: Leaving, others: readonly Leaving[], registry: Registry): Set<Leaving> {
  const ground = new Set<Leaving>();
  const visit = ({ entry, shelf }: Leaving): void => {
    const named = stringsIn(entry.found.props);
    const types = groundOf(shelf.type, registry);
    for (const other of others) {
      if (ground.has(other) || other.entry === one.entry || !types.has(other.shelf.type.name)) continue;
      if (!namesOf(other.entry.found).some((name) => named.has(name))) continue;
      ground.add(other);
      visit(other);
    }
  };
  visit(one);
  return ground;
}
