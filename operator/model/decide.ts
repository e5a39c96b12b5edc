import { isDeepStrictEqual } from 'node:util';
import { fieldOf, type AnyResourceType, type Found } from './resource-type.ts';

/** What should happen to one node now. */
export type Decision =
  | { readonly do: 'nothing' }
  | { readonly do: 'create' }
  | { readonly do: 'update'; readonly fields: readonly string[] }
  | { readonly do: 'replace'; readonly fields: readonly string[]; readonly how: 'create-first' | 'delete-first' }
  | {
      readonly do: 'refuse';
      readonly fields: readonly string[];
      readonly reason: string;
      /** AWS has tried it and given it up. */
      readonly tried?: true;
    }
  | { readonly do: 'wait'; readonly reason: string };

export interface Question {
  readonly type: AnyResourceType;
  /** Resolved props; a late field whose refs are still open is left out. */
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly found: Found | undefined;
  /** The user has named this node in `policy.replace`. */
  readonly mayReplace: boolean;
  /** The user has asked for what AWS has given up to be tried once more. */
  readonly tryAgain?: boolean;
}

/** The wanted fields of a mode whose values AWS does not have. Values not read yet are no difference. */
export const differences = ({ type, wanted, found }: Question, mode: 'live' | 'fixed'): string[] =>
  Object.keys(wanted).filter((name) => {
    const field = fieldOf(type, name);
    if (field.mode !== mode || !found || !(name in found.props)) return false;
    return !isAlike(type, name, wanted[name], found.props);
  });

/** Whether AWS has what is wanted of one field, by the field's own measure. */
export function isAlike(type: AnyResourceType, name: string, want: unknown, read: object): boolean {
  const field = fieldOf(type, name);
  const has = (read as Record<string, unknown>)[name];
  if (field.equal) return has !== undefined && field.equal(want, has, read);
  return want === has || isDeepStrictEqual(want, has);
}

/** The wanted fields that were not read yet: nothing can be said of them. */
export const unread = ({ type, wanted, found }: Question): string[] =>
  found ? Object.keys(wanted).filter((name) => fieldOf(type, name).mode !== 'seed' && !(name in found.props)) : [];

/** The differing fields whose wanted value AWS has tried and given up, with its reason. */
const triedInVain = ({ wanted, found }: Question, fields: readonly string[]): Map<string, string> =>
  new Map(
    (found?.failedChanges ?? [])
      .filter(({ field, value }) => fields.includes(field) && isDeepStrictEqual(value, wanted[field]))
      .map(({ field, reason }) => [field, reason]),
  );

/** Whether its end takes nothing from anybody, and so needs no permission: AWS has failed it, and it holds no data. */
export const losesNothing = ({ data }: AnyResourceType, { state }: Found): boolean =>
  state.is === 'failed' && data === undefined;

/** The only place where drift is judged. Pure. */
export function decide(question: Question): Decision {
  const { found, type, mayReplace } = question;
  if (!found) return { do: 'create' };
  const { state } = found;
  if (state.is === 'deleting') return { do: 'wait', reason: state.reason };
  const fixed = differences(question, 'fixed');
  if (fixed.length > 0 || state.is === 'failed') {
    const may = mayReplace || losesNothing(type, found);
    const how = type.replace === 'refuse' && may ? 'delete-first' : type.replace;
    const reason = state.is === 'failed' ? state.reason : `${fixed.join(', ')} cannot be changed in place`;
    return how === 'refuse' ? { do: 'refuse', fields: fixed, reason } : { do: 'replace', fields: fixed, how };
  }
  if (state.is === 'pending') return { do: 'wait', reason: state.reason };
  const differing = differences(question, 'live');
  const tried = question.tryAgain ? new Map<string, string>() : triedInVain(question, differing);
  const fields = differing.filter((field) => !tried.has(field));
  if (fields.length > 0) return { do: 'update', fields };
  if (tried.size > 0)
    return { do: 'refuse', fields: [...tried.keys()], reason: [...tried.values()].join('; '), tried: true };
  if (state.is === 'changing') return { do: 'wait', reason: state.reason };
  const open = unread(question);
  return open.length > 0 ? { do: 'wait', reason: `reading ${open.join(', ')}` } : { do: 'nothing' };
}
