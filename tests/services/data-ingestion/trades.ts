import type { Trade } from "../../../services/data-ingestion/exchanges/index.ts";

/** A trade of which only product and id matter. */
export const trade = (tradeId: number, product = "BTC-USD"): Trade => ({
  product,
  tradeId,
  price: "1.5",
  size: "0.1",
  side: "buy",
  time: "2026-11-24T07:00:00.000Z",
  sequence: null,
});

export const idsOf = (trades: readonly Trade[]): number[] => trades.map(({ tradeId }) => tradeId);

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
