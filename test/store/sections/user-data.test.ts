import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { problemsOf } from '../../../operator/store/admission.ts';
import { userData } from '../../../operator/store/sections/user-data.ts';
import { withDefaults } from '../../../operator/store/spec.ts';
import { changed, minimal } from '../bad-manifests.ts';

/** What an instance runs at its first start, but for what it writes into its own /etc. */
function ranBy(given: string): string {
  expect(problemsOf(changed('spec.compute.userData', given))).toEqual([]);
  const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'u' };
  const spec = withDefaults({ ...minimal.spec, compute: { ...minimal.spec.compute, userData: given } });
  const script = userData({ owner, spec });
  const [head, tail] = script.split('\nECOM_ENVIRONMENT\n') as [string, string];
  expect(head.startsWith('#!/bin/bash\n')).toBe(true);
  return tail;
}
const said = (given: string): string =>
  execFileSync('/bin/bash', ['-c', `${ranBy(given)}\necho the end`], { encoding: 'utf8' });

test.each(['true\n', '#!/bin/sh\ntrue\n', '#! /bin/bash\ntrue\n', '#!/usr/bin/env bash\ntrue', '# not a shebang\n'])(
  'a script of the shop runs: %j',
  (given) => expect(said(given)).toBe('the end\n'),
);

test('a script that is to end at its first error does so', () => {
  expect(said('#!/bin/bash\nfalse\n')).toBe('the end\n');
  expect(() => said('#!/bin/bash -e\nfalse\n')).toThrow('Command failed');
});
