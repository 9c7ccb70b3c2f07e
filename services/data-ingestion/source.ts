import type { Tenure } from "../shared/lease.ts";
import type { Logger } from "../shared/logging.ts";
import { untilDone, within } from "../shared/retry.ts";
import type { Sender } from "../shared/sender.ts";
import type { Exchange } from "./exchanges/index.ts";
import { type FeedOptions, openFeed } from "./feed.ts";
import { Lane, type LaneTiming } from "./lane.ts";
import { Publisher } from "./publisher.ts";
import type { Store } from "./store.ts";

/** Whom to ask for what, and where. */
export interface FeedSource {
  readonly exchange: Exchange;
  readonly url: string;
  /** For the trades that the socket did not bring. */
  readonly restUrl: string;
  readonly products: readonly string[];
  /** Those of the products that this exchange is the reference for, unless another one is already. */
  readonly claims: readonly string[];
}

export interface SourceOptions extends FeedSource {
  readonly store: Pick<Store, "lines" | "anchor">;
  readonly topic: string;
  /** A producer of its own for each ownership. */
  readonly createSender: () => Sender;
  readonly log: Logger;
  readonly timing?: { readonly lane?: LaneTiming; readonly feed?: Pick<FeedOptions, "silence" | "backoff"> };
}

/** The most milliseconds to wait for the producer at the end of an ownership. */
const LAST_SEND_MS = 2_000;

/**
 * Carries the feed into the topic for one ownership of the lease: continues after the last stored trade, fills gaps,
 * publishes each product's trades in order. Returns soon after the lease is lost.
 *
 * The writer's progress lags the topic a little, so a new owner repeats a few trades; consumers drop those.
 */
export async function carryFeed(options: SourceOptions, tenure: Tenure): Promise<void> {
  const { exchange, url, restUrl, products, claims, store, topic, createSender, log, timing = {} } = options;
  const signal = tenure.lost;
  const lines = await untilDone(() => store.lines(exchange.name, products, claims), {
    signal,
    onFailure: (error) => log.warn({ err: error }, "what is stored can't be read yet"),
  });
  if (!lines) return;
  const isReference = (product: string): boolean => lines.get(product)?.reference ?? false;

  const sender = createSender();
  const publisher = new Publisher({
    send: (messages) => sender.send(topic, messages),
    ...{ tenure, exchange: exchange.name, isReference, log },
    onPressure: (high) => {
      log.warn(
        { exchange: exchange.name, high },
        high ? "publishing lags; the feed is held back" : "publishing has caught up",
      );
      if (high) feed.pause();
      else feed.resume();
    },
  });
  const backfill = exchange.createBackfill(restUrl);
  const lanes = new Map(
    products.map((product) => [
      product,
      new Lane({
        product,
        next: lines.get(product)?.next,
        since: lines.get(product)?.since,
        anchor: (first) => store.anchor(exchange.name, isReference(product), first),
        backfill,
        publish: (trades) => publisher.push(trades),
        room: () => publisher.room(),
        signal,
        log,
        ...(timing.lane ? { timing: timing.lane } : {}),
      }),
    ]),
  );
  const feed = openFeed({
    ...{ exchange, url, products },
    signal,
    log,
    onTrade: (trade) => lanes.get(trade.product)?.offer(trade),
    onHeartbeat: (product, lastTradeId) => lanes.get(product)?.heartbeat(lastTradeId),
    ...timing.feed,
  });

  await Promise.all([publisher.run(), feed.ended]);
  await within(LAST_SEND_MS, "disconnecting the producer", sender.close()).catch((error: unknown) =>
    log.warn({ err: error }, "left without waiting for the producer"),
  );
}
