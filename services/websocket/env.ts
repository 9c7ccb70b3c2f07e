import { z } from "zod";

import { common, kafka, kafkaName, url } from "../shared/config.ts";

/** What the WebSocket service takes. Each replica is a consumer group of its own by topic; a prefix begins its name. */
export const env = z.object({
  ...common,
  ...kafka,
  PRICES_TOPIC: kafkaName,
  PRICES_GROUP_PREFIX: kafkaName,
  SENTIMENT_TOPIC: kafkaName,
  SENTIMENT_GROUP_PREFIX: kafkaName,
  ALERTS_TOPIC: kafkaName,
  ALERTS_GROUP_PREFIX: kafkaName,
  /** Who issues tokens, without a path; its keys are fetched when the first token comes. */
  AUTH_URL: url("http", "https"),
});
