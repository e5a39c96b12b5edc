import type { AnyResourceType } from '../model/resource-type.ts';
import type { Shelf } from './shelf.ts';

/**
 * What of a type is read: the list below one parent, of which these ids are enough, or the details of one resource; else
 * the whole list.
 */
export interface Part {
  readonly parent?: string;
  readonly ids?: Iterable<string>;
  readonly id?: string;
  /** The only ones of its details that are wanted. */
  readonly fields?: Iterable<string>;
}

/** Whether it is no part at all. */
export const isWhole = ({ parent, ids, id }: Part): boolean =>
  parent === undefined && ids === undefined && id === undefined;

/** Whether it is of all resources of a type: what several types are told by the same answers. */
export const isOfAll = (part: Part): boolean => isWhole(part) || part.id === all;

/**
 * Where AWS has one call for the details of all, whoever wants one asks for all; where it has none for single resources
 * of a list, the list is read.
 */
export const partOf = (type: AnyResourceType, { parent, ids, id, fields }: Part): Part => ({
  // What is read by name on its beat is read by name whatever it lies below.
  parent: ids && type.named && type.beatByName ? undefined : parent,
  ids: type.named && ids,
  id: id !== undefined && type.details ? all : id,
  fields: type.details ? undefined : fields,
});

/** In the place of an id: the details of all resources of a type, where AWS has one call for them. */
export const all = '*';

/**
 * Something to be read: a whole list, the list below one parent, single resources of it, one resource's details, or all
 * details of a type.
 */
export interface Wish {
  readonly shelf: Shelf;
  readonly parent?: string;
  readonly id?: string;
  /** The ids of single resources that are read instead of the list, where the type can. */
  readonly ids?: Set<string>;
  /** The only details that are read, where the type can leave out the others. */
  readonly fields?: Set<string>;
  at: number;
  /** The stores that want to know when it was read, whatever it tells; a change is told to whom it concerns. */
  readonly stores: Set<string>;
}

/** Whether a reading tells all that another one of the same kind was wished for. */
export const tells = ({ ids, fields }: Wish, wished: Part): boolean =>
  [...(wished.ids ?? [])].every((id) => ids?.has(id)) && [...(wished.fields ?? [])].every((one) => fields?.has(one));
