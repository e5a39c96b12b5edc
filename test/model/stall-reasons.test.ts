import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stallReasons } from '../../operator/model/stall-reasons.ts';

test('docs/operating.md says of every reason of a stall what it means and what to do', () => {
  const page = readFileSync('docs/operating.md', 'utf8');
  const section = page.slice(page.indexOf('\n## A store that is stuck'), page.indexOf('\n## Taking a store down'));
  const cells = [...section.matchAll(/^\| (.*?) +\|/gm)].map(([, cell = '']) => cell);
  const explained = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, reason = '']) => reason));
  expect(stallReasons.filter((reason) => !explained.includes(reason))).toEqual([]);
});
