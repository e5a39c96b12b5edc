import { isDataKept, signUpSomebody } from './data.ts';
import { isLikeFresh } from './fresh.ts';
import { History } from './history.ts';
import {
  converges,
  isEmptyWhenTwice,
  isForeignUntouched,
  isNeverPublic,
  isNothingLeft,
  isOnce,
  isQuiet,
  removes,
} from './judges.ts';

/** A fresh build costs half of what a history does: every fourth is held against one. */
const isHeldAgainstFresh = ({ seed }: History): boolean => seed % 4 === 0;

type Stage = 'played' | 'converged' | 'quiet' | 'removed';

/** What a test of the judges does to a history, so that one of them must object. */
export type Plants = Partial<Record<Stage, (history: History) => unknown>>;

/** Plays the history of a seed to its end and judges it. */
export async function judged(seed: number, plants: Plants = {}): Promise<History> {
  const history = new History(seed);
  await history.play();
  await plants.played?.(history);
  await converges(history);
  await plants.converged?.(history);
  isOnce(history);
  isForeignUntouched(history);
  // What never comes to rest has been judged: the rest would only say it again.
  if (history.violations.length > 0) return history;
  if (isHeldAgainstFresh(history)) await isLikeFresh(history);
  await plants.quiet?.(history);
  await isQuiet(history);
  if (history.random.below(2) === 0) signUpSomebody(history);
  await removes(history);
  await plants.removed?.(history);
  isNothingLeft(history);
  isForeignUntouched(history);
  isDataKept(history);
  isNeverPublic(history);
  isEmptyWhenTwice(history);
  return history;
}
