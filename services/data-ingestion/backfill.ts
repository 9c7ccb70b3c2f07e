import { readPage, type Trade } from "./coinbase.ts";
import type { Missing } from "./sequencer.ts";

export interface Backfill {
  /** The trades of the gap that the exchange has, oldest first. @throws when it can't be asked */
  trades(product: string, missing: Missing): Promise<Trade[]>;
}

/** The most trades that the exchange gives at a time. */
export const PAGE = 1000;
const TIMEOUT_MS = 5_000;

/**
 * Trades by REST. Ids are contiguous, so a page that ends right after the gap's first `PAGE` ids holds just those:
 * `after` (older than) takes us forward page by page, where `before` (newer than) would begin at the newest trade.
 */
export function createBackfill(restUrl: string, get: typeof fetch = fetch): Backfill {
  const base = restUrl.replace(/\/+$/, "");
  return {
    trades: async (product, { from, to }) => {
      const end = Math.min(to, from + PAGE - 1);
      const url = `${base}/products/${encodeURIComponent(product)}/trades?limit=${PAGE}&after=${end + 1}`;
      const response = await get(url, {
        headers: { accept: "application/json", "user-agent": "cryptotracker-data-ingestion" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`the exchange answered ${response.status} for trades of ${product}`);
      }
      const page = readPage(product, await response.json());
      return page.filter(({ tradeId }) => tradeId >= from && tradeId <= end);
    },
  };
}
