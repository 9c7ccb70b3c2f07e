/** When a user wants no messages, by the clock on the user's wall. */
export interface QuietHours {
  /** `22:00`, `22:00:00`: inclusive, exclusive; over midnight when it ends before it begins. */
  readonly from: string;
  readonly to: string;
  /** IANA name. */
  readonly timeZone: string;
}

const DAY = 24 * 60;
const MINUTE_MS = 60_000;
/** Clocks are put forward and back at quarters of an hour everywhere. */
const QUARTER_MS = 15 * MINUTE_MS;

/**
 * The first moment from `now` on that is not quiet, or undefined when `now` is not.
 *
 * It walks by the wall's own clock, in steps within which no clock is changed: so on the night when an hour is left out
 * or comes twice it ends when the wall says so, and where the end itself is left out, with the first minute after.
 */
export function quietUntil(now: Date, { from, to, timeZone }: QuietHours): Date | undefined {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const clock = clockOf(timeZone);
  const left = (at: number): number => {
    const since = (clock(at) - begin + DAY) % DAY;
    const length = (end - begin + DAY) % DAY;
    return since < length ? length - since : 0;
  };
  let at = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  if (left(at) === 0) return undefined;
  for (let minutes = left(at); minutes > 0; minutes = left(at)) {
    at += Math.min(minutes * MINUTE_MS, QUARTER_MS - (at % QUARTER_MS));
  }
  return new Date(at);
}

function minutesOf(text: string): number {
  const [hours, minutes] = text.split(":", 2).map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

type Clock = (at: number) => number;
const clocks = new Map<string, Clock>();

/** Minutes since midnight on the wall. A zone that this Node does not know is taken for UTC. */
function clockOf(timeZone: string): Clock {
  const known = clocks.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zoneOr(timeZone, "UTC"),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const clock: Clock = (at) => minutesOf(format.format(at));
  clocks.set(timeZone, clock);
  return clock;
}

export function zoneOr(timeZone: string, otherwise: string): string {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return otherwise;
  }
}
