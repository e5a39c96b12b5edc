import type { Clock } from './ports.ts';

/** Time as a process waits for it. Tests and simulations put a virtual one in its place. */
export interface Timers extends Clock {
  /** Milliseconds on a clock that nobody sets: for deadlines. */
  monotonic(): number;
  /** Calls back once, after at least so many milliseconds; the returned function takes it back. */
  after(millis: number, call: () => void): () => void;
}

/** A number from 0 to below 1, from a seed in tests. */
export type Random = () => number;

/** Resolves after so many milliseconds, or at once when the signal aborts: whoever waits looks at the signal next. */
export function pause(timers: Timers, millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(millis, end);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Resolves when the signal aborts. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
