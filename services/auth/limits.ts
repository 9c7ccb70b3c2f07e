import type { RequestHandler } from "express";

import { clientNetwork } from "../shared/client-address.ts";
import { Problem } from "../shared/problem.ts";
import type { Limit, RateLimiter } from "../shared/rate-limit.ts";
import type { Keys } from "./keys.ts";

export interface Limits {
  readonly signUp: Limit;
  readonly signIn: Limit;
  readonly refresh: Limit;
}

/**
 * For one client network. An office shares an address, and so do all who come by one edge of CloudFront, so these stop
 * floods and not guessing, which `attempts.ts` does for each account. They count in Redis; without it nobody is refused.
 */
export const LIMITS: Limits = {
  signUp: { name: "sign-up", most: 60, windowMilliseconds: 600_000 },
  signIn: { name: "sign-in", most: 120, windowMilliseconds: 60_000 },
  refresh: { name: "refresh", most: 600, windowMilliseconds: 60_000 },
};

/** Refuses with 429 and Retry-After what goes over the limit. */
export function limited(limiter: RateLimiter, keys: Pick<Keys, "clientHash">, limit: Limit): RequestHandler {
  return async (request, _response, next) => {
    const usage = await limiter.take(limit, keys.clientHash(clientNetwork(request)));
    if (usage && !usage.allowed) {
      throw new Problem("too-many-requests", "Too many requests from your network; try again later.", {
        headers: { "retry-after": String(usage.resetSeconds) },
      });
    }
    next();
  };
}
