import type { AnyResourceType } from '../model/resource-type.ts';
import { registry } from '../resources/index.ts';
import type { Bounds } from './bounds.ts';
import type { EcomStoreStatus, StoreResource } from './spec.ts';

export type Retained = NonNullable<EcomStoreStatus['retained']>[number];

/**
 * How long the lists get as JSON, in bytes. The API server's etcd refuses an object of 1.5 MiB, which is also for the spec
 * and for what other tools note at a store.
 * https://etcd.io/docs/latest/dev-guide/limit/
 */
const bytes: Bounds = { resources: 600_000, retained: 300_000 };

export interface Listed {
  readonly resources: readonly StoreResource[];
  readonly retained: readonly Retained[];
}

/**
 * The lists of a status as far as the API server takes them, in the order given. Stays what the next pass would do
 * another thing without: data, lest an empty one is made in the place of a lost one; what is wanted, whose id tells what is
 * missing from what never was; and what others stand on, which may still serve.
 */
export function fitted({ resources, retained }: Listed, most: Bounds, isWanted: (node: string) => boolean): Listed {
  const weight = ({ node, type, standing }: StoreResource): number => {
    const [wanted, ground, open] = [isWanted(node), isGround(type), standing !== 'ready'];
    return weightOf(holdsData(type), wanted, ...(wanted ? [open, ground] : [ground, open]));
  };
  return {
    resources: heaviest(resources, weight, most.resources, bytes.resources),
    retained: heaviest(retained, weightOfRetained, most.retained, bytes.retained),
  };
}

/** Of what no list of AWS's that we read has, as snapshots, status alone tells. */
const weightOfRetained = ({ type = '' }: Retained): number => weightOf(!types.has(type), holdsData(type));

/** What is said first weighs more than all that is said after it. */
const weightOf = (...told: readonly boolean[]): number => told.reduce((sum, is) => sum * 2 + Number(is), 0);

function heaviest<T>(list: readonly T[], weight: (one: T) => number, most: number, room: number): readonly T[] {
  if (list.length <= most && sizeOf(list) <= room) return list;
  const sizes = list.map((one) => sizeOf(one) + 1);
  const weights = list.map(weight);
  const ranked = [...list.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  let left = room;
  const chosen = new Set(ranked.slice(0, most).filter((at) => (left -= sizes[at] ?? 0) >= 0));
  return list.filter((_, at) => chosen.has(at));
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const types: ReadonlyMap<string, AnyResourceType> = new Map(registry.resources.map((type) => [type.name, type]));
const holdsData = (name: string): boolean => types.get(name)?.data !== undefined;

const grounds: ReadonlySet<string> = new Set(registry.resources.flatMap(({ needs }) => needs));
const isGround = (name: string): boolean => grounds.has(name);

/** What the lists leave out, for people; nothing when they are whole. */
export function leftOut(all: Listed, told: Listed): string[] {
  const parts = (['resources', 'retained'] as const).map((list) => {
    const more = all[list].length - told[list].length;
    return more > 0 ? `and ${more} more than the ${told[list].length} that status.${list} lists` : '';
  });
  return parts.filter((part) => part !== '');
}
