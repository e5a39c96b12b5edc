/** What vitest's JSON reporter tells, as far as we read it. */
export interface Report {
  readonly numTotalTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    /** Why the whole file failed, as when it cannot be imported. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      /** Each begins with the name of the error. */
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** What the tests made of a bug. */
export type Judgement =
  | { readonly is: 'caught'; readonly by: string }
  /** Something failed, and no assertion did: a test that cannot run has judged nothing. */
  | { readonly is: 'broken'; readonly why: string }
  | { readonly is: 'missed' };

/**
 * Chai's, which vitest throws, and node's own, which our virtual worlds throw. A timeout is a plain Error; so is what
 * vitest says of a promise that should have been rejected, or resolved, which it tells apart by these words only.
 */
const isAssertion = (message: string): boolean =>
  /^(AssertionError\b|Error: promise (resolved|rejected) .* instead of (rejecting|resolving))/s.test(message);

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** Only a failed assertion catches a bug: not a module that cannot be loaded, a crash of the test, or a timeout. */
export function judgementOf({ testResults }: Report): Judgement {
  if (testResults === undefined) return { is: 'broken', why: 'the tests left no report' };
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ fullName, messages: failureMessages ?? [] }));
  const caught = failed.find(({ messages }) => messages.some(isAssertion));
  if (caught) return { is: 'caught', by: caught.fullName };
  const [crashed] = failed;
  if (crashed)
    return { is: 'broken', why: `${crashed.fullName}: ${firstLine(crashed.messages[0] ?? 'no reason told')}` };
  // Of a file that failed whole, no test is told.
  const unread = testResults.find(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  if (unread) return { is: 'broken', why: `${unread.name}: ${firstLine(unread.message ?? 'no reason told')}` };
  return { is: 'missed' };
}
