/** Says whether a trade is new, and remembers it. */
export type DropRule = (product: string, tradeId: number) => boolean;

/**
 * The rule that makes the prices topic, which carries trades at least once, a stream of each trade once and in order.
 *
 * Whoever publishes does so contiguously per product, and starts no later than one past what the topic already holds.
 * So, however the runs of an old and a new owner of the feed interleave, keeping just the trades with a higher id than
 * the last kept one yields each id once, none left out.
 */
export function createDropRule(): DropRule {
  const last = new Map<string, number>();
  return (product, tradeId) => {
    if (tradeId <= (last.get(product) ?? -1)) return false;
    last.set(product, tradeId);
    return true;
  };
}
