import { describe, expect, test } from 'vitest';
import { judgementOf, type Report } from '../../scripts/planted/judgement.ts';

const reportOf = (...failures: readonly (readonly [fullName: string, message: string | undefined])[]): Report => ({
  numTotalTests: 3,
  testResults: [
    {
      ...{ name: 'some.test.ts', status: failures.length > 0 ? 'failed' : 'passed' },
      assertionResults: [
        { status: 'passed', fullName: 'one that passes', failureMessages: [] },
        ...failures.map(([fullName, message]) => ({
          ...{ status: 'failed', fullName },
          failureMessages: message === undefined ? [] : [message],
        })),
      ],
    },
  ],
});

const assertion = ['a database is never public', 'AssertionError: expected true to be false\n    at x.ts:1:1'] as const;

describe('a planted bug', () => {
  test('is caught by an assertion that fails', () => {
    expect(judgementOf(reportOf(assertion))).toEqual({ is: 'caught', by: 'a database is never public' });
  });

  test("is caught by an assertion of node's, too", () => {
    const message = 'AssertionError [ERR_ASSERTION]: not settled after 60 minutes';
    expect(judgementOf(reportOf(['a store settles', message]))).toEqual({ is: 'caught', by: 'a store settles' });
  });

  test('is caught by a promise that should have been rejected', () => {
    const message = 'Error: promise resolved "{ Vpc: { …(10) } }" instead of rejecting\n    at x.ts:1:1';
    expect(judgementOf(reportOf(['writes nothing', message]))).toEqual({ is: 'caught', by: 'writes nothing' });
  });

  test('is missed when all tests pass', () => expect(judgementOf(reportOf())).toEqual({ is: 'missed' }));

  test.each([
    ['TypeError: cannot read properties of undefined'],
    ['ReferenceError: decide is not defined'],
    ['SyntaxError: unexpected token'],
    ['Error: Test timed out in 5000ms.\nAssertionError: in a stack'],
    ['Error: AssertionError'],
  ])('is not caught by a test that fails with "%s"', (message) => {
    const [line] = message.split('\n');
    expect(judgementOf(reportOf(['a test', message]))).toEqual({ is: 'broken', why: `a test: ${line}` });
  });

  test('is not caught by a failure that tells no reason', () => {
    expect(judgementOf(reportOf(['a test', undefined]))).toEqual({ is: 'broken', why: 'a test: no reason told' });
  });

  test('is caught although another test crashes', () => {
    expect(judgementOf(reportOf(['a test', 'TypeError: no'], assertion))).toMatchObject({ is: 'caught' });
  });

  test('is not caught by a file of tests that cannot be loaded', () => {
    const message = 'Failed to resolve import "./gone.ts"\nand more';
    const report = { testResults: [{ name: 'some.test.ts', status: 'failed', message, assertionResults: [] }] };
    expect(judgementOf(report)).toEqual({
      is: 'broken',
      why: 'some.test.ts: Failed to resolve import "./gone.ts"',
    });
  });

  test('is not caught, nor missed, where the runner left no report', () => {
    expect(judgementOf({})).toEqual({ is: 'broken', why: 'the tests left no report' });
  });
});
