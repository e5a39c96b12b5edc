import { expect, test } from 'vitest';
import { eitherSignal } from '../../operator/model/either-signal.ts';

test('aborts with the first of its signals, for that one’s reason', () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const { signal } = eitherSignal(a.signal, b.signal);
  expect(signal.aborted).toBe(false);
  b.abort('b');
  a.abort('a');
  expect([signal.aborted, signal.reason]).toEqual([true, 'b']);
});

test('of a signal that has aborted already is aborted at once', () => {
  expect(eitherSignal(new AbortController().signal, AbortSignal.abort('over')).signal.reason).toBe('over');
});

test('no longer follows signals that it was released from', () => {
  const long = new AbortController();
  const either = eitherSignal(long.signal);
  either.release();
  long.abort();
  expect(either.signal.aborted).toBe(false);
});
