import type { Placed, Refused } from "../shared/batches.ts";
import type { PriceMessage } from "../shared/topics/prices.ts";
import type { SentimentMessage } from "../shared/topics/sentiment.ts";
import { decimalOf, levelOf } from "./decimal.ts";
import { judge } from "./judge.ts";
import type { Prices } from "./prices.ts";
import { type RuleBook, sentimentKey } from "./rule-book.ts";
import type { Store } from "./store.ts";
import type { Turn } from "./watch.ts";
import type { Turns } from "./turns.ts";

export interface EvaluatorParts {
  readonly store: Store;
  readonly book: RuleBook;
  readonly prices: Prices;
  /** Shared with whatever else changes the book. */
  readonly turns: Turns;
  /** Told when alerts were stored. */
  readonly onAlerts: () => void;
}

export interface Evaluator {
  prices(messages: readonly Placed<PriceMessage>[]): Promise<readonly Refused[]>;
  sentiment(messages: readonly Placed<SentimentMessage>[]): Promise<readonly Refused[]>;
}

/**
 * What consumers of prices and of sentiment do with their messages: rules look at them in memory, and only what turns
 * is written. Committed when it resolves; the same messages again turn nothing.
 */
export function createEvaluator({ store, book, prices, turns, onAlerts }: EvaluatorParts): Evaluator {
  const alerting = async (observe: () => readonly Turn[]): Promise<void> => {
    if ((await judge({ store, book }, observe)) > 0) onAlerts();
  };
  /**
   * Where a partition does not go on where we left it, another may have been at it: then Postgres knows better than we
   * where its rules stand. A message that was put aside looks the same, which costs a query.
   */
  const followed = <T>(work: (messages: readonly Placed<T>[]) => Promise<void>, onTakeover: () => void) => {
    const next = new Map<number, number>();
    return (messages: readonly Placed<T>[]) =>
      turns(async (): Promise<readonly Refused[]> => {
        const [first, last] = [messages[0], messages.at(-1)];
        if (!first || !last) return [];
        if (next.get(first.partition) !== Number(first.offset)) {
          book.replaceBy(await store.rules());
          onTakeover();
        }
        await work(messages);
        next.set(last.partition, Number(last.offset) + 1);
        return [];
      });
  };

  return {
    prices: followed<PriceMessage>(
      async (messages) => {
        // Rules look at one exchange a product: of two, each would cross a line whenever it stands between them.
        const known = messages.filter(({ message }) => message.reference);
        await prices.prepare(known);
        await alerting(() => prices.observe(known));
        prices.done(known);
      },
      () => prices.forget(),
    ),
    sentiment: followed<SentimentMessage>(
      async (messages) => {
        const first = messages.filter(({ message }) => message.revision === 0);
        const watched = first.filter(({ message }) => book.watch(sentimentKey(message.symbol)));
        if (watched.length === 0) return;
        const numbered = await store.numbered(watched.map(({ message }) => message));
        await alerting(() => numbered.flatMap(({ post, turn }) => observeSentiment(book, post, turn)));
      },
      () => undefined,
    ),
  };
}

function observeSentiment(book: RuleBook, message: SentimentMessage, position: number): Turn[] {
  const { symbol, post, hour, receivedAt } = message;
  const value = decimalOf(hour.mean);
  const observation = {
    level: levelOf(value),
    value,
    at: Date.parse(receivedAt),
    time: receivedAt,
    position,
    identity: `${symbol} ${post}`,
  };
  return book.watch(sentimentKey(symbol))?.observe(observation) ?? [];
}
