import { z } from "zod";

import { common, kafka, kafkaName, postgres, productList, seconds, url, urlList } from "../shared/config.ts";
import type { FeedWish } from "./feeds.ts";

const KRAKEN = ["KRAKEN_FEED_URL", "KRAKEN_FEED_REST_URL", "KRAKEN_FEED_PRODUCTS"] as const;
const WITH_THE_OTHERS = `must be set where another of ${KRAKEN.join(", ")} is`;

/** What the ingestion worker takes. */
export const env = z
  .object({
    ...common,
    ...postgres,
    ...kafka,
    PRICES_TOPIC: kafkaName,
    /** Consumer group of the price writer, one across all replicas and both sides. */
    PRICES_GROUP: kafkaName,
    DEAD_LETTER_TOPIC: kafkaName,
    FEED_URL: url("ws", "wss"),
    /** For the trades that the socket did not bring. */
    FEED_REST_URL: url("http", "https"),
    FEED_PRODUCTS: productList,
    /** The second exchange, Kraken: all three, or it is not read. */
    KRAKEN_FEED_URL: url("ws", "wss").optional(),
    KRAKEN_FEED_REST_URL: url("http", "https").optional(),
    KRAKEN_FEED_PRODUCTS: productList.optional(),
    POSTS_TOPIC: kafkaName,
    /** Sources of posts; each that is not named is not read. */
    POSTS_JETSTREAM_URL: url("ws", "wss").optional(),
    POSTS_RSS_URLS: urlList("http", "https").optional(),
    POSTS_REDDIT_URLS: urlList("http", "https").optional(),
    /** Between two visits of a feed or a listing. */
    POSTS_POLL_SECONDS: seconds(1, 3600).default(60),
    /** After a crash a feed or a source of posts has no owner for at most this long. */
    LEASE_SECONDS: seconds(1, 300).default(10),
  })
  .superRefine((settings, context) => {
    const given = KRAKEN.filter((name) => settings[name] !== undefined);
    if (given.length === 0) return;
    for (const name of KRAKEN) {
      if (settings[name] === undefined) context.addIssue({ code: "custom", path: [name], message: WITH_THE_OTHERS });
    }
  });

/** What is asked of the second exchange; undefined where it is not read. */
export function krakenOf(settings: z.infer<typeof env>): FeedWish | undefined {
  const { KRAKEN_FEED_URL: url, KRAKEN_FEED_REST_URL: restUrl, KRAKEN_FEED_PRODUCTS: products } = settings;
  return url === undefined || restUrl === undefined || products === undefined ? undefined : { url, restUrl, products };
}
