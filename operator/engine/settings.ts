import type { Beat } from '../model/resource-type.ts';

/** The engine's few numbers, in milliseconds where nothing else is said. */
export interface Settings {
  /** How old a reading may be, by what it guards. */
  readonly beats: Readonly<Record<Beat, number>>;
  /** How long AWS's lists may lag behind its writes: younger absences are not believed. */
  readonly readLag: number;
  /** How long a creation without token whose answer was lost is looked for before it is tried again. */
  readonly unknownOutcome: number;
  /** The first and the longest pause after a failure that heals by itself. */
  readonly soon: readonly [number, number];
  /** How long such a failure may go on until it is told as a stall. */
  readonly patience: number;
  /** How long AWS may call something busy until people are told: what it is at work on itself ends sooner as a rule. */
  readonly endurance: number;
  /** The first and the longest pause after a failure that somebody has to mend. */
  readonly slowly: readonly [number, number];
  /** The first and the longest pause before what AWS has failed is made anew. */
  readonly anew: readonly [number, number];
  /** How far apart two readings of everything are that people ask for. */
  readonly onRequest: number;
  /**
   * How long the calls of a pass may wait for their turn, from when it begins: where AWS has us go slowly, workers are
   * not kept from stores that other regions and services answer.
   */
  readonly turns: number;
  /** How soon after a write AWS is read again where something waits for the answer. */
  readonly settle: number;
  /** How soon it is read back while the store has other things to wait for: many writes share one reading. */
  readonly readBack: number;
  /** What AWS takes here of the time that types say it takes: all of it, but where its clock is faster than ours. */
  readonly pace: number;
}

const second = 1_000;
const minute = 60 * second;

export const defaultSettings: Settings = {
  beats: { exposure: minute, existence: 2 * minute, settings: 15 * minute },
  readLag: 30 * second,
  unknownOutcome: 5 * minute,
  soon: [2 * second, minute],
  patience: 5 * minute,
  endurance: 60 * minute,
  slowly: [minute, 15 * minute],
  anew: [minute, 60 * minute],
  onRequest: minute,
  turns: 60 * second,
  settle: 2 * second,
  readBack: 30 * second,
  pace: 1,
};

/** The same settings for a world whose clock runs `speed` times as fast as ours. */
export function faster(settings: Settings, speed: number): Settings {
  const shrink = (value: unknown): unknown => {
    if (typeof value === 'number') return value / speed;
    if (Array.isArray(value)) return value.map(shrink);
    return Object.fromEntries(Object.entries(value as object).map(([key, part]) => [key, shrink(part)]));
  };
  return shrink(settings) as Settings;
}
