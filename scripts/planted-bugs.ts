import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsedOr, refuse } from './arguments.ts';
import { judgementOf, type Judgement, type Report } from './planted/judgement.ts';
import { TypeCheck } from './planted/types.ts';

const help = `Plants small bugs one at a time in a copy of the tree, and sees each caught by the tests that it names.

Usage: npm run planted [-- [--tests-passed] NN ...]

  NN ...          numbers of bugs, as 01 07; all of them when none is given
  --tests-passed  the tests were run a moment ago and passed: they are not run once more without any bug

The bugs are patches in test/planted/bugs. A bug is caught by an assertion that fails, and by nothing else: not by a crash
of a test or a timeout. It ends with 1 when a bug is not caught, a patch does not apply any more or does not compile, or the
named tests fail without any bug.
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'test', 'planted', 'bugs');

interface Bug {
  readonly name: string;
  readonly patch: string;
  readonly what: string;
  /** Files and folders of tests, of which at least one test fails. */
  readonly tests: readonly string[];
}

/** Which bug, and which tests are to catch it, stand in the head of its patch. */
function readBug(file: string): Bug {
  const patch = readFileSync(join(folder, file), 'utf8');
  const head = (word: string): string => new RegExp(`^# ${word}: (.+)$`, 'm').exec(patch)?.[1] ?? '';
  const [what, tests] = [head('what'), head('caught by').split(' ')];
  if (what === '' || tests[0] === '') throw new Error(`${file} does not say what it is, or what catches it`);
  return { name: file.replace(/\.patch$/, ''), patch: join(folder, file), what, tests };
}

/** All tracked files as they are now, in a folder of their own, with git to apply patches and take them back. */
function copyTree(): string {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'ecomstore-planted-')));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files = listed.toString('utf8').split('\0');
  const there = files.filter((file) => file !== '' && existsSync(join(root, file)));
  execFileSync('tar', ['--null', '--files-from=-', '-cf', join(tree, 'tree.tar')], {
    cwd: root,
    input: there.join('\0'),
  });
  execFileSync('tar', ['-xf', 'tree.tar'], { cwd: tree });
  rmSync(join(tree, 'tree.tar'));
  symlinkSync(resolve(root, 'node_modules'), join(tree, 'node_modules'));
  const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: tree, stdio: 'ignore' });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=planted', '-c', 'user.email=planted@example.com', 'commit', '-qm', 'as it is');
  return tree;
}

type Running = ReturnType<typeof spawn>;

let running: Running | undefined;

/** Runs some tests of the copy, until the first failure unless all are to be told of, and answers what came of them. */
async function runTests(tree: string, tests: readonly string[], all = false): Promise<Report> {
  const output = join(tree, 'report.json');
  writeFileSync(output, '{}');
  const bail = all ? [] : ['--bail=1'];
  const args = ['vitest', 'run', ...bail, '--reporter=json', `--outputFile=${output}`, ...tests];
  const child = spawn('npx', args, { cwd: tree, stdio: 'ignore', env: { ...process.env, CI: '' } });
  running = child;
  await new Promise((done) => child.once('exit', done));
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}

/** What tests make of the copy as it is now. A crash may come first and hide an assertion: then all of them are run. */
async function judge(tree: string, tests: readonly string[]): Promise<Judgement> {
  const judgement = judgementOf(await runTests(tree, tests));
  return judgement.is === 'broken' ? judgementOf(await runTests(tree, tests, true)) : judgement;
}

/** The files of the copy that a patch touches. */
const touchedBy = (patch: string, tree: string): string[] =>
  execFileSync('git', ['apply', '--numstat', patch], { cwd: tree, encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => line.split('\t')[2] ?? [])
    .map((file) => join(tree, file));

const { values, positionals: asked } = parsedOr(help, {
  options: { 'tests-passed': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.patch'))
  .sort()
  .map(readBug);
const bugs = asked.length === 0 ? all : all.filter(({ name }) => asked.some((number) => name.startsWith(`${number}-`)));
const unknown = asked.filter((number) => !all.some(({ name }) => name.startsWith(`${number}-`)));
if (unknown.length > 0) refuse(`there is no bug ${unknown.join(', ')}`, help);

const tree = copyTree();
const tidy = (): void => rmSync(tree, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    running?.kill('SIGKILL');
    tidy();
    process.exit(130);
  });

let wrong = 0;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Plants one bug, judges it, and takes it back. Answers the word for it, and why. */
async function tryOut({ patch, tests }: Bug, types: TypeCheck): Promise<readonly [word: string, why: string]> {
  const touched = touchedBy(patch, tree);
  execFileSync('git', ['apply', patch], { cwd: tree });
  try {
    // The compiler works while the tests run.
    const judging = judge(tree, tests);
    const [error] = types.errorsIn(touched);
    const judgement = await judging;
    if (error !== undefined) return ['NO BUG', `the patch does not compile: ${error.replace(`${tree}/`, '')}`];
    if (judgement.is === 'caught') return ['caught', `by "${judgement.by}"`];
    return ['MISSED', judgement.is === 'missed' ? 'no test fails' : `no assertion fails, but ${judgement.why}`];
  } finally {
    execFileSync('git', ['checkout', '-q', '.'], { cwd: tree });
    types.forget(touched);
  }
}

/** Throws when the tests that are to catch something fail without any bug. */
async function proveHealthy(): Promise<void> {
  const report = await runTests(tree, [...new Set(bugs.flatMap(({ tests }) => tests))]);
  const judgement = judgementOf(report);
  if (judgement.is !== 'missed' || !report.numTotalTests)
    throw new Error(`without any bug the tests fail: ${JSON.stringify(judgement)}`);
}

try {
  const healthy = values['tests-passed'] ? undefined : proveHealthy();
  const types = new TypeCheck(tree);
  types.errorsIn([]);
  await healthy;
  for (const bug of bugs) {
    const began = Date.now();
    const [word, why] = await tryOut(bug, types);
    if (word !== 'caught') wrong++;
    const seconds = ((Date.now() - began) / 1_000).toFixed(0).padStart(3);
    say(`${word} ${seconds} s  ${bug.name}: ${bug.what}`);
    say(`              ${why}`);
  }
  say(`${bugs.length - wrong} of ${bugs.length} planted bugs caught`);
} finally {
  tidy();
}
process.exit(wrong > 0 ? 1 : 0);
