import { History } from './history.ts';
import { converges, isForeignUntouched, isNeverPublic, isNothingLeft, isOnce, isQuiet, removes } from './judges.ts';

/** Plays the history of a seed to its end and judges it. */
export async function judged(seed: number): Promise<History> {
  const history = new History(seed);
  await history.play();
  await converges(history);
  if (history.violations.length > 0) return history;
  isOnce(history);
  isForeignUntouched(history);
  await isQuiet(history);
  await removes(history);
  isNothingLeft(history);
  isForeignUntouched(history);
  isNeverPublic(history);
  return history;
}
