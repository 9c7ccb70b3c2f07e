import { z } from "zod";

import { common, kafka, kafkaName, postgres, productList, seconds, url } from "../shared/config.ts";

/** What the feed worker takes. */
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
  /** After a crash the feed has no owner for at most this long. */
  LEASE_SECONDS: seconds(1, 300).default(10),
});
