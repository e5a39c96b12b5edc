import { performance } from 'node:perf_hooks';
import type { Clock } from '../model/ports.ts';
import type { Timers } from '../model/timers.ts';

/** The longest a Node timer can be: beyond it, setTimeout fires at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimer = 2 ** 31 - 1;

/**
 * The wall clock as far as it goes forward. Where somebody sets it back, time goes on from what was told before, so that
 * what is due at an hour is due no later: readings of AWS would rest for as long as it was set back. It is ahead of the
 * wall clock until that has caught up.
 */
export function steadyClock(timers: Pick<Timers, 'now' | 'monotonic'>): Clock {
  let [told, at] = [timers.now(), timers.monotonic()];
  return {
    now: () => {
      const passed = timers.monotonic() - at;
      at += passed;
      told = Math.max(timers.now(), told + passed);
      return told;
    },
  };
}

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
