import { eld } from "eld/small";

/** By RFC 5646: nobody can tell. Three emoji and a ticker are in no language. */
export const UNDETERMINED = "und";

/** Words that are the same in every language here: cashtags, hashtags, tickers in capitals, numbers. */
const EVERYWHERE = /[$#]\w+|\b[A-Z0-9]{2,10}\b|[\d.,%$€]+/g;
/** With fewer letters than this a guess is one, whoever makes it; another alphabet says more with each of them. */
const ENOUGH_LETTERS = 12;
const LETTERS = { latin: 1, other: 4 } as const;
const SUBTAG = /^[a-z]{2,3}$/;

/**
 * The language of a cleaned text as a subtag like `en`. What the text itself says goes first; where it is too short to
 * say, what the source claims does.
 */
export function detectLanguage(text: string, claimed: string | null): string {
  const unknown = claimed ?? UNDETERMINED;
  const words = [text.replace(EVERYWHERE, " "), text].find((each) => lettersIn(each) >= ENOUGH_LETTERS);
  if (words === undefined) return unknown;
  const guess = eld.detect(words);
  return guess.isReliable() && SUBTAG.test(guess.language) ? guess.language : unknown;
}

function lettersIn(text: string): number {
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const other = text.match(/(?!\p{Script=Latin})\p{L}/gu)?.length ?? 0;
  return latin * LETTERS.latin + other * LETTERS.other;
}
