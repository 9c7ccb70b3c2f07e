import { z } from "zod";

import { common, kafka, kafkaName, postgres, url } from "../shared/config.ts";

/** What the sentiment processor takes. */
export const env = z.object({
  ...common,
  ...postgres,
  ...kafka,
  CLEAN_POSTS_TOPIC: kafkaName,
  /** One group across all replicas and both sides. */
  CLEAN_POSTS_GROUP: kafkaName,
  SENTIMENT_TOPIC: kafkaName,
  DEAD_LETTER_TOPIC: kafkaName,
  /** The model on GPUs; without it the lexicon scores everything. */
  INFERENCE_URL: url("http", "https").optional(),
  /** SQS: where the model is asked again for what it did not score in time, and where its answers come. */
  ML_REQUESTS_QUEUE_URL: url("http", "https").optional(),
  ML_RESULTS_QUEUE_URL: url("http", "https").optional(),
});
