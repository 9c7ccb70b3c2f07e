import { Problem, unavailable } from "../../shared/problem.ts";
import type { Refusal, Verifier } from "../../shared/tokens.ts";

/**
 * `public`: the same for everyone. `optional`: what a signed-in user makes is theirs. `member`: signed-in users only.
 * `open`: for links that carry their own proof; a token is not looked at.
 */
export type Access = "open" | "public" | "optional" | "member";

/** Whom a request says it comes from; `refused` when its token does not say it, `absent` when it says nothing. */
export type Claim = { readonly user: string } | { readonly refused: Refusal["refused"] | "absent" };

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** Reads the Authorization header, where the path looks at it. @source RFC 6750, section 2.1 */
export async function claimOf(authorization: string | undefined, access: Access, verifier: Verifier): Promise<Claim> {
  if (authorization === undefined || access === "open") return { refused: "absent" };
  const [, token] = BEARER.exec(authorization) ?? [];
  return token === undefined ? { refused: "invalid" } : await verifier.verify(token);
}

/**
 * The user whom the path may go on with, or null for nobody.
 *
 * Without the issuer's keys nobody can say whose a token is. What is the same for everyone is answered all the same; what
 * would be made without its owner is not.
 *
 * @throws Problem 401, or 503
 */
export function admit(claim: Claim, access: Access): string | null {
  if ("user" in claim) return claim.user;
  const { refused } = claim;
  if (refused === "absent" && access !== "member") return null;
  if (refused !== "unavailable") throw unauthenticated(refused);
  if (access === "public") return null;
  throw unavailable("Tokens can't be verified at the moment; try again soon.");
}

const DETAILS = {
  absent: "Send an access token as Authorization: Bearer.",
  expired: "The access token has expired; refresh it.",
  invalid: "The access token is not valid.",
} as const;

/** @source RFC 6750, section 3: no error code where no token was sent */
export function unauthenticated(why: keyof typeof DETAILS): Problem {
  const error = why === "absent" ? "" : `, error="invalid_token", error_description="${DETAILS[why]}"`;
  return new Problem("unauthenticated", DETAILS[why], {
    headers: { "www-authenticate": `Bearer realm="cryptotracker"${error}` },
  });
}
