import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";

import { onlyJson, onlyMethods } from "../../shared/problem-express.ts";
import { Problem } from "../../shared/problem.ts";
import type { Verifier } from "../../shared/tokens.ts";
import { hasTag, strongTag } from "./etag.ts";
import { admit, claimOf } from "./identify.ts";
import { type LimitParts, takeTurn } from "./limits.ts";
import { type Answer, NOT_KEPT, type Route } from "./route.ts";

export interface ServeParts extends LimitParts {
  readonly verifier: Verifier;
}

const BODY_LIMIT = "16kb";
const requestKey = z.uuid();

/** The rows as a router: who asks, may they, what do they send, what is the answer, do they have it already. */
export function serve(routes: readonly Route[], parts: ServeParts): Router {
  const router = Router();
  /** Whom each request that was let in comes from. */
  const users = new WeakMap<Request, string | null>();

  const letIn =
    (route: Route): RequestHandler =>
    async (request, response, next) => {
      const claim = await claimOf(request.get("authorization"), route.access, parts.verifier);
      await takeTurn(parts, claim, request, response, route.method);
      users.set(request, admit(claim, route.access));
      next();
    };
  const answer =
    (route: Route): RequestHandler =>
    async (request, response) => {
      const { params, query } = request;
      const user = users.get(request) ?? null;
      const key = route.keyed ? requestKeyOf(request) : "";
      send(request, response, route, await route.run({ params, query, body: request.body, user, key }));
    };

  for (const route of routes) {
    const body = route.body ? [onlyJson, express.json({ limit: BODY_LIMIT })] : [];
    // Whatever the method: one that is refused is logged too.
    if (route.secretPath) router.all(expressPath(route.path), hidePath(route.path));
    router[route.method](expressPath(route.path), letIn(route), ...body, answer(route));
  }
  for (const [path, methods] of methodsByPath(routes)) router.all(expressPath(path), onlyMethods(...methods));
  return router;
}

/** What may be kept has a tag, and is not sent to whom has it. */
function send(request: Request, response: Response, route: Route, { status, headers, body }: Answer): void {
  const { cacheControl, access, method } = route;
  response.status(status).set({ "cache-control": cacheControl, ...headers });
  if (access === "member" || access === "optional") response.vary("authorization");
  if (body === null) {
    response.end();
    return;
  }
  if (method === "get" && cacheControl !== NOT_KEPT) {
    const tag = strongTag(body.text);
    response.set("etag", tag);
    if (hasTag(request.get("if-none-match"), tag)) {
      response.status(304).end();
      return;
    }
  }
  response.type(body.type).send(body.text);
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** What the log has of a path that is a secret. */
function hidePath(path: string): RequestHandler {
  return (request, _response, next) => {
    request.originalUrl = request.baseUrl + path;
    next();
  };
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { path, method } of routes) {
    const names = method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
    found.set(path, [...(found.get(path) ?? []), ...names]);
  }
  return found;
}

/** In lower case, so that one key has one form. */
function requestKeyOf(request: Request): string {
  const header = request.get("idempotency-key");
  const result = requestKey.safeParse(header);
  if (result.success) return result.data.toLowerCase();
  throw new Problem(
    "idempotency-key-required",
    header === undefined ? "Send an Idempotency-Key header with a UUID." : "The Idempotency-Key header must be a UUID.",
  );
}
