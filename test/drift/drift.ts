import type { AnyResourceType, ResourceType } from '../../operator/model/resource-type.ts';
import type { Place, PlaceName } from './place.ts';

/** What somebody can do to a property behind our back. */
export type DriftKind = 'changed' | 'removed' | 'extra';
export const driftKinds: readonly DriftKind[] = ['changed', 'removed', 'extra'];

/** One drift: how somebody makes it by calls of their own, and how it has to end. */
export interface Drift {
  /** What they did, in the words of the table: "port 22 opened to the world". */
  readonly what: string;
  make(place: Place): Promise<unknown>;
  /** `healed` when left out. `left`: nothing is written and nobody is told, because the value is not ours to keep. */
  readonly ends?: 'healed' | 'left';
  /** Why it ends so, where it is not simply healed. */
  readonly why?: string;
  /** The node of the store it is done to, when not the first one of the type. */
  readonly node?: string;
  /** Where, when not in the place of the type. */
  readonly in?: PlaceName;
  /** How many writes the healing takes at most; one when left out. */
  readonly writes?: number;
  /** How many calls it takes at most with all that is read; twelve when left out. */
  readonly calls?: number;
  /** How many minutes AWS itself needs once it was told: instances, certificates, gateways. */
  readonly awsMinutes?: number;
  /** Types of what AWS, or we, destroy on the way: instances of a rollout, a gateway's interface. */
  readonly destroys?: readonly string[];
  /** It lets the internet nearer: it has to be seen on the exposure beat. */
  readonly exposes?: true;
  /** What they left lying about beside the property: taken away before the world is compared. */
  tidy?(place: Place): Promise<unknown>;
}

/** Why nobody can make a drift. */
export interface Never {
  readonly never: string;
  /** What kind of reason it is: each is checked as far as it can be. */
  readonly because:
    'fixed-in-aws' | 'refused-by-aws' | 'one-value' | 'always-set' | 'two-values' | 'none-wanted' | 'not-in-aws';
  /** `fixed-in-aws`: how AWS's model calls the resource and the value; no call that changes anything takes both. */
  readonly members?: readonly [service: string, id: string, value: string];
  /** `refused-by-aws`: somebody tries, and AWS refuses with this code. */
  readonly code?: string;
  attempt?(place: Place): Promise<unknown>;
}

export type Cell = Drift | Never;
export const isNever = (cell: Cell): cell is Never => 'never' in cell;

export type PropertyDrifts = Readonly<Record<DriftKind, Cell>>;

/** Everything that can happen to the resources of one type. */
export interface TypeDrifts {
  readonly type: AnyResourceType;
  /** The store it is tried in, and the node. */
  readonly in: PlaceName;
  readonly node: string;
  readonly properties: Readonly<Record<string, PropertyDrifts>>;
  /** The same done to others of the type, and further ways to do it. */
  readonly more?: readonly { readonly property: string; readonly kind: DriftKind; readonly drift: Drift }[];
  /** Somebody deletes it, with whatever AWS demands to be gone first. */
  readonly deleted: Deletion;
}

export interface Deletion {
  readonly what: string;
  make(place: Place): Promise<unknown>;
  /**
   * `made again` when left out. `stalled`: nothing is written, and people are told, because it held data. `refused`: AWS
   * lets nobody delete it, with this code.
   */
  readonly ends?: 'stalled' | 'refused';
  readonly code?: string;
  readonly node?: string;
  readonly awsMinutes: number;
  /** How many writes it takes at most to bring everything back that had to go. */
  readonly writes: number;
}

/** The same, with every property of the type named: leaving one out does not compile. */
export const driftsOf = <P extends object, O extends object>(
  type: ResourceType<P, O>,
  rest: Omit<TypeDrifts, 'type' | 'properties'> & {
    readonly properties: { readonly [K in keyof Required<P>]: PropertyDrifts };
  },
): TypeDrifts => ({ type, ...rest });

const never =
  (because: Never['because']) =>
  (why: string): Never => ({ never: why, because });

export const oneValue = never('one-value')('it is one value');
export const alwaysSet = never('always-set')('AWS always has a value');
export const turningIsRemoving = never('two-values')('it is on or off: turning it is the change');
export const noneWanted = (what: string): Never => never('none-wanted')(`none are wanted: ${what}`);
export const notInAws = never('not-in-aws');

/** Whatever somebody tries: AWS has no call that changes it. */
export function fixedInAws(service: string, id: string, value: string): PropertyDrifts {
  const cell: Never = {
    never: 'AWS has no call that changes it',
    because: 'fixed-in-aws',
    members: [service, id, value],
  };
  return { changed: cell, removed: cell, extra: cell };
}

/** Somebody tries, and AWS refuses. */
export const refusedByAws = (never: string, code: string, attempt: Never['attempt']): Never => ({
  ...{ never, because: 'refused-by-aws', code, attempt },
});

/** One value that can only be another one. */
export const value = (changed: Drift): PropertyDrifts => ({ changed, removed: alwaysSet, extra: oneValue });

/** Something that is on or off. */
export const flag = (changed: Drift): PropertyDrifts => ({ changed, removed: turningIsRemoving, extra: oneValue });
