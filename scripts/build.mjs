// Bundles the CLI and the operator into one file each, which run with nothing beside them but Node:
// node scripts/build.mjs [--outdir DIR] [operator] [ecomstore]
// The commit they are built from is the variable REVISION, as for an image, whose build has no repository; or else git's.
import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

// Packages in CommonJS call `require`, which a module does not have.
const require =
  "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);";

const bundles = {
  ecomstore: { from: 'operator/cli/main.ts', banner: `#!/usr/bin/env node\n${require}` },
  operator: { from: 'operator/main.ts', banner: require },
};

const { values, positionals } = parseArgs({
  options: { outdir: { type: 'string', default: join(root, 'dist') } },
  allowPositionals: true,
});

const builtFrom = process.env.REVISION || revision();

for (const name of positionals.length > 0 ? positionals : Object.keys(bundles)) await bundle(name);

async function bundle(name) {
  if (!Object.hasOwn(bundles, name)) throw new Error(`there is no bundle ${name}`);
  const { from, banner } = bundles[name];
  const outfile = resolve(values.outdir, `${name}.mjs`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [from],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: false,
    legalComments: 'none',
    loader: { '.yaml': 'text' },
    banner: { js: banner },
    define: { builtFrom: JSON.stringify(builtFrom) },
    metafile: true,
    logLevel: 'warning',
  });
  refuse(name, metafile.inputs, metafile.outputs[relative(root, outfile)].imports);
  await chmod(outfile, 0o755);
}

/** The commit, and whether anything was changed since. */
function revision() {
  try {
    const described = execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
      cwd: root,
      stdio: 'pipe',
    });
    return described.toString().trim();
  } catch (error) {
    // No git, or no repository: the bundle says so.
    process.stderr.write(`which commit is built is not known: ${String(error.message).split('\n')[0]}\n`);
    return 'unknown';
  }
}

/** A bundle holds nothing that is there for generating only, and needs no package beside it. */
function refuse(name, inputs, imports) {
  // undici asks for node:sqlite only when somebody wants a cache on disk, which nobody here does; Node 20 has none.
  const foreign = imports
    .map(({ path }) => path)
    .filter((path) => !builtinModules.includes(path.replace(/^node:/, '')) && path !== 'node:sqlite');
  const forGenerating = Object.keys(inputs).filter((path) => /node_modules\/(zod|js-yaml)\//.test(path));
  const unwanted = [...foreign, ...forGenerating];
  if (unwanted.length > 0) throw new Error(`the bundle ${name} may not hold or need ${unwanted.join(', ')}`);
}
