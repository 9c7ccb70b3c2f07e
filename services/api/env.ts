import { z } from "zod";

import { common, postgres, url } from "../shared/config.ts";

/** What the API takes. */
export const env = z.object({ ...common, ...postgres, REDIS_URL: url("redis", "rediss") });
