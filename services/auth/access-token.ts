import { randomUUID } from "node:crypto";

import { SignJWT } from "jose";

import { ALGORITHM, AUDIENCE, ISSUER, TOKEN_LIFETIME_SECONDS } from "../shared/token-form.ts";
import type { Keys } from "./keys.ts";

/** A JWT that says who the user is and nothing else about them: whoever holds it can read it. */
export function signAccessToken({ signing, jwk }: Keys, user: string, now: number = Date.now()): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: jwk.kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(user)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOKEN_LIFETIME_SECONDS)
    .sign(signing);
}
