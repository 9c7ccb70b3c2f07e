import { z } from "zod";

import { common, postgres, url } from "../shared/config.ts";

const SECRET = "must be a secret of at least 32 characters";

/** What the auth service takes. */
export const env = z.object({
  ...common,
  ...postgres,
  REDIS_URL: url("redis", "rediss"),
  /** All replicas of both sides have the same one, or they would not know each other's tokens. */
  JWT_SIGNING_SECRET: z.string(SECRET).min(32, SECRET),
});
