import { readEnv } from "../../shared/config.ts";
import { createLifecycle, runUntilSignalled } from "../../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../../shared/logging.ts";
import { createReplay } from "./app.ts";
import { env } from "./env.ts";

const settings = readEnv("replay", env);
const log = createLogger({ service: "replay", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const replay = createReplay({
  seed: settings.SEED,
  products: settings.PRODUCTS,
  rate: settings.RATE,
  ...(settings.TOTAL === undefined ? {} : { total: settings.TOTAL }),
  ...(settings.KRAKEN_RATE === undefined ? {} : { kraken: { rate: settings.KRAKEN_RATE } }),
  ...(settings.POSTS_RATE === undefined ? {} : { posts: { rate: settings.POSTS_RATE } }),
});
lifecycle.onDrain("replay", () => replay.close());
runUntilSignalled(lifecycle, log);

const port = await replay.listen(settings.PORT, settings.HOST);
log.info({ port }, "listening");
