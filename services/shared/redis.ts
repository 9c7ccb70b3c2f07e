import { Redis } from "ioredis";

import type { Logger } from "./logging.ts";
import { backoffDelay } from "./retry.ts";

/** What a cache needs of Redis; rejects at once while Redis is away. */
export interface KeyValue {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMilliseconds: number): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Counts that several replicas share; each rejects at once while Redis is away. */
export interface Counters {
  /** Adds one. @returns the count since the window began with its first one, and how long the window still lasts */
  count(key: string, windowMilliseconds: number): Promise<{ readonly count: number; readonly milliseconds: number }>;
}

// One step on the server, so that no counter is left without its end. Redis before 7 has no "pexpire … nx".
const COUNT = `
  local count = redis.call("incr", KEYS[1])
  if count == 1 then redis.call("pexpire", KEYS[1], ARGV[1]) end
  return {count, redis.call("pttl", KEYS[1])}`;

export interface RedisOptions {
  readonly url: string;
  readonly log: Logger;
  /** The most milliseconds for one command; a cache that is slower than this is no help. */
  readonly commandTimeout?: number;
}

/**
 * Redis as a cache: no queue while it is away, a short bound on every command, reconnecting for ever.
 *
 * Loss of the connection is logged once and its return once, not at each attempt.
 */
export function connectRedis({ url, log, commandTimeout = 250 }: RedisOptions): KeyValue & Counters {
  let away = false;
  const redis = new Redis(url, {
    commandTimeout,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    keepAlive: 10_000,
    retryStrategy: (times) => backoffDelay(times - 1, { first: 100, most: 2_000 }),
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  });
  redis.on("error", (error) => {
    if (!away) log.warn({ err: error }, "Redis is away; going without a cache");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info("Redis is back");
    away = false;
  });
  return {
    get: (key) => redis.get(key),
    set: async (key, value, ttlMilliseconds) => {
      await redis.set(key, value, "PX", ttlMilliseconds);
    },
    count: async (key, windowMilliseconds) => {
      const [count, milliseconds] = (await redis.eval(COUNT, 1, key, windowMilliseconds)) as [number, number];
      return { count, milliseconds };
    },
    ping: async () => {
      await redis.ping();
    },
    close: async () => {
      if (redis.status === "ready") await redis.quit().catch(() => redis.disconnect());
      else redis.disconnect();
    },
  };
}
