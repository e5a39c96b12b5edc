// Bundles the CLI and the operator into one file each, which run with nothing beside them but Node.
import { chmod } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

// Packages in CommonJS call `require`, which a module does not have.
const require =
  "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);";

const entries = [
  { from: 'operator/cli/main.ts', to: 'dist/ecomstore.mjs', banner: `#!/usr/bin/env node\n${require}` },
  { from: 'operator/main.ts', to: 'dist/operator.mjs', banner: require },
];

for (const { from, to, banner } of entries) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [from],
    outfile: join(root, to),
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
    metafile: true,
    logLevel: 'warning',
  });
  refuse(to, metafile);
  await chmod(join(root, to), 0o755);
}

/** What a bundle may not hold or need: a package beside it, or what is there for generating only. */
function refuse(to, { inputs, outputs }) {
  const foreign = outputs[to].imports
    .map(({ path }) => path)
    .filter((path) => !builtinModules.includes(path.replace(/^node:/, '')));
  const forGenerating = Object.keys(inputs).filter((path) => /node_modules\/(zod|js-yaml)\//.test(path));
  const unwanted = [...foreign, ...forGenerating];
  if (unwanted.length > 0) throw new Error(`${to} may not hold or need ${unwanted.join(', ')}`);
}
