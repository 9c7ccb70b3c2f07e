/**
 * The refresh token of browsers, in a cookie that no script can read and that only /auth is sent.
 *
 * Against requests that another site makes a browser send (CSRF) three things stand, each of them enough: the cookie is
 * `SameSite=Strict`, every POST must be JSON (which another site may not send without a preflight that nobody here
 * answers), and `onlyOwnSite` refuses what the browser itself calls foreign. What signs in or changes data elsewhere
 * takes the access token from a header, which no browser adds by itself.
 */
import type { Request, RequestHandler, Response } from "express";

import { Problem } from "../shared/problem.ts";

export interface RefreshCookie {
  read(request: Request): string | undefined;
  set(response: Response, token: string, expires: Date): void;
  clear(response: Response): void;
}

const PATH = "/auth";

/**
 * @param secure false only where there is no TLS, in development. The prefix makes a browser refuse the cookie from a
 *   plain connection, where someone on the way could set it. @source RFC 6265bis, section 4.1.3.1
 */
export function createRefreshCookie(secure: boolean): RefreshCookie {
  const name = secure ? "__Secure-refresh" : "refresh";
  const options = { path: PATH, httpOnly: true, sameSite: "strict", secure } as const;
  const found = new RegExp(`(?:^|;\\s*)${name}=([^;\\s]*)`);
  return {
    read: (request) => found.exec(request.get("cookie") ?? "")?.[1],
    set: (response, token, expires) => void response.cookie(name, token, { ...options, expires }),
    clear: (response) => void response.clearCookie(name, options),
  };
}

/** @source Fetch Metadata: the header is the browser's own, scripts can't set it; other clients send none. */
export const onlyOwnSite: RequestHandler = (request, _response, next) => {
  const from = request.get("sec-fetch-site");
  if (from !== undefined && from !== "same-origin" && from !== "none") {
    throw new Problem("cross-site", "Ask from the platform's own site.");
  }
  next();
};
