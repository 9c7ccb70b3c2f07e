import { z } from "zod";

import { common, kafka, kafkaName, postgres, productList, seconds, url, urlList } from "../shared/config.ts";

/** What the ingestion worker takes. */
export const env = z.object({
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
  POSTS_TOPIC: kafkaName,
  /** Sources of posts; each that is not named is not read. */
  POSTS_JETSTREAM_URL: url("ws", "wss").optional(),
  POSTS_RSS_URLS: urlList("http", "https").optional(),
  POSTS_REDDIT_URLS: urlList("http", "https").optional(),
  /** Between two visits of a feed or a listing. */
  POSTS_POLL_SECONDS: seconds(1, 3600).default(60),
  /** After a crash a feed or a source of posts has no owner for at most this long. */
  LEASE_SECONDS: seconds(1, 300).default(10),
});
