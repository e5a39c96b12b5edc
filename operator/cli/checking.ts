import { headerProblems, isEcomStore, problemsOf } from '../store/admission.ts';
import { pathText, type Problem } from '../store/admission/problem.ts';
import { readManifests, type Manifest, type Position } from './manifests.ts';

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

export function check(file: string, source: string): Checked {
  const { objects, syntax } = readManifests(source);
  const [stores, others] = [objects.filter(isStore), objects.filter((object) => !isStore(object))];
  const invalid = syntax.map(({ line, column, message }) => ({
    file,
    line,
    column,
    path: '',
    rule: 'yaml',
    message: `this is not valid YAML: ${message}`,
    remedy: 'correct it here or in the lines before',
  }));
  const findings = stores.flatMap((store) => problemsIn(store).map((problem) => located(file, store, problem)));
  return {
    file,
    stores,
    skipped: others.map(nameOf),
    findings: [...invalid, ...findings].sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

const problemsIn = ({ value }: Manifest): Problem[] =>
  isEcomStore(value) ? [...headerProblems(value), ...problemsOf(value)] : [];

const isStore = ({ value }: Manifest): boolean => isEcomStore(value);

function located(file: string, store: Manifest, { path, value, rule, message, remedy }: Problem): Finding {
  const position = store.locate(path, rule === 'unknown field' ? 'key' : 'value');
  return { file, ...position, path: pathText(path), value, rule, message, remedy };
}

/** A finding as people read it, and as editors jump to it. */
export const findingText = ({ file, line, column, path, message, remedy }: Finding): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}\n    ${remedy}`;

/** `EcomStore shops/acme`, or as much of it as is written. */
export function nameOf({ value }: Manifest): string {
  const { kind, metadata } = value as { kind?: unknown; metadata?: { namespace?: unknown; name?: unknown } };
  const name = [metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string').join('/');
  return `${typeof kind === 'string' ? kind : 'a document without kind'} ${name}`.trim();
}
