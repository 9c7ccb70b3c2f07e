/**
 * MinHash: a text as a few numbers, of which two texts share as many as they share of their word sequences.
 * @source Broder, On the resemblance and containment of documents, 1997
 */

/** More numbers make a finer estimate: with 64 its standard error is 1/16 at most. */
export const HASHES = 64;
/** Words in a sequence: a changed word changes this many of them. */
const SEQUENCE = 3;

/** Odd multipliers and offsets of the hash functions, drawn once by a fixed rule: every replica has the same. */
const FUNCTIONS = Uint32Array.from({ length: HASHES * 2 }, (_, i) => mix(i + 1) | Number(i % 2 === 0));

/** The words that count when texts are compared: what a bot varies (numbers, emoji, punctuation, case) doesn't. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
}

export function signature(words: readonly string[]): Uint32Array {
  const least = new Uint32Array(HASHES).fill(0xffffffff);
  for (let at = 0; at + SEQUENCE <= Math.max(words.length, SEQUENCE); at += 1) {
    const hash = hashOf(words.slice(at, at + SEQUENCE).join(" "));
    for (let i = 0; i < HASHES; i += 1) {
      const value = mix(Math.imul(hash, FUNCTIONS[2 * i] ?? 1) + (FUNCTIONS[2 * i + 1] ?? 0));
      if (value < (least[i] ?? 0)) least[i] = value;
    }
  }
  return least;
}

/** The estimated share of common sequences, 0 to 1. */
export function resemblance(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let i = 0; i < HASHES; i += 1) if (a[i] === b[i]) same += 1;
  return same / HASHES;
}

/** @source FNV-1a, 32 bits, over UTF-16 units */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads a change of any bit over all. @source MurmurHash3, the last step of its 32 bits */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
