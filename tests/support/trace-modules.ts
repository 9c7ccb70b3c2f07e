/** Preloaded into a command under test: prints every module that it loads to stderr. */
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, nextLoad) {
    process.stderr.write(`module ${url}\n`);
    return nextLoad(url, context);
  },
});
