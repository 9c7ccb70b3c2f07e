import { z } from "zod";

import { common, productList } from "../../shared/config.ts";

const whole = (what: string, min: number, max: number) => z.coerce.number(what).int(what).min(min, what).max(max, what);

/** What the replay takes. It stands for others' servers, so it has no settings of ours. */
export const env = z.object({
  PORT: common.PORT,
  HOST: common.HOST,
  LOG_LEVEL: common.LOG_LEVEL,
  /** The same seed gives the same trades, but for their times. */
  SEED: whole("must be a whole number, 0 to 4294967295", 0, 0xffff_ffff),
  PRODUCTS: productList,
  /** Trades per second, over all products. */
  RATE: whole("must be trades per second, 1 to 100000", 1, 100_000),
  /** Stops after this many trades, when it is set. */
  TOTAL: whole("must be a number of trades, 1 to 100000000", 1, 100_000_000).optional(),
  /** Trades per second of the second exchange; without it there is none. */
  KRAKEN_RATE: whole("must be trades per second, 1 to 100000", 1, 100_000).optional(),
  /** Posts per second, over all sources of posts; without it there are none. */
  POSTS_RATE: whole("must be posts per second, 1 to 10000", 1, 10_000).optional(),
});
