import { coinbase, type Exchange, kraken } from "./exchanges/index.ts";
import type { FeedSource } from "./source.ts";

export interface FeedWish {
  readonly url: string;
  readonly restUrl: string;
  readonly products: readonly string[];
}

/**
 * The feeds that are configured. Of a product that several carry, the first exchange is the reference; see decision 23.
 *
 * @param kraken undefined where the second exchange is not read
 */
export function feedsOf(wishes: {
  readonly coinbase: FeedWish;
  readonly kraken: FeedWish | undefined;
}): readonly FeedSource[] {
  const taken = new Set<string>();
  const inOrder: readonly (readonly [Exchange, FeedWish | undefined])[] = [
    [coinbase, wishes.coinbase],
    [kraken, wishes.kraken],
  ];
  return inOrder.flatMap(([exchange, wish]) => {
    if (!wish) return [];
    const claims = wish.products.filter((product) => !taken.has(product));
    for (const product of claims) taken.add(product);
    return [{ exchange, ...wish, claims }];
  });
}
