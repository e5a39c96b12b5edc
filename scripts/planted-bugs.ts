import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const help = `Plants small bugs one at a time in a copy of the tree, and sees each caught by the tests that it names.

Usage: npm run planted [-- NN ...]

  NN ...   numbers of bugs, as 01 07; all of them when none is given

The bugs are patches in test/planted/bugs. It ends with 1 when a bug is not caught, a patch does not apply any more, or
the named tests fail without any bug.
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

interface Report {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
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
  const tree = mkdtempSync(join(tmpdir(), 'ecomstore-planted-'));
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

/** Runs some tests of the copy until the first failure, and answers what came of them. */
async function runTests(tree: string, tests: readonly string[]): Promise<Report> {
  const output = join(tree, 'report.json');
  writeFileSync(output, '{}');
  const args = ['vitest', 'run', '--bail=1', '--reporter=json', `--outputFile=${output}`, ...tests];
  running = spawn('npx', args, { cwd: tree, stdio: 'ignore', env: { ...process.env, CI: '' } });
  await new Promise((done) => running?.once('exit', done));
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}

let running: ReturnType<typeof spawn> | undefined;

const failedIn = ({ testResults = [] }: Report): string | undefined =>
  testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed')?.fullName;

const asked = process.argv.slice(2);
if (asked.includes('--help') || asked.includes('-h')) {
  process.stdout.write(help);
  process.exit(0);
}
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.patch'))
  .sort()
  .map(readBug);
const bugs = asked.length === 0 ? all : all.filter(({ name }) => asked.some((number) => name.startsWith(`${number}-`)));
const unknown = asked.filter((number) => !all.some(({ name }) => name.startsWith(`${number}-`)));
if (unknown.length > 0) {
  process.stderr.write(`there is no bug ${unknown.join(', ')}\n\n${help}`);
  process.exit(2);
}

const tree = copyTree();
const tidy = (): void => rmSync(tree, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    running?.kill('SIGKILL');
    tidy();
    process.exit(130);
  });

let missed = 0;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
try {
  const healthy = await runTests(tree, [...new Set(bugs.flatMap(({ tests }) => tests))]);
  const sick = failedIn(healthy);
  if (sick !== undefined || !healthy.numTotalTests) throw new Error(`without any bug: ${sick ?? 'no test ran'} fails`);
  for (const { name, patch, what, tests } of bugs) {
    const began = Date.now();
    execFileSync('git', ['apply', patch], { cwd: tree });
    const caught = failedIn(await runTests(tree, tests));
    execFileSync('git', ['checkout', '-q', '.'], { cwd: tree });
    if (caught === undefined) missed++;
    const seconds = ((Date.now() - began) / 1_000).toFixed(0).padStart(3);
    say(`${caught === undefined ? 'MISSED' : 'caught'} ${seconds} s  ${name}: ${what}`);
    if (caught !== undefined) say(`              by "${caught}"`);
  }
  say(`${bugs.length - missed} of ${bugs.length} planted bugs caught`);
} finally {
  tidy();
}
process.exit(missed > 0 ? 1 : 0);
