import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sources = ['test', 'demo', 'bench', 'scripts']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  .filter((file) => /\.m?ts$/.test(file) && file !== 'test/house/wire.test.ts')
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const filesWith = (what: RegExp): string[] => sources.filter(({ text }) => what.test(text)).map(({ file }) => file);

test('nobody starts an AWS front but the one that is judged when it closes', () => {
  expect(filesWith(/\bstartAwsFront\b/)).toEqual(['test/support/judged-front.ts']);
});

test('nobody connects the real clients but where their inputs are judged', () => {
  const importing = /import \{[^}]*\bconnect\b[^}]*\} from '[^']*operator\/aws\/cloud\.ts'/;
  expect(filesWith(importing)).toEqual(['test/support/judged-cloud.ts']);
});

test('whoever runs the simulator as a process asks it what it saw on the wire', () => {
  const running = sources.filter(({ text }) => /simulator\/main\.ts'/.test(text)).map(({ file }) => file.split('/')[0]);
  expect(running.length).toBeGreaterThan(0);
  for (const folder of new Set(running))
    expect(filesWith(/_simulator\/wire/).filter((file) => file.startsWith(`${folder}/`))).not.toEqual([]);
});
