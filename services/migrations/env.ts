import { z } from "zod";

import { common, postgres, seconds } from "../shared/config.ts";

/** What the one-off job takes. It listens nowhere. */
export const env = z.object({
  NODE_ENV: common.NODE_ENV.default("production"),
  LOG_LEVEL: common.LOG_LEVEL,
  ...postgres,
  /** The job ends itself at this time, since not every launcher would. */
  JOB_DEADLINE_SECONDS: seconds(1, 86_400).default(600),
});
