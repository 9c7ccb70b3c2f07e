import type { Logger } from "../shared/logging.ts";
import type { KeyValue } from "../shared/redis.ts";

/** Where an answer came from: the cache, the store, or the store because the cache is away. */
export type CacheState = "hit" | "miss" | "bypass";

export interface Cache {
  /**
   * JSON text for the key, loaded when it isn't cached. Callers that ask at the same time share one load.
   * Redis being away costs nothing but the load.
   */
  json(
    key: string,
    ttlMilliseconds: number,
    load: () => Promise<unknown>,
  ): Promise<{ text: string; state: CacheState }>;
}

/** Version of what is cached: raise it with the shape of the answers, or a new release reads the old one's. */
const VERSION = "v1";

export function createCache(store: Pick<KeyValue, "get" | "set">, log: Logger): Cache {
  const loading = new Map<string, Promise<{ text: string; state: CacheState }>>();

  const fetch = async (key: string, ttl: number, load: () => Promise<unknown>) => {
    let state: CacheState = "miss";
    try {
      const cached = await store.get(key);
      if (cached !== null) return { text: cached, state: "hit" as const };
    } catch (error) {
      state = "bypass";
      log.debug({ err: error }, "cache could not be read");
    }
    const text = JSON.stringify(await load());
    if (state === "miss") {
      store.set(key, text, ttl).catch((error: unknown) => log.debug({ err: error }, "cache could not be written"));
    }
    return { text, state };
  };

  return {
    json: (name, ttl, load) => {
      const key = `api:${VERSION}:${name}`;
      const underWay = loading.get(key);
      if (underWay) return underWay;
      const work = fetch(key, ttl, load).finally(() => loading.delete(key));
      loading.set(key, work);
      return work;
    },
  };
}
