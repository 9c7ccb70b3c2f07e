import { z } from "zod";

import { common, postgres, url } from "../shared/config.ts";

/** What the API takes. */
export const env = z.object({
  ...common,
  ...postgres,
  REDIS_URL: url("redis", "rediss"),
  /** Who issues tokens, without a path; its keys are fetched when the first token comes. */
  AUTH_URL: url("http", "https"),
});
