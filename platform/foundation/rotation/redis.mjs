/**
 * Redis of ElastiCache: it knows two tokens at a time. A rotation first drops the older one (SET), then adds the new one
 * beside the present one (ROTATE), which processes keep until they are restarted.
 * @source ElastiCache user guide, "Modifying the AUTH token", 2026-11
 *
 * `cache`: {status() → "available" | …, modify(token, strategy)}; `ping(url)` throws where the token is not taken.
 */
import { randomBytes } from "node:crypto";
import { URL } from "node:url";
import { eventually } from "./steps.mjs";

/** Changing a token takes minutes; a function has fifteen for both changes. */
const CHANGE = { milliseconds: 6 * 60_000, pause: 10_000 };
const ACCEPTED = { milliseconds: 60_000, pause: 3000 };

export function token({ cache, ping, secrets, config, waiting = CHANGE }) {
  const steady = () =>
    eventually(async () => {
      const status = await cache.status();
      if (status !== "available") throw new Error(`The cache is ${status}.`);
    }, waiting);
  const change = async (url, strategy) => {
    await steady();
    await cache.modify(decodeURIComponent(new URL(url).password), strategy);
    await steady();
  };
  return {
    next({ url, ...rest }) {
      const next = new URL(url);
      // Letters and digits: ElastiCache takes few others.
      next.password = randomBytes(24).toString("hex");
      return { ...rest, url: next.href };
    },
    async set(pending, current) {
      const already = await ping(pending.url).then(
        () => true,
        () => false,
      );
      if (already) return;
      await change(current.url, "SET");
      await change(pending.url, "ROTATE");
    },
    test: ({ url }) => eventually(() => ping(url), { ...ACCEPTED, ...(waiting === CHANGE ? {} : waiting) }),
    finished: ({ url }) => secrets.put(config.token, { token: decodeURIComponent(new URL(url).password) }),
  };
}
