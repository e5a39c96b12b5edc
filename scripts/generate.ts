import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { regionPattern } from '../operator/store/schema/ecom-store.ts';
import { argocdSettings } from './argocd.ts';
import { commandsSource } from './commands.ts';
import { crdYaml, schemaJson } from './crd.ts';
import { driftTable } from './drift.ts';
import { storePicture } from './picture.ts';
import { iamPolicies } from './iam-policy.ts';
import { roleBoundary } from './role-boundary.ts';
import { regionsJson } from './regions.ts';
import { securityPage } from './security.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Every file that is made from another: its path, and what makes it. Order counts where one is made from another. */
const generators: readonly (readonly [path: string, make: () => string | Promise<string>])[] = [
  ['operator/aws/commands.ts', commandsSource],
  ['operator/store/schema.json', schemaJson],
  ['operator/store/regions.json', () => regionsJson(regionPattern)],
  ['crds/ecomstores.ecom.io.yaml', crdYaml],
  ...iamPolicies('default').map(
    (policy, at) => [`manifests/iam/policy-${at + 1}.json`, () => `${JSON.stringify(policy, null, 2)}\n`] as const,
  ),
  ['manifests/iam-boundary.json', () => `${JSON.stringify(roleBoundary(), null, 2)}\n`],
  ['docs/drift.md', driftTable],
  ['docs/security.md', securityPage],
  ['manifests/argocd/argocd-cm.yaml', () => argocdSettings(root)],
  ['docs/store.svg', () => storePicture(join(root, 'examples/production.yaml'))],
];

const checkOnly = process.argv.includes('--check');
const differing: string[] = [];

for (const [path, make] of generators) {
  const file = join(root, path);
  const made = await make();
  if (existsSync(file) && readFileSync(file, 'utf8') === made) continue;
  differing.push(path);
  if (checkOnly) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, made);
}

if (checkOnly && differing.length > 0) {
  console.error(`out of date, run npm run generate:\n${differing.map((path) => `  ${path}`).join('\n')}`);
  process.exitCode = 1;
} else if (differing.length > 0) console.log(`wrote ${differing.join(', ')}`);
