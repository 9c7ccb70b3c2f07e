/** How numbers and times are shown. The values themselves stay text: a float would change them. */

const NONE = "–";

/** As many digits as tell two prices of that size apart. */
function priceDigits(amount: number): number {
  const size = Math.abs(amount);
  if (size === 0 || size >= 100) return 2;
  if (size >= 1) return 4;
  return Math.min(10, 3 - Math.floor(Math.log10(size)));
}

export function price(text: string | undefined, locale?: string): string {
  const amount = Number(text);
  if (text === undefined || !Number.isFinite(amount)) return NONE;
  const digits = priceDigits(amount);
  return amount.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** What a product is paid in: the USD of BTC-USD. */
export const currency = (product: string): string => product.split("-")[1] ?? "";

/** With its sign, so that colour is not the only thing that tells rising from falling. */
export function percent(value: number | undefined, locale?: string): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  const shown = value.toLocaleString(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  });
  return `${shown.replace("-", "−")} %`;
}

/** A mean of scores, -1 to 1. */
export function score(value: number | undefined, locale?: string): string {
  if (value === undefined || !Number.isFinite(value)) return NONE;
  return value
    .toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" })
    .replace("-", "−");
}

export type Mood = "good" | "mixed" | "bad";

/** Words for a mean: between ±0.15 posts speak for both sides. */
export function mood(value: number): Mood {
  if (value >= 0.15) return "good";
  return value <= -0.15 ? "bad" : "mixed";
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** `90` → `1 min 30 s`: at most two units, for spans that people typed. */
export function span(seconds: number): string {
  if (seconds <= 0) return "0 s";
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}

/** How long ago, coarsely: what is read at a glance. */
export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  if (!Number.isFinite(seconds)) return NONE;
  if (seconds < 5) return "now";
  for (const [unit, size] of UNITS) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`;
  return "now";
}

/** The time of day; with the date when it is not today's. */
export function clock(time: string, now: number, locale?: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return NONE;
  const sameDay = at.toDateString() === new Date(now).toDateString();
  return sameDay
    ? at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" })
    : at.toLocaleString(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
