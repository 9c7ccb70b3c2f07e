/** The replayed exchange, a block of trades at a time; it remembers every trade, so it says what must be found. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** A trade as the exchange has it. */
const trade = z.object({ trade_id: z.int(), price: z.string(), time: z.iso.datetime() });
export type Trade = z.infer<typeof trade>;

const emitted = z.record(z.string(), z.object({ last: z.int(), count: z.int() }));

/** Product → its trades, oldest first. */
export type Series = ReadonlyMap<string, readonly Trade[]>;

export interface Feed {
  /** Lets it trade. */
  resume(): Promise<void>;
  /** Product → the id of its last trade so far. */
  lasts(): Promise<ReadonlyMap<string, number>>;
  /** Lets it trade until there are so many more than at `lasts`, then stops it. */
  stopAfter(since: ReadonlyMap<string, number>, count: number): Promise<void>;
  /** Every trade that `series` ever gave. */
  history(): Series;
  /** What came after `since`. */
  series(since: ReadonlyMap<string, number>): Promise<Series>;
}

const PAGE = 1000;
const LOOK_MILLISECONDS = 20;

/** `restUrl`: where the exchange answers REST. */
export function createFeed(restUrl: string): Feed {
  const ask = async (method: "GET" | "POST", path: string): Promise<unknown> => {
    const answer = await fetch(`${restUrl}${path}`, { method });
    return answer.json();
  };
  const known = new Map<string, Map<number, Trade>>();
  const remember = (product: string, trades: readonly Trade[]): void => {
    const byId = known.get(product) ?? new Map<number, Trade>();
    for (const one of trades) byId.set(one.trade_id, one);
    known.set(product, byId);
  };
  const lasts = async (): Promise<ReadonlyMap<string, number>> =>
    new Map(Object.entries(emitted.parse(await ask("GET", "/emitted"))).map(([product, { last }]) => [product, last]));
  const pageUpTo = async (product: string, to: number): Promise<readonly Trade[]> =>
    z.array(trade).parse(await ask("GET", `/products/${product}/trades?limit=${PAGE}&after=${to + 1}`));
  return {
    lasts,
    history: () => new Map([...known].map(([product, byId]) => [product, inOrder([...byId.values()])])),
    resume: async () => {
      await ask("POST", "/resume");
    },
    stopAfter: async (since, count) => {
      while (total(await lasts()) - total(since) < count) await sleep(LOOK_MILLISECONDS);
      await ask("POST", "/pause");
    },
    series: async (since) => {
      const series = new Map<string, readonly Trade[]>();
      for (const [product, last] of await lasts()) {
        const first = (since.get(product) ?? 0) + 1;
        const trades: Trade[] = [];
        for (let to = last; to >= first; to -= PAGE) trades.push(...(await pageUpTo(product, to)));
        remember(product, trades);
        series.set(product, inOrder(trades.filter(({ trade_id: id }) => id >= first)));
      }
      return series;
    },
  };
}

export const total = (lasts: ReadonlyMap<string, number>): number =>
  [...lasts.values()].reduce((sum, last) => sum + last, 0);

const inOrder = (trades: readonly Trade[]): readonly Trade[] => trades.toSorted((a, b) => a.trade_id - b.trade_id);
