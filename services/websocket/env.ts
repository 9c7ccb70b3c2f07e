import { z } from "zod";

import { common, kafka, kafkaName } from "../shared/config.ts";

/** What the WebSocket service takes. */
export const env = z.object({
  ...common,
  ...kafka,
  PRICES_TOPIC: kafkaName,
  /** Each replica is a consumer group of its own; this is how its name begins. */
  PRICES_GROUP_PREFIX: kafkaName,
});
