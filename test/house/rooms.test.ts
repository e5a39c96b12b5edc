import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** Who may import whom. A room always may import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'operator/model': [],
  'operator/resources': ['operator/model'],
  'operator/store': ['operator/model', 'operator/resources'],
  'operator/engine': ['operator/model'],
  'operator/aws': ['operator/model'],
  'operator/kube': ['operator/model', 'operator/engine', 'operator/store/spec.ts'],
  'operator/runtime': ['operator/model', 'operator/engine'],
  'operator/cli': ['operator/model', 'operator/store', 'operator/engine', 'operator/resources'],
  simulator: [],
};

/** Files beside the rooms put things together, and may import from all of them. */
const compositionRoots = ['operator/main.ts', 'operator/operate.ts', 'operator/config.ts', 'operator/cli/main.ts'];
/** Only these may import the simulator. */
const outside = ['test/', 'demo/', 'bench/', 'scripts/'];

const files = ['operator', 'simulator', 'demo', 'bench', 'scripts']
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.ts'))
  .sort();

const roomOf = (file: string): string | undefined =>
  Object.keys(mayImport).find((room) => file === room || file.startsWith(`${room}/`));

const importsOf = (file: string): string[] =>
  ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)));

/** The arrows from a file that the table does not have. */
function forbidden(file: string, imports: readonly string[]): string[] {
  const room = roomOf(file);
  return imports.filter((target) => {
    if (target.startsWith('simulator/') && !file.startsWith('simulator/'))
      return !outside.some((place) => file.startsWith(place));
    if (room === undefined || compositionRoots.includes(file)) return false;
    const allowed = [room, ...(mayImport[room] ?? [])];
    return !allowed.some((place) => target === place || target.startsWith(`${place}/`));
  });
}

describe('the house', () => {
  test('has files in every room', () => {
    expect(new Set(files.map(roomOf).filter(Boolean)).size).toBe(Object.keys(mayImport).length);
  });

  test.each(files)('%s imports only what its room may', (file) => {
    expect(forbidden(file, importsOf(file))).toEqual([]);
  });

  test('a new arrow would be noticed', () => {
    expect(forbidden('operator/engine/walk.ts', ['operator/aws/cloud.ts'])).toEqual(['operator/aws/cloud.ts']);
    expect(forbidden('operator/main.ts', ['simulator/ledger.ts'])).toEqual(['simulator/ledger.ts']);
    expect(forbidden('operator/kube/stores.ts', ['operator/store/compose.ts'])).toEqual(['operator/store/compose.ts']);
  });

  test('rooms without I/O have none', () => {
    const io = /from '(node:(fs|net|http|https|child_process|timers)|undici|@aws-sdk\/[^']*)'/;
    const guilty = files
      .filter((file) => /^operator\/(model|store|resources)\//.test(file))
      .filter((file) => io.test(readFileSync(file, 'utf8').replace(/import type [^;]*;/g, '')));
    expect(guilty).toEqual([]);
  });

  test('pure rooms read no clock and throw no dice', () => {
    const guilty = files
      .filter((file) => /^operator\/(model|store)\//.test(file))
      .filter((file) => /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(readFileSync(file, 'utf8')));
    expect(guilty).toEqual([]);
  });
});
