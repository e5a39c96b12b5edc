import { performance } from 'node:perf_hooks';
import type { Timers } from '../model/timers.ts';

/** The longest a Node timer can be: beyond it, setTimeout fires at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimer = 2 ** 31 - 1;

/** Real time. */
export const realTimers: Timers = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (millis, call) => {
    // A timer longer than 24 days goes in stages.
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(left > longestTimer ? () => wait(left - longestTimer) : call, Math.min(left, longestTimer));
    };
    wait(Math.max(0, millis));
    return () => clearTimeout(timer);
  },
};
