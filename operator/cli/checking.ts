import { headerProblems, isEcomStore, problemsOf } from '../store/admission.ts';
import { pathText, type Problem } from '../store/admission/problem.ts';
import { isTemplate, readManifests, renderFirst, type Manifest, type Position } from './manifests.ts';

/** A problem with where it stands. */
export interface Finding extends Position {
  readonly file: string;
  readonly path: string;
  readonly value?: unknown;
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

/** What one file holds, and all that can be told to be wrong with it without AWS. */
export interface Checked {
  readonly file: string;
  readonly stores: readonly Manifest[];
  /** The names of what is no EcomStore. */
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}

/** Stores met so far, by name, with where they stand: a file is checked against what came before it. */
export type Met = Map<string, string>;

export function check(file: string, source: string, met: Met = new Map()): Checked {
  const { objects, syntax } = readManifests(source);
  const [stores, others] = [objects.filter(isStore), objects.filter((object) => !isStore(object))];
  const invalid = syntax.map(({ line, column, message, remedy }) => ({
    ...{ file, line, column, path: '', rule: 'yaml' },
    message: `this is not valid YAML: ${message}`,
    remedy,
  }));
  const findings = stores.flatMap((store) => [
    ...problemsIn(store).map((problem) => located(file, store, problem)),
    ...doubled(file, store, met),
  ]);
  return {
    file,
    stores,
    skipped: others.map(nameOf),
    findings: [...invalid, ...findings].sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

function problemsIn(store: Manifest): Problem[] {
  const { value } = store;
  if (!isEcomStore(value)) return [];
  return [...headerProblems(value), ...problemsOf(value, undefined, (path) => store.written(path))];
}

const isStore = ({ value }: Manifest): boolean => isEcomStore(value);

function located(file: string, store: Manifest, { path, value, rule, message, remedy }: Problem): Finding {
  const position = store.locate(path, rule === 'unknown field' ? 'key' : 'value');
  const unrendered = typeof value === 'string' && isTemplate(value);
  return { file, ...position, path: pathText(path), value, rule, message, remedy: unrendered ? renderFirst : remedy };
}

/** Of two stores of one name, the one that is applied last wins, in silence. */
function doubled(file: string, store: Manifest, met: Met): Finding[] {
  const { name } = namesOf(store);
  if (typeof name !== 'string') return [];
  const path = ['metadata', 'name'];
  const position = store.locate(path, 'value');
  const called = nameOf(store);
  const first = met.get(called);
  met.set(called, first ?? `${file}:${position.line}:${position.column}`);
  if (first === undefined) return [];
  const message = `${called} stands at ${first} already, and the one that is applied last would win`;
  const remedy = 'leave one of them, or give one another name or namespace';
  return [{ file, ...position, path: pathText(path), value: name, rule: 'twice', message, remedy }];
}

/** A finding as people read it, and as editors jump to it. */
export const findingText = ({ file, line, column, path, message, remedy }: Finding): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}\n    ${remedy}`;

/** `EcomStore shops/acme`, or as much of it as is written. */
export function nameOf(object: Manifest): string {
  const { kind } = object.value as { kind?: unknown };
  const { namespace, name } = namesOf(object);
  const full = [namespace, name].filter((part) => typeof part === 'string').join('/');
  return `${typeof kind === 'string' ? kind : 'a document without kind'} ${full}`.trim();
}

const namesOf = ({ value }: Manifest): { readonly namespace?: unknown; readonly name?: unknown } =>
  (value as { readonly metadata?: object | null }).metadata ?? {};
