import { z } from "zod";

import { common, kafka, kafkaName, postgres } from "../shared/config.ts";

/** What the alert service takes. Each group is one across all replicas and both sides. */
export const env = z.object({
  ...common,
  ...postgres,
  ...kafka,
  PRICES_TOPIC: kafkaName,
  PRICES_GROUP: kafkaName,
  SENTIMENT_TOPIC: kafkaName,
  SENTIMENT_GROUP: kafkaName,
  ALERTS_TOPIC: kafkaName,
  DEAD_LETTER_TOPIC: kafkaName,
});
