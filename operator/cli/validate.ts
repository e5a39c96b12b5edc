import { Command, Option } from 'commander';
import { headerProblems, isEcomStore, problemsOf } from '../store/admission.ts';
import { pathText, type Problem } from '../store/admission/problem.ts';
import { readManifests, type Manifest, type Position } from './manifests.ts';
import { UserError, type Io } from './io.ts';

/** A problem with where it stands. */
interface Finding extends Position {
  readonly file: string;
  readonly path: string;
  readonly value?: unknown;
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

interface Checked {
  readonly file: string;
  readonly stores: readonly string[];
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}

interface Options {
  readonly output: 'text' | 'json';
}

const help = `
Checks everything that can be told without AWS: the schema, the rules between fields, and what the
recipe of a store refuses. Documents that are no EcomStore are skipped.

Exit codes: 0 all stores are well formed, 1 there are problems.

Examples:
  ecomstore validate examples/minimal.yaml
  kustomize build . | ecomstore validate -`;

/** `ecomstore validate FILE...`: what is wrong with stores, told before anything is applied. */
export const validateCommand = (io: Io): Command =>
  new Command('validate')
    .summary('check manifests of stores, offline')
    .description('Check manifests of stores, offline: where each problem stands, and what to do about it.')
    .argument('<file...>', 'YAML or JSON files; - is standard input')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(async (files: string[], { output }: Options) => {
      const checked: Checked[] = [];
      const unread: string[] = [];
      for (const file of files)
        try {
          checked.push(check(file, await io.read(file)));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          // One file that cannot be read does not hide what is wrong in the others.
          unread.push(error.message);
        }
      if (output === 'json') printJson(io, checked, unread.length === 0);
      else printText(io, checked);
      for (const message of unread) io.note(message);
      io.exit(unread.length > 0 || checked.some(({ findings }) => findings.length > 0) ? 1 : 0);
    });

function check(file: string, source: string): Checked {
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
    stores: stores.map(nameOf),
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

/** `EcomStore shops/acme`, or as much of it as is written. */
function nameOf({ value }: Manifest): string {
  const { kind, metadata } = value as { kind?: unknown; metadata?: { namespace?: unknown; name?: unknown } };
  const name = [metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string').join('/');
  return `${typeof kind === 'string' ? kind : 'a document without kind'} ${name}`.trim();
}

function printText(io: Io, checked: readonly Checked[]): void {
  for (const { file, stores, skipped, findings } of checked) {
    for (const name of skipped) io.note(`${file}: skipped ${name}`);
    for (const { line, column, path, message, remedy } of findings)
      io.out(`${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}\n    ${remedy}`);
    if (findings.length === 0)
      io.out(stores.length === 0 ? `${file}: no EcomStore here` : `${file}: ${stores.join(', ')}: well formed`);
  }
}

function printJson(io: Io, checked: readonly Checked[], allRead: boolean): void {
  const problems = checked.flatMap(({ findings }) => findings);
  const files = checked.map(({ file, stores, skipped }) => ({ file, stores, skipped }));
  io.out(JSON.stringify({ valid: allRead && problems.length === 0, files, problems }, null, 2));
}
