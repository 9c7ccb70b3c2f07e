import { z } from "zod";

import { common, kafka, kafkaName } from "../shared/config.ts";

/** What the preprocessing worker takes. */
export const env = z.object({
  ...common,
  ...kafka,
  POSTS_TOPIC: kafkaName,
  /** One group across all replicas and both sides. */
  POSTS_GROUP: kafkaName,
  CLEAN_POSTS_TOPIC: kafkaName,
  DEAD_LETTER_TOPIC: kafkaName,
});
