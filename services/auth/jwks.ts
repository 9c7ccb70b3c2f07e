import { createHash } from "node:crypto";

import { Router } from "express";

import { onlyMethods } from "../shared/problem-express.ts";
import { JWKS_PATH } from "../shared/token-form.ts";
import type { Keys } from "./keys.ts";

/** Seconds. A new key must be seen soon; verifiers that meet an unknown one ask anew anyway. */
const MAX_AGE = 300;

/** The public key that access tokens are verified by. Made once: it changes with the secret, and so with a restart. */
export function jwksRoute({ jwk }: Pick<Keys, "jwk">): Router {
  const router = Router();
  const text = JSON.stringify({ keys: [jwk] });
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  router.get(JWKS_PATH, (_request, response) => {
    response.set({ "cache-control": `public, max-age=${MAX_AGE}`, etag });
    // Answers 304 when the client has it already.
    response.type("application/jwk-set+json").send(text);
  });
  router.all(JWKS_PATH, onlyMethods("GET", "HEAD"));
  return router;
}
