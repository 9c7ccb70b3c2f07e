import { createHmac, hkdfSync } from "node:crypto";

import type { Request, Response } from "express";

import { clientNetwork } from "../../shared/client-address.ts";
import { Problem } from "../../shared/problem.ts";
import type { Limit, RateLimiter } from "../../shared/rate-limit.ts";
import type { Claim } from "./identify.ts";
import type { Method } from "./route.ts";

export interface Limits {
  readonly userReads: Limit;
  readonly userWrites: Limit;
  readonly networkReads: Limit;
  readonly networkWrites: Limit;
}

const MINUTE_MS = 60_000;

/**
 * A user is one person with a few tabs. A network may be an office, or all who come by one edge of CloudFront, so its
 * limits stop floods only. Both count in Redis; without it nobody is refused, see `rate-limit.ts`.
 */
export const LIMITS: Limits = {
  userReads: { name: "user-reads", most: 1_200, windowMilliseconds: MINUTE_MS },
  userWrites: { name: "user-writes", most: 240, windowMilliseconds: MINUTE_MS },
  networkReads: { name: "network-reads", most: 60_000, windowMilliseconds: MINUTE_MS },
  networkWrites: { name: "network-writes", most: 6_000, windowMilliseconds: MINUTE_MS },
};

/** A client network as it may stand in Redis: addresses are few enough to try all, so the hash is keyed. */
export type NetworkHash = (network: string) => string;

const HASH_BYTES = 16;

/** Keyed by a secret that all replicas of both sides have and a reader of Redis has not. */
export function createNetworkHash(secret: string): NetworkHash {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "api client networks", 32));
  return (network) => createHmac("sha256", key).update(network).digest().subarray(0, HASH_BYTES).toString("base64url");
}

export interface LimitParts {
  readonly limiter: RateLimiter;
  readonly limits: Limits;
  readonly networkHash: NetworkHash;
}

/**
 * Counts the request and tells how many are left.
 * @source draft-ietf-httpapi-ratelimit-headers-10
 * @throws Problem 429 with Retry-After
 */
export async function takeTurn(
  { limiter, limits, networkHash }: LimitParts,
  claim: Claim,
  request: Request,
  response: Response,
  method: Method,
): Promise<void> {
  const reads = method === "get";
  const [limit, subject] =
    "user" in claim
      ? [reads ? limits.userReads : limits.userWrites, claim.user]
      : [reads ? limits.networkReads : limits.networkWrites, networkHash(clientNetwork(request))];
  const usage = await limiter.take(limit, subject);
  if (!usage) return;
  const { name, most, windowMilliseconds } = limit;
  response.set({
    "ratelimit-policy": `"${name}";q=${most};w=${windowMilliseconds / 1000}`,
    ratelimit: `"${name}";r=${usage.remaining};t=${usage.resetSeconds}`,
  });
  if (usage.allowed) return;
  throw new Problem("too-many-requests", `At most ${most} in ${windowMilliseconds / 1000} seconds; try again later.`, {
    headers: { "retry-after": String(usage.resetSeconds) },
  });
}
