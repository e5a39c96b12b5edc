import type { NodeOwner, TagChanges, Tags } from './identity.ts';
import type { Fault } from './faults.ts';
import type { Aws } from './ports.ts';
import type { Wanted } from './ref.ts';

/**
 * What happens when a wanted value differs from AWS's: `live` is changed in place, `fixed` needs another resource,
 * `seed` is given at birth and belongs to AWS or an autoscaler from then on. Of data that was born before and is taken
 * over, a seed that AWS tells has to be what is wanted.
 */
export type Mode = 'live' | 'fixed' | 'seed';

export interface Field<T> {
  readonly mode: Mode;
  /** Whether AWS already has what is wanted; by default deep equality. `beside`: all that was read of the resource. */
  equal?(wanted: T, found: T, beside: object): boolean;
  /**
   * May refer to nodes that are built later: the resource is created without it, and an update adds it once the refs
   * resolve. Security groups that name each other need this. Only for `live` fields.
   */
  readonly late?: true;
  /**
   * What is wanted while something is on its way out that still serves: with those parts of what AWS has that name it, so
   * that it is not cut off before its end. `serves` tells of a part whether it names such a thing. Without this, nothing of
   * what AWS has is spared.
   */
  spare?(wanted: T, found: T, serves: (part: unknown) => boolean): T;
  /**
   * A change of it stops what is served for a while: alone it exposes nobody, and one that does not stay is made ever more
   * rarely, whatever the type's beat.
   */
  readonly interrupts?: true;
  /**
   * What it names belongs together, as a name and the way that leads to it: while something of that is being replaced, it
   * stays as AWS has it, and then all of it changes in one write.
   */
  readonly together?: true;
  /** For a `seed`: one that takes the place of another begins with what that one has by then. */
  readonly inherited?: true;
}

/** Every prop states its mode; leaving one out does not compile. */
export type Fields<P> = { readonly [K in keyof Required<P>]: Mode | Field<Required<P>[K]> };

/**
 * `pending`: not usable yet. `changing`: usable and may be updated, but AWS is still at work on it (a rollout).
 * `failed`: will never be usable. `deleting`: on its way out; once nothing is left of it, lists leave it out.
 */
export type State =
  | { readonly is: 'ready'; readonly notice?: Notice }
  | { readonly is: 'pending' | 'changing'; readonly reason: string; readonly overdue?: Overdue }
  | { readonly is: 'deleting'; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string; readonly remedy?: string };

/** After how many milliseconds in such a state it waits for people rather than for AWS, and what they can do. */
export interface Overdue {
  readonly after: number;
  readonly remedy: string;
}

/** Nothing is wrong, and nothing is to be done by us, and yet people want to know. */
export interface Notice {
  /** One CamelCase word for machines. */
  readonly reason: string;
  readonly message: string;
}

/** Instances that AWS replaces one after the other. */
export interface Replaced {
  /** How many: where that depends on what each of them is, at least and at most. */
  readonly least: number;
  readonly most: number;
  /** How many at a time. */
  readonly atOnce: number;
  /** Whether a new one is in service before an old one goes. */
  readonly isLaunchedFirst: boolean;
  /** The share that stays in service, in percent, and how many of them that is. */
  readonly minHealthyPercent: number;
  readonly inService: number;
}

/** A change that AWS began and gave up: while it is told, the same is not tried again, unless people ask for it. */
export interface FailedChange {
  readonly field: string;
  readonly value: unknown;
  readonly reason: string;
}

/** A resource as AWS tells it, in the words of the graph. */
export interface Found<P = object, O = object> {
  /** AWS's own id: unique within the type and region, never used again (an ARN, `vpc-0…`; a name where AWS has no other). */
  readonly id: string;
  /** The name that AWS keeps unique, where it keeps one: a second resource with it cannot exist. */
  readonly key?: string;
  /** `undefined`: no owner tags, so foreign. */
  readonly owner: NodeOwner | undefined;
  /** Something else than tags tells its owner, and it has none: a creation was cut off before it wrote them. `retag` does. */
  readonly unmarked?: true;
  readonly state: State;
  /** Only what was really read: a key that is missing was not read, a value `undefined` was read as not set. */
  readonly props: Partial<P>;
  readonly outputs: Partial<O>;
  /** Milliseconds since the epoch, where AWS tells it: of two candidates the elder stays. */
  readonly bornAt?: number;
  readonly failedChanges?: readonly FailedChange[];
  /**
   * Told by lists, where AWS tells it: another one whenever anything has changed that details tell, or that the list reads
   * of each resource by a call of its own. While it stays the same, neither is read again.
   */
  readonly revision?: string;
  /** Told by lists that ask about its state by a call of its own: when they did last, in milliseconds since the epoch. */
  readonly askedAt?: number;
}

/** How often AWS is read: what can expose a store every minute, existence every two, settings every fifteen. */
export type Beat = 'exposure' | 'existence' | 'settings';

/** What a list reads. */
export interface Scope {
  readonly installation: string;
  /** The number of the account that is read. */
  readonly account: string;
  readonly region: string;
  /** When it is read, in milliseconds since the epoch. */
  readonly now: number;
  /** What AWS has told since then, in milliseconds since the epoch, need not be asked again by a call of its own. */
  readonly recently: number;
  /**
   * The owner learnt earlier for an id, 'foreign' when it was read and is nobody's of ours, undefined when never read.
   * Lists whose pages lack tags ask AWS for the tags of unknown ids only.
   */
  known(id: string): NodeOwner | 'foreign' | undefined;
  /** What AWS told of it last, or our own creation; undefined when nothing did. */
  last(id: string): Found | undefined;
  /** For a type with `parentOf`: the ids of the parents whose resources are listed. */
  readonly parents: readonly string[];
}

/** What is read of one resource beside its list; with all of `Found` where it also tells state or outputs. */
export type Detail<P = object, O = object> = (Pick<Found<P, O>, 'props'> | Found<P, O>) & {
  /** AWS does not tell everything yet, but will in a moment: it is asked again soon. */
  readonly incomplete?: boolean;
};

/** What a creation is given beside its props. */
export interface Birth {
  readonly owner: NodeOwner;
  /** The physical name, at most 32 characters. */
  readonly name: string;
  /** The client token, 32 characters. */
  readonly token: string;
  /** The owner tags: they go into the create call itself. */
  readonly tags: Tags;
}

/**
 * One type of AWS resource. What must hold:
 * - nothing here waits or retries: faults pass, but those that are named (`orAbsent`, `faultOf`); "not yet" is a `pending`
 *   state;
 * - `create` is one call that either makes the whole resource or nothing, carries the owner tags, and answers what AWS
 *   answered; what the call cannot set is left to `update`, which the next decision asks for;
 * - `update` changes just the named fields, and doing it twice is the same as once;
 * - `delete` of what is gone already is no error;
 * - `list` reads every page, never only the first.
 */
export interface ResourceType<P extends object, O extends object> {
  /** `<service>/<noun>`, as `ec2/vpc`. */
  readonly name: string;
  readonly fields: Fields<P>;
  /** The types whose resources this one stands on: it is deleted before any of them. */
  readonly needs: readonly string[];
  /** For a type whose resources are listed one parent at a time (listeners of a load balancer, records of a zone): the parent's id. */
  parentOf?(props: P): string;
  /** The type of those parents, where we make them ourselves: below each of ours is listed, whatever a graph says. */
  readonly parentType?: string;
  /** What a difference in a fixed field leads to: the new one first, the old one first, or a refusal. */
  readonly replace: 'create-first' | 'delete-first' | 'refuse';
  /** What keeps a creation from happening twice: a client token, a name that AWS keeps unique, or only our journal. */
  readonly once: 'token' | 'name' | 'journal';
  /** The call that ends it, by its name in CloudTrail: whoever makes it instead of us can be found by that. */
  readonly endedBy: string;
  readonly beat: Beat;
  /**
   * While it is missing, people get in whom it keeps out, or nobody can keep them out: it is made again at once, however
   * often somebody deletes it.
   */
  readonly keepsOut?: true;
  /**
   * How long AWS takes at the least, in milliseconds, until a new one is usable, until it tells all details of it, and
   * until a deleted one is gone; left out where that is a matter of a second. Nobody looks before: a look is a call.
   */
  readonly takes?: { readonly making?: number; readonly telling?: number; readonly deleting?: number };
  /**
   * For how long, in milliseconds, it is still asked once nothing wants it and all that is wanted is ready: who has an old
   * answer of the DNS does, and whose request is under way. Until then neither it nor what stands on it is deleted, unless
   * the whole store goes. Route 53 needs a minute to tell everybody, and answers of an alias are kept for another.
   * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
   */
  readonly drains?: number | ((props: Partial<P>) => number);
  /** People come by it until it is gone: so does what names it serve, when nothing wants it any more. */
  readonly leadsPeople?: true;
  /** The props that hold the names by which people come to it: all others change whoever else has a way by these names. */
  readonly names?: readonly (keyof P & string)[];
  /** Whether what is found leads people, wherever it lies, as one with these props would: they go to what either names. */
  leadsAs?(props: Partial<P>, found: Partial<P>): boolean;
  readonly scope: 'regional' | 'global';
  /**
   * Some of a store's may live in us-east-1 whatever the store's region is (CloudFront's certificates, alarms on metrics
   * that only that region has): both are read.
   */
  readonly alsoInUsEast1?: true;
  /** The unique name that these props will have in AWS (`Found.key`); needed where `once` is 'name'. */
  key?(props: P, name: string): string;
  /**
   * Whether what somebody else has under that name does as well. Then none of ours is made, and his is neither changed nor
   * deleted. Without this, it never does.
   */
  suffices?(props: P, found: Found<P, O>): boolean;
  list(aws: Aws, scope: Scope): AsyncIterable<readonly Found<P, O>[]>;
  /**
   * Another type that makes its list, and its `details`, of the same answers of AWS's: both are read at once, by one and
   * the same calls.
   */
  readonly listedWith?: string;
  /**
   * Single resources of the list, as the list tells them, where a page of it holds few: what we have just written is read
   * back by this. What is left out is not there.
   */
  named?(aws: Aws, ids: readonly string[], scope: Scope): Promise<readonly Found<P, O>[]>;
  /**
   * For a type with `parentOf`: on its beat what is known is read by `named`, whatever its parents, and not the list of
   * each parent. That is read once, and again where something unknown may have been made below it.
   */
  readonly beatByName?: true;
  /**
   * The list tells what is there, and nothing of what is going on with it: the state that `named`, `detail` or a creation
   * told last stands. `notice`: so it is only with what people want to know of one that is ready.
   */
  readonly stateUnlisted?: true | 'notice';
  /**
   * Whether the resource with this id is there, whoever owns it: for lists that are narrowed by our tags, which do not
   * tell what was deleted from what has lost its tags.
   */
  stands?(aws: Aws, id: string): Promise<boolean>;
  /**
   * What `list` does not tell, read per resource on the settings beat and after our own writes. Undefined: it is gone.
   * After a write only the `fields` that were written are wanted: a type that needs several calls may leave out the others.
   */
  detail?(aws: Aws, found: Found<P, O>, fields?: ReadonlySet<string>): Promise<Detail<P, O> | undefined>;
  /** The same for all resources at once, by id, where AWS has a call for that. What is left out is gone. */
  details?(aws: Aws, found: readonly Found<P, O>[]): Promise<ReadonlyMap<string, Detail<P, O>>>;
  /** The props that details alone tell: their drift is seen on the settings beat, whatever the beat of the list. */
  readonly detailed?: readonly (keyof P & string)[];
  /** The props that lists leave out, so that details alone tell them, while something else makes them harmless: what. */
  readonly shielded?: { readonly props: readonly (keyof P & string)[]; readonly by: string };
  /**
   * Why it cannot do its work yet, which may be later than that it is ready (a target group: its targets are not healthy);
   * undefined when it can. Asked only where something that still serves is about to hand over to it.
   */
  whyNotServing?(aws: Aws, found: Found<P, O>): Promise<string | undefined>;
  /**
   * The props that keep out whoever no store ever lets in, for one that is on its way out and of which this process does
   * not know what was wanted: until its turn comes it is set back to these, and left as it is in all else.
   */
  closed?(found: Found<P, O>): Partial<P>;
  /**
   * The outputs that a change in place gives another value, each with the props whose change does. All that refers to them
   * changes next.
   */
  readonly moves?: { readonly [K in keyof O & string]?: readonly (keyof P & string)[] };
  /** Whether one that takes its place has the same value of this output. Without this, it has another. */
  stays?(output: keyof O & string): boolean;
  /**
   * The instances of it that AWS replaces because these fields change; undefined where the change touches none. `wanted`
   * holds refs where values are not known.
   */
  replaces?(found: Found<P, O>, wanted: Partial<Wanted<P>>, fields: ReadonlySet<string>): Replaced | undefined;
  /** What people may want to know of one that is as wanted, where that follows from what is wanted of it. */
  notice?(props: P, found: Found<P, O>): Notice | undefined;
  create(aws: Aws, props: P, birth: Birth): Promise<Found<P, O>>;
  /**
   * `props` are all wanted ones, `fields` the ones that differ. Answers the outputs that the change has given it, if any.
   * `stays` is told of each snapshot that is taken of it, or was, before it changes: whatever becomes of the change.
   */
  update(
    aws: Aws,
    found: Found<P, O>,
    props: P,
    fields: ReadonlySet<keyof P>,
    stays?: (snapshot: Snapshot) => void,
  ): Promise<Partial<O> | void>;
  /**
   * The same as `delete` for several of one store at once, where AWS has a call for that; not for types with `data`. Answers
   * why not, by id, for those that it could not delete.
   */
  deleteAll?(aws: Aws, found: readonly Found<P, O>[]): Promise<ReadonlyMap<string, Fault>>;
  /** `backups`: what becomes of those that AWS makes by itself, where it makes any; they are kept unless it says else. */
  delete(aws: Aws, found: Found<P, O>, backups?: 'keep' | 'delete'): Promise<void>;
  /**
   * Lets go of what only one can have (the domain of a user pool, the network of an internet gateway): asked of a second
   * one that was made by mistake, when the one that stays is refused it. That one is ready by it, and then the second goes.
   */
  giveUp?(aws: Aws, found: Found<P, O>): Promise<void>;
  /**
   * It holds what people cannot make anew: it is deleted only as the store's policy says. `delete` lifts whatever
   * protects it, and takes no snapshot.
   */
  readonly data?: Data<P, O>;
  /**
   * Writes these tags beside those it has; null takes a tag away. Types with `data` have it, and those that such a
   * resource stands on: what is retained is marked, and another store can adopt it. So have those that tell `unmarked`.
   */
  retag?(aws: Aws, found: Found<P, O>, tags: TagChanges): Promise<void>;
}

/** A snapshot of data that stays in AWS, which no list of ours tells of. */
export interface Snapshot {
  readonly id: string;
  readonly why: string;
}

/** How a type that holds data lets go of it. Nothing here waits: every call is one step, and is made again. */
export interface Data<P extends object, O extends object> {
  /** Whether it holds nothing that anybody could miss: then it goes with the store, whatever the policy. */
  isEmpty?(aws: Aws, found: Found<P, O>): Promise<boolean>;
  /**
   * Takes a snapshot under this name, or looks for the one taken before, with these tags. Answers its id once AWS calls
   * it whole, undefined while it is being taken; throws a `rejected` fault when AWS has given it up.
   */
  snapshot?(aws: Aws, found: Found<P, O>, name: string, tags: Tags): Promise<string | undefined>;
  /** The snapshots of it that were taken before by this store, and stay when it goes. */
  snapshots?(aws: Aws, found: Found<P, O>): Promise<readonly Snapshot[]>;
  /** Takes away a page of what it holds, where AWS deletes only what is empty. Answers whether nothing is left. */
  empty?(aws: Aws, found: Found<P, O>): Promise<boolean>;
}

/** Something AWS is asked, and that we never make or change: which zones offer a type, what an image id is. */
export interface LookupType<P extends object, O extends object> {
  readonly name: string;
  readonly scope: 'regional' | 'global';
  /** Throws an `absent` or `rejected` fault, with field and remedy, when there is no good answer. */
  lookup(aws: Aws, props: P): Promise<O>;
  /** What people may want to know of an answer that is good. */
  notice?(answer: O): Notice | undefined;
}

// The engine handles types without knowing their props: here, and only here, they are erased.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyResourceType = ResourceType<any, any>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyLookupType = LookupType<any, any>;
export type AnyType = AnyResourceType | AnyLookupType;

export const isLookup = (type: AnyType): type is AnyLookupType => 'lookup' in type;

/** All types, resources in build order: every type comes after those it needs. */
export interface Registry {
  readonly resources: readonly AnyResourceType[];
  readonly lookups: readonly AnyLookupType[];
}

/** A field in its long form. */
export const fieldOf = (type: AnyResourceType, name: string): Field<unknown> => {
  const field = (type.fields as Record<string, Mode | Field<unknown>>)[name];
  if (field === undefined) throw new Error(`${type.name} has no field ${name}`);
  return typeof field === 'string' ? { mode: field } : field;
};
