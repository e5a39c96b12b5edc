import { objectOr } from './json.ts';
import type { KubeObject } from './object.ts';
import { badRequest } from './refusal.ts';

/** Says whether an object is among those asked for. */
export type Selects = (object: KubeObject) => boolean;

const labelKey = '[A-Za-z0-9](?:[A-Za-z0-9_.\\-/]*[A-Za-z0-9])?';
const among = new RegExp(`^(${labelKey})\\s+(in|notin)\\s+\\(([^()]*)\\)$`);
const equal = new RegExp(`^(${labelKey})\\s*(==|=|!=)\\s*([A-Za-z0-9_.\\-]*)$`);
const present = new RegExp(`^(!?)\\s*(${labelKey})$`);

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
export function labelSelector(text: string): Selects {
  const requirements = splitOutside(text).map(labelRequirement);
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}

type Labels = Readonly<Record<string, string>>;

function labelRequirement(text: string): (labels: Labels) => boolean {
  const [, setKey = '', operator, list = ''] = among.exec(text) ?? [];
  if (operator !== undefined) {
    const values = list.split(',').map((value) => value.trim());
    const within = (labels: Labels): boolean => labels[setKey] !== undefined && values.includes(labels[setKey]);
    return operator === 'in' ? within : (labels) => !within(labels);
  }
  const [, key = '', sign, value] = equal.exec(text) ?? [];
  if (sign !== undefined) return (labels) => (labels[key] === value) === (sign !== '!=');
  const [, not, alone] = present.exec(text) ?? [];
  if (alone === undefined) throw badRequest(`unable to parse requirement: found '${text}'`);
  return (labels) => (labels[alone] === undefined) === (not === '!');
}

/** At commas, but not at those inside parentheses. */
function splitOutside(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Field selectors know the fields that a resource declares, and refuse all others. */
export function fieldSelector(text: string, known: readonly string[]): Selects {
  const requirements = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => fieldRequirement(part, known));
  return (object) => requirements.every((holds) => holds(object));
}

function fieldRequirement(text: string, known: readonly string[]): Selects {
  const [, field = '', operator, value = ''] = /^([^=!]+?)(==|=|!=)(.*)$/.exec(text) ?? [];
  if (operator === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`);
  const read = (object: KubeObject): string => {
    const at = field.split('.').reduce<unknown>((part, step) => objectOr(part)[step], object);
    return typeof at === 'string' || typeof at === 'number' ? String(at) : '';
  };
  return operator === '!=' ? (object) => read(object) !== value : (object) => read(object) === value;
}
