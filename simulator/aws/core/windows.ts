const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Minutes since the day began, or since the week did. */
function minuteOf(text: string): number {
  const parts = text.split(':');
  const [minute = 0, hour = 0] = parts.slice(-2).map(Number).reverse();
  return Math.max(0, days.indexOf(parts[0] ?? '')) * 1440 + hour * 60 + minute;
}

function spanOf(window: string, period: number): { readonly begins: number; readonly lasts: number } {
  const [from = '', to = ''] = window.toLowerCase().split('-');
  const begins = minuteOf(from);
  return { begins: begins % 1440, lasts: (minuteOf(to) - begins + period) % period };
}

/** Why AWS does not take a daily window and a weekly one; undefined when it does. */
export function windowsRefused(daily: string, weekly: string, least: number, what: string): string | undefined {
  const [one, other] = [spanOf(daily, 1440), spanOf(weekly, 10_080)];
  if (one.lasts < least) return `${what} window must be at least ${least} minutes.`;
  if (other.lasts < least) return `Maintenance window must be at least ${least} minutes.`;
  const after = (a: number, b: number) => (a - b + 1440) % 1440;
  const meet = after(other.begins, one.begins) < one.lasts || after(one.begins, other.begins) < other.lasts;
  return meet ? `The ${what.toLowerCase()} window and maintenance window must not overlap.` : undefined;
}

/** The first of those that AWS chooses from which is not refused beside the other window. */
export const windowBeside = (choices: readonly string[], refused: (window: string) => string | undefined): string =>
  choices.find((one) => refused(one) === undefined) ?? choices[0] ?? '';
