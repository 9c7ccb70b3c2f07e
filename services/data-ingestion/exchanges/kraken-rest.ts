import { z } from "zod";

import type { Backfill, Trade } from "./exchange.ts";
import { decimal, makerOf, parseExactly, tradeId } from "./kraken-fields.ts";
import { textOf } from "./rest.ts";

/** @source docs.kraken.com, REST API, "Get Recent Trades", read 2026-11 */
export const PAGE = 1000;

const DECIMALS = /^(\d{1,11})(?:\.(\d{1,9}))?$/;

/** price, volume, time in seconds, who took, market or limit, miscellaneous, trade id */
const row = z.tuple([
  decimal,
  decimal,
  z.string().regex(DECIMALS),
  z.enum(["b", "s"]),
  z.string(),
  z.string(),
  tradeId,
]);
const answer = z.object({
  error: z.array(z.string()),
  /** By the exchange's own name of the pair, which is not the one it was asked by; and `last`, a cursor. */
  result: z.record(z.string(), z.union([z.array(row), z.string()])).optional(),
});

/** The coins whose older names REST keeps, where the socket has their common ones. */
const OLD_NAMES: Readonly<Record<string, string>> = { BTC: "XBT", DOGE: "XDG" };

/** BTC-USD → XBTUSD. */
export function pairOf(product: string): string {
  return product
    .split("-")
    .map((coin) => OLD_NAMES[coin] ?? coin)
    .join("");
}

/**
 * Trades by REST. They are found by time alone: a page begins at the trade before the gap, and the next one where the
 * last one ended.
 */
export function createBackfill(restUrl: string, get: typeof fetch = fetch): Backfill {
  const base = restUrl.replace(/\/+$/, "");
  return {
    page: PAGE,
    trades: async (product, { from, to, since }) => {
      const cursor = since === undefined ? "" : `&since=${justBefore(since)}`;
      const url = `${base}/0/public/Trades?pair=${encodeURIComponent(pairOf(product))}&count=${PAGE}${cursor}`;
      const text = await textOf(get, url, `trades of ${product}`);
      return readPage(product, text).filter(({ tradeId: id }) => id >= from && id <= to);
    },
  };
}

/** Reads a page, oldest first. @throws when it isn't one, or is a refusal: those come with status 200 */
export function readPage(product: string, text: string): Trade[] {
  const { error, result = {} } = answer.parse(parseExactly(text));
  if (error.length > 0) throw new Error(`the exchange refused: ${error.join(", ").slice(0, 200)}`);
  const rows = Object.values(result).flatMap((value) => (typeof value === "string" ? [] : value));
  return rows
    .map(([price, size, seconds, taker, , , id]) => ({
      ...{ product, tradeId: id, price, size, side: makerOf(taker === "b" ? "buy" : "sell"), sequence: null },
      time: timeOf(seconds),
    }))
    .sort((a, b) => a.tradeId - b.tradeId);
}

/** `since` leaves out what is of just that nanosecond; several trades may share the microsecond that we know. */
function justBefore(time: string): bigint {
  const [, seconds = "0", fraction = ""] = DECIMALS.exec(secondsOf(time)) ?? [];
  const nanoseconds = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
  return nanoseconds - (nanoseconds % 1000n) - 1n;
}

/** 2023-07-06T18:53:17.827736Z → 1688669597.827736 */
function secondsOf(time: string): string {
  const fraction = /\.(\d{1,9})/.exec(time)?.[1] ?? "0";
  return `${Math.floor(Date.parse(time) / 1000)}.${fraction}`;
}

/** 1688669597.8277369 → 2023-07-06T18:53:17.827736Z, to the microsecond as the socket tells it. */
function timeOf(seconds: string): string {
  const [, whole = "0", fraction = ""] = DECIMALS.exec(seconds) ?? [];
  const date = new Date(Number(whole) * 1000).toISOString().slice(0, -".000Z".length);
  return `${date}.${fraction.slice(0, 6).padEnd(6, "0")}Z`;
}
