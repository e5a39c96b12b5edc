import type { Request } from '../core/request.ts';
import type { World } from '../core/world.ts';

/** What a resource of EC2 may be stood on as. */
export type Ground = 'vpc' | 'subnet' | 'security-group' | 'internet-gateway' | 'address' | 'route-table';

/** Names something that stands on a piece of ground, if anything does. */
export type DependantRule = (world: World, region: string, ground: Ground, id: string) => string | undefined;

const rules: DependantRule[] = [];

/** Other nouns and services say what they stand on: whatever is stood on cannot be deleted. */
export const addDependantRule = (rule: DependantRule): void => void rules.push(rule);

export function onDependants({ world, region }: Request, ground: Ground, id: string): string | undefined {
  for (const rule of rules) {
    const dependant = rule(world, region, ground, id);
    if (dependant !== undefined) return dependant;
  }
  return undefined;
}

type Watcher = (request: Request, ground: Ground, id: string) => void;

const watchers: Watcher[] = [];

/** What is tied to a piece of ground without holding it goes with it: a subnet's place in a route table, a VPC's main route table. */
export const whenGone = (watcher: Watcher): void => void watchers.push(watcher);

export function gone(request: Request, ground: Ground, id: string): void {
  for (const watcher of watchers) watcher(request, ground, id);
}
