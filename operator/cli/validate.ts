import { Command, Option } from 'commander';
import { check, findingText, nameOf, type Checked, type Finding } from './checking.ts';
import { UserError, type Io } from './io.ts';

interface Options {
  readonly output: 'text' | 'json';
}

const help = `
Checks everything that can be told without AWS: the schema, the rules between fields, and what the
recipe of a store refuses. Documents that are no EcomStore are skipped; where there is none at all,
whatever was to write one has likely failed.

Exit codes: 0 all stores are well formed, 1 there are problems, or no stores.

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
      const unread: Finding[] = [];
      const met = new Map<string, string>();
      for (const file of files)
        try {
          checked.push(check(file, await io.read(file), met));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          // One file that cannot be read does not hide what is wrong in the others.
          unread.push(unreadable(file, error));
        }
      const told = unread.length === 0 && checked.every(isBare) ? checked.map(withoutStores) : checked;
      if (output === 'json') printJson(io, told, unread);
      else printText(io, told);
      for (const { message } of unread) io.note(message);
      io.exit(unread.length > 0 || told.some(({ findings }) => findings.length > 0) ? 1 : 0);
    });

const unreadable = (file: string, { message }: UserError): Finding => ({
  ...{ file, line: 1, column: 1, path: '', rule: 'unreadable', message },
  remedy: 'name a file that can be read',
});

const isBare = ({ stores, findings }: Checked): boolean => stores.length === 0 && findings.length === 0;

/** An empty input is what a pipe carries when the command before it has failed: that is no success. */
const withoutStores = (checked: Checked): Checked => ({
  ...checked,
  findings: [
    {
      ...{ file: checked.file, line: 1, column: 1, path: '', rule: 'no store' },
      message: 'there is no EcomStore here, nor in any other input',
      remedy: 'see whether the command that writes it has failed, or name a file with a store',
    },
  ],
});

function printText(io: Io, checked: readonly Checked[]): void {
  for (const { file, stores, skipped, findings } of checked) {
    for (const name of skipped) io.note(`${file}: skipped ${name}`);
    for (const finding of findings) io.out(findingText(finding));
    if (findings.length === 0)
      io.out(
        stores.length === 0 ? `${file}: no EcomStore here` : `${file}: ${stores.map(nameOf).join(', ')}: well formed`,
      );
  }
}

function printJson(io: Io, checked: readonly Checked[], unread: readonly Finding[]): void {
  const problems = [...unread, ...checked.flatMap(({ findings }) => findings)];
  const files = checked.map(({ file, stores, skipped }) => ({ file, stores: stores.map(nameOf), skipped }));
  io.out(JSON.stringify({ valid: problems.length === 0, files, problems }, null, 2));
}
