import type { Level } from "./decimal.ts";

/** A trade's price, and when it was. */
export interface Point {
  readonly tradeId: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: Level;
}

interface Mark extends Omit<Point, "at"> {
  /** The first whole second at which this price stood. */
  readonly second: number;
}

/**
 * What a product's price was at each whole second, as far back as rules look: a day of any market is 86,400 marks.
 *
 * The price at a second is that of the highest trade id up to it. That depends on no order of arrival, so that a
 * replica that learns the past from Postgres says the same as one that has heard it from the topic.
 */
export class History {
  /** By second and by trade id, both rising: a trade that a later id precedes in time can be nobody's answer. */
  #marks: Mark[] = [];

  add({ tradeId, at, level }: Point): void {
    const mark = { second: Math.ceil(at / 1000), tradeId, level };
    const marks = this.#marks;
    const later = firstWhere(marks, (other) => other.tradeId >= tradeId);
    if ((marks[later]?.second ?? Infinity) <= mark.second || marks[later]?.tradeId === tradeId) return;
    let outdone = later;
    while ((marks[outdone - 1]?.second ?? -Infinity) >= mark.second) outdone -= 1;
    marks.splice(outdone, later - outdone, mark);
  }

  /** The price that stood at a whole second, or undefined when none is known. */
  at(second: number): Level | undefined {
    return this.#marks[firstWhere(this.#marks, (mark) => mark.second > second) - 1]?.level;
  }

  /** Forgets what no second from here on needs. */
  forgetBefore(second: number): void {
    const marks = this.#marks;
    if (marks.length < 2 * KEEP || (marks[KEEP]?.second ?? Infinity) > second) return;
    this.#marks = marks.slice(firstWhere(marks, (mark) => mark.second > second) - 1);
  }
}

/** Forgetting copies, so it waits until that many are over. */
const KEEP = 512;

/** The second whose price a change over a window that ends `at` is measured against. */
export const referenceSecond = (at: number, windowSeconds: number): number => Math.floor(at / 1000) - windowSeconds;

/** Index of the first for which it holds, as it does for all behind; the length when for none. */
function firstWhere(marks: readonly Mark[], holds: (mark: Mark) => boolean): number {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const mark = marks[middle];
    if (mark !== undefined && !holds(mark)) low = middle + 1;
    else high = middle;
  }
  return low;
}
