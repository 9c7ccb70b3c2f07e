/** Decimals compared exactly: a price that touches a line by its last digit touches it, where a float may miss. */

/** Digits behind the point that are told apart: as many as any topic or table here holds. */
const DIGITS = 18;
const UNIT = 10n ** BigInt(DIGITS);
/** Digits of a value that is shown, where a division would have no end. */
const SHOWN = 8;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/i;

/**
 * Where a value lies among the multiples of 10⁻¹⁸: twice the multiple when it is one, the odd number between the two
 * when it lies between. So any two values compare by `<` against a multiple as the values themselves would.
 */
export type Level = bigint;

/** @throws RangeError for what is no decimal, or has more than 18 digits behind the point */
export function levelOf(text: string): Level {
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  const power = DIGITS - fraction.length + Number(exponent);
  if (sign === undefined) throw new RangeError("not a decimal");
  if (power < 0) throw new RangeError(`more than ${DIGITS} digits behind the point`);
  const units = BigInt(whole + fraction) * 10n ** BigInt(power);
  return 2n * (sign === "-" ? -units : units);
}

/** The level of `from` → `to` in percent. `from` is above zero. */
export function levelOfChange(from: Level, to: Level): Level {
  const dividend = (to - from) * 100n * UNIT;
  const [quotient, rest] = [dividend / from, dividend % from];
  if (rest === 0n) return 2n * quotient;
  return 2n * quotient + (dividend < 0n ? -1n : 1n);
}

/** Of a float of at most 1 in size, by the shortest text that names it; digits beyond the eighteenth are cut. */
export function decimalOf(value: number): string {
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = DECIMAL.exec(String(value)) ?? [];
  const places = fraction.length - Number(exponent);
  const digits = (whole + fraction).padStart(places + 1, "0");
  return written(sign, digits.slice(0, digits.length - places), digits.slice(digits.length - places));
}

/** For people and messages. Cut towards zero, so that it never seems to lie on the line's other side. */
export function shown(level: Level): string {
  const units = (level < 0n ? -level : level) / 2n / 10n ** BigInt(DIGITS - SHOWN);
  const digits = units.toString().padStart(SHOWN + 1, "0");
  return written(level < 0n ? "-" : "", digits.slice(0, -SHOWN), digits.slice(-SHOWN));
}

function written(sign: string, whole: string, fraction: string): string {
  const behind = fraction.slice(0, DIGITS).replace(/0+$/, "");
  const size = behind === "" ? whole : `${whole}.${behind}`;
  return size === "0" ? size : sign + size;
}
