import type { Cache } from "../cache.ts";
import type { Answer } from "../http/route.ts";

/** An answer that is the same for everyone: kept for a while, and loaded once for all who ask at the same time. */
export async function cached(
  cache: Cache,
  key: string,
  ttlMilliseconds: number,
  load: () => Promise<unknown>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { text, state } = await cache.json(key, ttlMilliseconds, load);
  return { status: 200, headers: { "x-cache": state, ...headers }, body: { type: "json", text } };
}
