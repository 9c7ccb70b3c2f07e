import type { Logger } from "./logging.ts";
import type { Counters } from "./redis.ts";

/** How often one subject may do one thing. */
export interface Limit {
  readonly name: string;
  readonly most: number;
  readonly windowMilliseconds: number;
}

export interface Usage {
  readonly allowed: boolean;
  /** How many more the window takes. */
  readonly remaining: number;
  /** Whole seconds until the window ends. */
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /**
   * Counts one act of the subject. The subject becomes part of a key in Redis: give an id or a hash, never an address.
   *
   * @returns undefined when Redis is away, and then the act is allowed: a limit protects from a flood, and to refuse
   * everyone because a cache is away would be a worse one
   */
  take(limit: Limit, subject: string): Promise<Usage | undefined>;
}

/** Limits over all replicas, on both sides of a migration, in fixed windows that begin with a subject's first act. */
export function createRateLimiter(counters: Counters, log: Logger): RateLimiter {
  return {
    take: async ({ name, most, windowMilliseconds }, subject) => {
      try {
        const { count, milliseconds } = await counters.count(`rate:${name}:${subject}`, windowMilliseconds);
        return {
          allowed: count <= most,
          remaining: Math.max(0, most - count),
          resetSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
        };
      } catch (error) {
        log.debug({ err: error, limit: name }, "a rate limit could not be counted");
        return undefined;
      }
    },
  };
}
