import { createHash } from 'node:crypto';
import type { NodeId } from './ref.ts';

/** Whose a resource is. It is written into AWS as tags and read from there: AWS holds the truth of identity. */
export interface Owner {
  /** Which operator installation: two operators may share an account. */
  readonly installation: string;
  readonly namespace: string;
  readonly name: string;
  /** The UID of the EcomStore: a store made anew under an old name owns nothing of the old one. */
  readonly uid: string;
}

export interface NodeOwner extends Owner {
  readonly node: NodeId;
  /** It outlived its store, and may be adopted by another. */
  readonly retained?: true;
}

export type Tags = Readonly<Record<string, string>>;

export const tagKeys = {
  installation: 'ecom.io/installation',
  store: 'ecom.io/store',
  uid: 'ecom.io/uid',
  node: 'ecom.io/node',
  /** Beside the others, on what was kept when its store went. */
  retained: 'ecom.io/retained',
} as const;

/** The owner tags of a node's resource, and the `Name` that the AWS console shows. */
export const ownerTags = (owner: NodeOwner): Tags => ({
  Name: `${owner.name}/${owner.node}`,
  [tagKeys.installation]: owner.installation,
  [tagKeys.store]: `${owner.namespace}/${owner.name}`,
  [tagKeys.uid]: owner.uid,
  [tagKeys.node]: owner.node,
});

/** The owner that tags tell, or undefined when they are not all ours: then the resource is foreign. */
export function ownerFromTags(tags: Tags): NodeOwner | undefined {
  const { [tagKeys.installation]: installation, [tagKeys.uid]: uid, [tagKeys.node]: node } = tags;
  const [namespace, name] = (tags[tagKeys.store] ?? '').split('/');
  if (!installation || !uid || !node?.includes('/') || !namespace || !name) return undefined;
  const owner = { installation, namespace, name, uid, node: node as NodeId };
  return tags[tagKeys.retained] === undefined ? owner : { ...owner, retained: true };
}

/** Tags in the form in which most of AWS's calls take them. */
export const tagPairs = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

interface TagPair {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** The same as most calls tell them. */
export const tagsFromPairs = (pairs: readonly TagPair[] = []): Tags =>
  Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));

/** Tags to write and, as null, tags to take away: AWS has a call for each. */
export type TagChanges = Readonly<Record<string, string | null>>;

/** The two parts of such a change. */
export const splitTags = (tags: TagChanges): { readonly given: Tags; readonly taken: readonly string[] } => ({
  given: Object.fromEntries(Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== null)),
  taken: Object.keys(tags).filter((key) => tags[key] === null),
});

/** A short, stable digest in lower-case hex. */
export const digest = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/**
 * What no name of ours may begin with: `sg-` of a security group (API_CreateSecurityGroup), `internal-` of a
 * load balancer (API_CreateLoadBalancer), a digit of a database or a cache (API_CreateDBInstance).
 */
const isNoBegin = /^(?:sg|internal)(?:-|$)|^\d/;

/**
 * A resource's name in AWS: readable, deterministic, unique by owner, node and incarnation, at most `max` characters
 * (32 is the limit of load balancers and target groups, the tightest of the ones we name).
 */
export function physicalName(owner: NodeOwner, incarnation: string, max = 32): string {
  const hash = digest([owner.installation, owner.uid, owner.node, incarnation].join('\n'), 10);
  const what = slug(owner.node.split('/')[1] ?? '').slice(0, 10);
  const room = max - hash.length - what.length - 2;
  const readable = slug(owner.name);
  const store = (isNoBegin.test(readable) ? `s-${readable}` : readable).slice(0, Math.max(1, room));
  return [slug(store), slug(what), hash].join('-');
}

/** A client token: the same for the same node and incarnation, whichever process asks (at most 64 ASCII characters). */
export const clientToken = (owner: NodeOwner, incarnation: string): string =>
  digest(['token', owner.installation, owner.uid, owner.node, incarnation].join('\n'), 32);
