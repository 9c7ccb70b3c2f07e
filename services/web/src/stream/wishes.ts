/** What the page wants to hear, and the messages that ask for it. */
import type { Positions } from "./offsets.ts";

export interface Wishes {
  readonly products: readonly string[];
  readonly symbols: readonly string[];
  /** Of whom the alerts are; undefined when nobody is signed in. */
  readonly token: string | undefined;
}

export const NOTHING_WISHED: Wishes = { products: [], symbols: [], token: undefined };

/** Alerts follow once the token has been taken: see {@link askForAlerts}. */
export function requestsFor({ products, symbols, token }: Wishes, positions: Positions): readonly object[] {
  return [
    ...(products.length > 0 ? [{ type: "subscribe", products, conflate: true, ...from(positions.prices) }] : []),
    ...(symbols.length > 0
      ? [{ type: "subscribe", channel: "sentiment", symbols, conflate: true, ...from(positions.sentiment) }]
      : []),
    ...(token === undefined ? [] : [{ type: "auth", token }]),
  ];
}

export const askForAlerts = (positions: Positions): object => ({
  type: "subscribe",
  channel: "alerts",
  ...from(positions.alerts),
});

const from = (offsets: Readonly<Record<string, number>> | undefined): object => (offsets ? { from: offsets } : {});
