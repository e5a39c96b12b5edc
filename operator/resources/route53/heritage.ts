import { ownerFromTags, tagKeys, type NodeOwner } from '../../model/identity.ts';

/**
 * Records have no tags. Whose one is stands in a TXT record beside it, written in the same batch: so neither is ever
 * without the other. (The same idea as external-dns's registry.)
 */
export const heritageName = (name: string, type: string): string => `_ecom-${type.toLowerCase()}.${name}`;

/** The record that a heritage name speaks of; undefined for any other name. */
export function subjectOf(heritage: string): { readonly name: string; readonly type: string } | undefined {
  const matched = /^_ecom-([a-z]+)\.(.+)$/.exec(heritage);
  return matched ? { type: (matched[1] as string).toUpperCase(), name: matched[2] as string } : undefined;
}

/** Whose something is, on one line. */
export const heritageText = (owner: NodeOwner): string =>
  [owner.installation, `${owner.namespace}/${owner.name}`, owner.uid, owner.node].join(' ');

/** As a TXT value; each string in it holds at most 255 characters. */
export function heritageValue(owner: NodeOwner): string {
  const text = heritageText(owner);
  return (text.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`).join(' ');
}

export function ownerFromHeritage(value: string | undefined): NodeOwner | undefined {
  const text = (value ?? '').replace(/" "/g, '').replace(/^"|"$/g, '');
  const [installation = '', store = '', uid = '', node = ''] = text.split(' ');
  return ownerFromTags({
    [tagKeys.installation]: installation,
    [tagKeys.store]: store,
    [tagKeys.uid]: uid,
    [tagKeys.node]: node,
  });
}
