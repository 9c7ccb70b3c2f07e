/** How often a schedule comes round. */

const DAYS = 365;
const MONTHS = 12;
/** A year that is no leap year, and no year in particular: only how often counts. */
const YEAR = 2026;
const NAMES = {
  month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
} as const;

/** Five cron fields → runs in an average month. A day counts where either of two restricted day fields has it. */
export function runsPerMonth(schedule: string): number {
  const [minute = "*", hour = "*", day = "*", month = "*", weekday = "*"] = schedule.trim().toLowerCase().split(/\s+/);
  const ofDay = values(minute, 0, 59).size * values(hour, 0, 23).size;
  const days = values(day, 1, 31);
  const months = values(named(month, NAMES.month, 1), 1, 12);
  // Sunday is 0 and 7.
  const weekdays = new Set([...values(named(weekday, NAMES.weekday, 0), 0, 7)].map((each) => each % 7));
  const onDay = (date: Date): boolean => {
    const byDate = days.has(date.getUTCDate());
    const byWeekday = weekdays.has(date.getUTCDay());
    return day !== "*" && weekday !== "*" ? byDate || byWeekday : byDate && byWeekday;
  };
  const dates = Array.from({ length: DAYS }, (_, index) => new Date(Date.UTC(YEAR, 0, index + 1)));
  const matching = dates.filter((date) => months.has(date.getUTCMonth() + 1) && onDay(date));
  return (ofDay * matching.length) / MONTHS;
}

/** JAN–DEC and SUN–SAT as numbers. */
function named(field: string, names: readonly string[], first: number): string {
  return names.reduce((text, name, index) => text.replaceAll(name, String(index + first)), field);
}

/** `*`, `5`, `1-5`, `*\/15`, `10-40/10` and lists of them. */
function values(field: string, first: number, last: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [, range = "*", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to = part.includes("/") ? String(last) : from] = range.split("-");
    const [start, end] = range === "*" ? [first, last] : [Number(from), Number(to)];
    for (let value = start; value <= end; value += Math.max(1, Number(step))) found.add(value);
  }
  return found;
}
