import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TypeCheck } from '../../scripts/planted/types.ts';

let tree: string;
const path = (name: string): string => join(tree, name);
const write = (name: string, text: string): void => writeFileSync(path(name), text);

beforeEach(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'ecomstore-types-')));
  const compilerOptions = {
    ...{ target: 'es2023', lib: ['es5'], types: [], module: 'nodenext', strict: true, noEmit: true },
    ...{ allowImportingTsExtensions: true },
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  write('port.ts', 'export const port: number = 8080;\n');
  write('user.ts', "import { port } from './port.ts';\nexport const twice: number = port * 2;\n");
});

afterEach(() => rmSync(tree, { recursive: true }));

test('a tree that compiles has no errors, and a change that compiles brings none', () => {
  const types = new TypeCheck(tree);
  expect(types.errorsIn([])).toEqual([]);
  write('port.ts', 'export const port: number = 9090;\n');
  expect(types.errorsIn([path('port.ts')])).toEqual([]);
});

test('what does not parse or does not fit is told with its place', () => {
  const types = new TypeCheck(tree);
  write('user.ts', 'export const twice: number = "two";\n');
  expect(types.errorsIn([path('user.ts')])).toEqual([
    `${path('user.ts')}:1: Type 'string' is not assignable to type 'number'.`,
  ]);
  write('user.ts', 'export const = 2;\n');
  expect(types.errorsIn([path('user.ts')])[0]).toMatch(`${path('user.ts')}:1: `);
});

test('what a change breaks in a file that imports it is told, and is gone when the change is taken back', () => {
  const types = new TypeCheck(tree);
  write('port.ts', 'export const port: string = "8080";\n');
  expect(types.errorsIn([path('port.ts')])[0]).toMatch(`${path('user.ts')}:2: `);
  write('port.ts', 'export const port: number = 8080;\n');
  expect(types.errorsIn([path('port.ts')])).toEqual([]);
});

test('a file that was forgotten is read again', () => {
  const types = new TypeCheck(tree);
  write('port.ts', 'export const port: string = "8080";\n');
  expect(types.errorsIn([path('port.ts')])).toHaveLength(1);
  write('port.ts', 'export const port: number = 8080;\n');
  types.forget([path('port.ts')]);
  expect(types.errorsIn([path('user.ts')])).toEqual([]);
});
