import type { Placed } from "../shared/batches.ts";
import type { Logger } from "../shared/logging.ts";
import type { PriceMessage } from "../shared/topics/prices.ts";
import { type Level, levelOf, levelOfChange, shown } from "./decimal.ts";
import { History, referenceSecond } from "./history.ts";
import type { Past } from "./past.ts";
import { changeKey, priceKey, type RuleBook } from "./rule-book.ts";
import type { Turn } from "./watch.ts";

/** How long a replica that takes over waits for the price writer to store what came before its own first trade. */
const PATIENCE_MS = 10_000;

interface Remembered {
  readonly history: History;
  /** How far back it reaches. */
  windowSeconds: number;
}

/** Lets price and change rules look at trades. */
export class Prices {
  readonly #book: RuleBook;
  readonly #past: Past;
  readonly #log: Logger;
  readonly #histories = new Map<string, Remembered>();
  /** The last trade judged, by product: the topic holds trades at least once. */
  readonly #judged = new Map<string, number>();
  readonly #waiting = new Map<string, number>();

  constructor(book: RuleBook, past: Past, log: Logger) {
    this.#book = book;
    this.#past = past;
    this.#log = log;
  }

  /** For one that goes on where another has been. */
  forget(): void {
    this.#histories.clear();
    this.#judged.clear();
  }

  /** Reads the past that change rules need. @throws HistoryBehind while it is not stored yet; to be tried again */
  async prepare(messages: readonly Placed<PriceMessage>[]): Promise<void> {
    const firsts = new Map<string, PriceMessage>();
    for (const { message } of messages) if (!firsts.has(message.product)) firsts.set(message.product, message);
    for (const [product, first] of firsts) {
      const windowSeconds = Math.max(0, ...this.#book.windows(product));
      if (windowSeconds === 0) this.#histories.delete(product);
      else if (windowSeconds > (this.#histories.get(product)?.windowSeconds ?? 0))
        await this.#read(first, windowSeconds);
    }
  }

  observe(messages: readonly Placed<PriceMessage>[]): Turn[] {
    return messages.flatMap(({ message }) =>
      message.tradeId > (this.#judged.get(message.product) ?? -1) ? this.#observe(message) : [],
    );
  }

  /** To be called when what they turned is stored. */
  done(messages: readonly Placed<PriceMessage>[]): void {
    for (const { message } of messages) {
      const { product, tradeId } = message;
      this.#judged.set(product, Math.max(tradeId, this.#judged.get(product) ?? -1));
    }
  }

  #observe({ product, tradeId, price, time }: PriceMessage): Turn[] {
    const watch = this.#book.watch(priceKey(product));
    const remembered = this.#histories.get(product);
    if (!watch && !remembered) return [];
    const [level, at] = [levelOf(price), Date.parse(time)];
    const found = { at, time, position: tradeId, identity: `${product} ${tradeId}` };
    const turns = watch?.observe({ ...found, level, value: price }) ?? [];
    if (!remembered) return turns;
    remembered.history.add({ tradeId, at, level });
    remembered.history.forgetBefore(referenceSecond(at, remembered.windowSeconds));
    for (const window of this.#book.windows(product)) {
      const reference = remembered.history.at(referenceSecond(at, window));
      if (reference === undefined || reference === 0n) continue;
      const change: Level = levelOfChange(reference, level);
      const rules = this.#book.watch(changeKey(product, window));
      turns.push(...(rules?.observe({ ...found, level: change, value: shown(change) }) ?? []));
    }
    return turns;
  }

  async #read({ product, tradeId, time }: PriceMessage, windowSeconds: number): Promise<void> {
    const from = referenceSecond(Date.parse(time), windowSeconds);
    const { points, newest } = await this.#past.before(product, tradeId, from);
    if (newest !== null && newest < tradeId - 1) {
      const since = this.#waiting.get(product) ?? performance.now();
      this.#waiting.set(product, since);
      if (performance.now() - since < PATIENCE_MS) throw new HistoryBehind(product);
      this.#log.warn({ product, missing: tradeId - 1 - newest }, "changes are judged by a past with trades missing");
    }
    this.#waiting.delete(product);
    const { history } = this.#histories.get(product) ?? { history: new History() };
    for (const point of points) history.add(point);
    this.#histories.set(product, { history, windowSeconds });
  }
}

export class HistoryBehind extends Error {
  override name = "HistoryBehind";
  constructor(product: string) {
    super(`trades of ${product} before the first one here are not stored yet`);
  }
}
