/** Verifying access tokens, offline but for the issuer's public keys. */
import { type CryptoKey, errors, jwtVerify } from "jose";
import { z } from "zod";

import { createKeySet, KeysAway } from "./key-set.ts";
import type { Logger } from "./logging.ts";
import { ALGORITHM, AUDIENCE, ISSUER, TOKEN_LIFETIME_SECONDS } from "./token-form.ts";

/** Whom a token speaks for, and until when. */
export interface Identity {
  readonly user: string;
  readonly expires: Date;
}

/** `expired`: get a new token. `invalid`: it never was one of ours. `unavailable`: nobody can say at the moment, ask again. */
export interface Refusal {
  readonly refused: "expired" | "invalid" | "unavailable";
}

export interface Verifier {
  verify(token: string): Promise<Identity | Refusal>;
}

export interface VerifierOptions {
  readonly jwksUrl: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Clocks of two hosts differ by less than this. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Ours are about 350 characters; nothing longer is worth its parsing. */
const LONGEST_TOKEN = 2_048;
const FETCH_TIMEOUT_MS = 2_000;

const subject = z.uuid();

/** Verifies by the keys at `jwksUrl`. Held keys go on serving while the issuer is away, for as long as its tokens live. */
export function createVerifier({ jwksUrl, log, now = Date.now }: VerifierOptions): Verifier {
  const load = async (): Promise<unknown> => {
    const response = await fetch(jwksUrl, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: "error" });
    if (!response.ok) throw new Error(`the issuer's keys were answered with ${response.status}`);
    return await response.json();
  };
  const keys = createKeySet({ load, log, now });
  return verifierBy((kid) => keys.key(kid), now);
}

/** Verifies by keys that the caller has, for the issuer itself. */
export function verifierBy(
  keyOf: (kid: string) => Promise<CryptoKey | undefined>,
  now: () => number = Date.now,
): Verifier {
  return {
    verify: async (token) => {
      if (token.length > LONGEST_TOKEN) return { refused: "invalid" };
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid }) => {
            const key = kid === undefined ? undefined : await keyOf(kid);
            if (!key) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: [ALGORITHM],
            issuer: ISSUER,
            audience: AUDIENCE,
            requiredClaims: ["sub", "jti", "iat", "exp"],
            maxTokenAge: TOKEN_LIFETIME_SECONDS,
            clockTolerance: CLOCK_TOLERANCE_SECONDS,
            currentDate: new Date(now()),
          },
        );
        const user = subject.safeParse(payload.sub);
        if (!user.success || payload.exp === undefined) return { refused: "invalid" };
        return { user: user.data, expires: new Date(payload.exp * 1000) };
      } catch (error) {
        return { refused: reasonOf(error) };
      }
    },
  };
}

/** @throws what is no fault of the token */
function reasonOf(error: unknown): Refusal["refused"] {
  if (error instanceof KeysAway) return "unavailable";
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JOSEError) return "invalid";
  throw error;
}
