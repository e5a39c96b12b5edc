import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operations } from '../../operator/model/operations.ts';

/** All code that may call AWS. */
const calling = ['operator/resources', 'operator/aws']
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('commands.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

test.each(Object.entries(operations))('every listed operation of %s is called somewhere', (service, listed) => {
  const called = (operation: string): boolean =>
    new RegExp(`(\\.${service}|\\['${service}'\\])\\(\\s*'${operation}'`).test(calling);
  expect(Object.keys(listed).filter((operation) => !called(operation))).toEqual([]);
});
