/** What both ways to Kraken have in common. */
import { z } from "zod";

const NUMBER = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/;

/** A number as it is written, 1e-8 too, as digits and at most a point. */
export const decimal = z
  .string()
  .regex(NUMBER)
  .transform(plain)
  .pipe(z.string().regex(/^\d{1,20}(\.\d{1,18})?$/));

export const tradeId = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** Reads JSON with each number as the text that it is written in: a float would change a price. @throws SyntaxError */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" ? (context?.source ?? String(value)) : value,
  );
}

/** Kraken names the order that took; we name the one that was there. */
export const makerOf = (taker: "buy" | "sell"): "buy" | "sell" => (taker === "buy" ? "sell" : "buy");

function plain(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, 1 - point), "0");
  const shifted = point + digits.length - whole.length - fraction.length;
  const left = digits
    .slice(0, shifted)
    .padEnd(shifted, "0")
    .replace(/^0+(?=\d)/, "");
  const right = digits.slice(shifted);
  return right === "" ? left : `${left}.${right}`;
}
