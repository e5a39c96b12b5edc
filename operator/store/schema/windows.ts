import { rule, type CelRule } from './words.ts';

const time = '([01][0-9]|2[0-3]):[0-5][0-9]';
const day = '(mon|tue|wed|thu|fri|sat|sun)';

/** Two times of day, and two times of the week. */
export const dailyWindow = `^${time}-${time}$`;
export const weeklyWindow = `^${day}:${time}-${day}:${time}$`;

/** In minutes, of a text in CEL: the time of day that stands at some place of it. */
const minuteAt = (text: string, at: number): string =>
  `(int(${text}.substring(${at}, ${at + 2})) * 60 + int(${text}.substring(${at + 3}, ${at + 5})))`;

/** The day there, of 1440 minutes: each has three letters, so that the place of a day among them is a third of that. */
const dayAt = (text: string, at: number): string =>
  `'sunmontuewedthufrisat'.indexOf(${text}.substring(${at}, ${at + 3})) * 480`;

const dailyLength = (text: string): string => `(${minuteAt(text, 6)} - ${minuteAt(text, 0)} + 1440) % 1440`;

const weeklyLength = (text: string): string =>
  `(${dayAt(text, 10)} + ${minuteAt(text, 14)} - ${dayAt(text, 0)} - ${minuteAt(text, 4)} + 10080) % 10080`;

/** What a section calls its two windows: the optional part that holds the daily one, that one, and how long they are. */
interface Windows {
  readonly part: string;
  readonly isOptional?: true;
  readonly leastMinutes: number;
  readonly what: string;
}

/**
 * What AWS refuses of windows in UTC: too short ones, and a daily one that meets the weekly one on its day. A window that
 * is none at all is told by its pattern. Where AWS chooses one of the two, it refuses the other by itself.
 */
export function windowRules({ part, isOptional, leastMinutes, what }: Windows): CelRule[] {
  const [daily, weekly] = [`self.${part}.window`, 'self.maintenanceWindow'];
  const lacksDaily = `${isOptional ? `!has(self.${part}) || ` : ''}!has(${daily}) || !${daily}.matches('${dailyWindow}')`;
  const lacksWeekly = `!has(${weekly}) || !${weekly}.matches('${weeklyWindow}')`;
  const [begins, maintained] = [minuteAt(daily, 0), minuteAt(weekly, 4)];
  const longer = `let it last ${leastMinutes} minutes or longer`;
  return [
    rule(`${lacksDaily} || ${dailyLength(daily)} >= ${leastMinutes}`, {
      wrong: `${what} takes no ${part}.window shorter than ${leastMinutes} minutes`,
      remedy: longer,
      at: `.${part}.window`,
    }),
    rule(`${lacksWeekly} || ${weeklyLength(weekly)} >= ${leastMinutes}`, {
      wrong: `${what} takes no maintenanceWindow shorter than ${leastMinutes} minutes`,
      remedy: longer,
      at: '.maintenanceWindow',
    }),
    rule(
      `${lacksDaily} || ${lacksWeekly} || ((${maintained} - ${begins} + 1440) % 1440 >= ${dailyLength(daily)} && (${begins} - ${maintained} + 1440) % 1440 >= ${weeklyLength(weekly)})`,
      {
        wrong: `maintenanceWindow overlaps ${part}.window, which ${what} refuses`,
        remedy: `let one of the two begin when the other has ended, as ${part}.window 02:00-03:00 and maintenanceWindow sun:03:30-sun:04:30`,
        at: '.maintenanceWindow',
      },
    ),
  ];
}
