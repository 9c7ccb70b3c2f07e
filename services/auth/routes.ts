import express, { type Request, type Response, Router } from "express";

import { clientNetwork } from "../shared/client-address.ts";
import { onlyJson, onlyMethods, parsed } from "../shared/problem-express.ts";
import { Problem, unavailable } from "../shared/problem.ts";
import type { RateLimiter } from "../shared/rate-limit.ts";
import { TOKEN_LIFETIME_SECONDS } from "../shared/token-form.ts";
import { verifierBy } from "../shared/tokens.ts";
import { signAccessToken } from "./access-token.ts";
import type { Caller } from "./accounts.ts";
import * as bodies from "./bodies.ts";
import { onlyOwnSite, type RefreshCookie } from "./cookie.ts";
import type { Gate } from "./gate.ts";
import type { Keys } from "./keys.ts";
import { limited, type Limits } from "./limits.ts";
import { REFRESH_TOKEN } from "./refresh-token.ts";
import type { Session } from "./sessions.ts";
import { signIn, type SignInParts } from "./sign-in.ts";

export interface AuthParts extends SignInParts {
  readonly keys: Keys;
  readonly gate: Gate;
  readonly limiter: RateLimiter;
  readonly limits: Limits;
  readonly cookie: RefreshCookie;
}

const BODY_LIMIT = "4kb";
const CHALLENGE = { "www-authenticate": 'Bearer realm="cryptotracker", error="invalid_token"' };

/**
 * `POST /sign-up`, `/sign-in`, `/refresh`, `/sign-out`; `GET /me`.
 *
 * Signing up always answers 202 with the same body: whether the address was free is not told, and a repeated sign-up
 * needs no key to be safe. Who knows the password then signs in. (As long as no mail confirms an address, one can still
 * learn that it is taken by signing up with it and failing to sign in; that costs a sign-up each, which are limited.)
 */
export function authRoutes(parts: AuthParts): Router {
  const { accounts, sessions, hasher, gate, keys, limiter, limits, cookie } = parts;
  const router = Router();
  const verifier = verifierBy((kid) => Promise.resolve(kid === keys.jwk.kid ? keys.verifying : undefined));
  const callerOf = (request: Request, response: Response): Caller => ({
    clientHash: keys.clientHash(clientNetwork(request)),
    requestId: String(response.getHeader("x-request-id") ?? ""),
  });
  const json = [onlyOwnSite, onlyJson, express.json({ limit: BODY_LIMIT })];

  router.post("/sign-up", limited(limiter, keys, limits.signUp), ...json, async (request, response) => {
    const { email, password } = parsed(bodies.signUp, request.body, "invalid-body");
    await gate.run(async () => accounts.create(email, await hasher.hash(password), callerOf(request, response)));
    response.status(202).json({ status: "accepted" });
  });

  router.post("/sign-in", limited(limiter, keys, limits.signIn), ...json, async (request, response) => {
    const wanted = parsed(bodies.signIn, request.body, "invalid-body");
    const session = await gate.run(() => signIn(parts, wanted, callerOf(request, response)));
    await answer(response, session, wanted.refreshToken);
  });

  router.post("/refresh", limited(limiter, keys, limits.refresh), ...json, async (request, response) => {
    const { token, from } = presented(request);
    const session = token === undefined ? undefined : await sessions.refresh(token, callerOf(request, response));
    if (session !== undefined && session !== "reused") {
      await answer(response, session, from);
      return;
    }
    if (from === "cookie") cookie.clear(response);
    const detail =
      session === "reused"
        ? "This refresh token was used before, so its session has ended. Sign in again."
        : "This refresh token is not valid, or no longer. Sign in again.";
    throw new Problem("unauthenticated", detail, { headers: CHALLENGE });
  });

  router.post("/sign-out", limited(limiter, keys, limits.refresh), ...json, async (request, response) => {
    const { token, from } = presented(request);
    if (token !== undefined) await sessions.close(token, callerOf(request, response));
    if (from === "cookie") cookie.clear(response);
    response.status(204).end();
  });

  router.get("/me", async (request, response) => {
    const [, token = ""] = /^Bearer +([\w.-]+)$/i.exec(request.get("authorization") ?? "") ?? [];
    const identity = await verifier.verify(token);
    if ("refused" in identity && identity.refused === "unavailable") throw unavailable("Try again soon.");
    const profile = "refused" in identity ? undefined : await accounts.profile(identity.user);
    if (!profile) throw new Problem("unauthenticated", "Send a valid access token.", { headers: CHALLENGE });
    response.json(profile);
  });

  router.all(["/sign-up", "/sign-in", "/refresh", "/sign-out"], onlyMethods("POST"));
  router.all("/me", onlyMethods("GET", "HEAD"));
  return router;

  /** The token of the body, else that of the cookie when it has the form of one. */
  function presented(request: Request): { readonly token: string | undefined; readonly from: "body" | "cookie" } {
    const { refreshToken } = parsed(bodies.refresh, request.body, "invalid-body");
    if (refreshToken !== undefined) return { token: refreshToken, from: "body" };
    const kept = cookie.read(request);
    return { token: kept !== undefined && REFRESH_TOKEN.test(kept) ? kept : undefined, from: "cookie" };
  }

  async function answer(response: Response, session: Session, where: "body" | "cookie"): Promise<void> {
    const { user, refreshToken, expires } = session;
    if (where === "cookie") cookie.set(response, refreshToken, expires);
    response.json({
      accessToken: await signAccessToken(keys, user),
      tokenType: "Bearer",
      expiresIn: TOKEN_LIFETIME_SECONDS,
      ...(where === "body" ? { refreshToken } : {}),
      sessionExpiresAt: expires.toISOString(),
    });
  }
}
