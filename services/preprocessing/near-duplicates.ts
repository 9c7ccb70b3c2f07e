import { HASHES, hashOf, resemblance, signature, wordsOf } from "./min-hash.ts";

export interface Candidate {
  readonly id: string;
  readonly author: string;
  /** Cleaned. */
  readonly text: string;
  /** When we got it, ISO 8601. */
  readonly receivedAt: string;
}

export interface NearDuplicates {
  /** Whether another post of the window says nearly the same; one that doesn't becomes part of the window. */
  readonly seen: (post: Candidate) => boolean;
  readonly size: () => number;
}

export interface Window {
  /** @default 10,000: with signature and groups somewhat over 4 KB each, 45 MB in all */
  readonly posts?: number;
  /** @default six hours */
  readonly milliseconds?: number;
}

/** From here on two texts are one. */
const SAME = 0.7;
/**
 * Signatures are looked up by groups of this many numbers. Two texts alike by 0.7 share one of sixteen groups in 99 of
 * 100 cases, two alike by 0.2 in 3.
 */
const GROUP = 4;
/** Shorter texts are alike by chance: "btc to the moon" is an opinion that many have. Theirs must be one author's. */
const ENOUGH_WORDS = 8;

/** How many of a group are looked at, the latest first: what everybody writes must not cost everybody's time. */
const MOST_OF_GROUP = 32;

interface Kept {
  readonly id: string;
  readonly receivedAt: number;
  /** The author of a short text; empty for a text that anybody may have copied. */
  readonly scope: string;
  readonly marks: Uint32Array;
}

/**
 * What was posted lately, in the memory of one replica. It sees the partitions that it has, and those are by author: a
 * text that many authors post is caught as far as they meet here, and forgotten with a restart or a rebalance. So it
 * thins out copies, and never loses the last one: a post that comes again by its own id is no duplicate of itself.
 */
export function createNearDuplicates({ posts = 10_000, milliseconds = 6 * 3_600_000 }: Window = {}): NearDuplicates {
  /** Oldest first. */
  const kept = new Map<string, Kept>();
  const groups = new Map<number, Kept[]>();

  const forget = (old: Kept): void => {
    kept.delete(old.id);
    for (const key of keysOf(old)) {
      const rest = groups.get(key)?.filter((other) => other !== old) ?? [];
      if (rest.length > 0) groups.set(key, rest);
      else groups.delete(key);
    }
  };
  const remember = (post: Kept): void => {
    kept.set(post.id, post);
    for (const key of keysOf(post)) {
      const group = groups.get(key) ?? [];
      groups.set(key, [...group.slice(1 - MOST_OF_GROUP), post]);
    }
  };
  const alike = (one: Kept, other: Kept): boolean =>
    one.scope === other.scope && resemblance(one.marks, other.marks) >= SAME;
  const expire = (now: number): void => {
    for (const old of kept.values()) {
      if (kept.size < posts && now - old.receivedAt <= milliseconds) return;
      forget(old);
    }
  };

  return {
    seen: ({ id, author, text, receivedAt }) => {
      if (kept.has(id)) return false;
      const now = Date.parse(receivedAt);
      expire(now);
      const words = wordsOf(text);
      const scope = words.length < ENOUGH_WORDS ? author : "";
      const post: Kept = { id, receivedAt: now, scope, marks: signature(words) };
      if (keysOf(post).some((key) => groups.get(key)?.some((other) => alike(post, other)))) return true;
      remember(post);
      return false;
    },
    size: () => kept.size,
  };
}

/** A number for each group: which one, and a hash of what is in it. Two of one hash are told apart by their marks. */
function keysOf({ marks, scope }: Kept): number[] {
  return Array.from({ length: HASHES / GROUP }, (_, group) => {
    const part = marks.subarray(group * GROUP, (group + 1) * GROUP);
    return group * 2 ** 32 + hashOf(`${scope}:${part.join(",")}`);
  });
}
