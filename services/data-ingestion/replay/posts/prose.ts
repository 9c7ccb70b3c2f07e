import { createRandom } from "../market.ts";

/** What somebody writes, and who; when and where is left to who publishes it. */
export interface Prose {
  /** From 0 on. */
  readonly number: number;
  readonly author: string;
  readonly title: string;
  readonly text: string;
}

const COINS = ["$BTC", "bitcoin", "$ETH", "ethereum", "$SOL", "solana", "$DOGE", "cardano", "$XRP", "litecoin"];
const FEELINGS = [
  ...["I love how", "so bullish:", "great news,", "amazing that", "happy because"],
  ...["I hate how", "so bearish:", "terrible news,", "scared that", "worried because"],
  ...["noticed that", "by the way,", "for the record,"],
];
const EVENTS = [
  "moons today",
  "crashed again",
  "beats every forecast",
  "is a total scam",
  "holds its level",
  "gains while others lose",
  "was rekt overnight",
  "has a strong week",
  "fails at its resistance",
  "is adopted by another bank",
];
const ENDINGS = ["what do you think?", "not selling.", "out for now.", "see you next cycle.", "who else?", "patience…"];
const AUTHORS = 40;

/** Posts that name coins with feeling: who writes what is decided by the seed alone. */
export class Writers {
  readonly #random: () => number;
  #number = 0;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  next(): Prose {
    const number = this.#number;
    this.#number += 1;
    const [feeling, coin, event, ending] = [FEELINGS, COINS, EVENTS, ENDINGS].map((list) => this.#pick(list));
    // Its number and a figure keep a post from being a copy of another.
    const figure = Math.floor(this.#random() * 1e6).toString(36);
    return {
      number,
      author: `writer${Math.floor(this.#random() * AUTHORS)}`,
      title: `${feeling} ${coin} ${event}`,
      text: `${ending} (note ${number}-${figure})`,
    };
  }

  #pick(list: readonly string[]): string {
    return list[Math.floor(this.#random() * list.length)] ?? "";
  }
}
