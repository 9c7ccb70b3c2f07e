import { lookup } from "node:dns/promises";
import { request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";

import { errorCode } from "../shared/logging.ts";
import { TimeoutError, within } from "../shared/retry.ts";
import { isPublic } from "./addresses.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface OutboundOptions {
  /** Only https, only by port 443, only to the open internet. False lets a developer's own receiver be reached. */
  readonly strict: boolean;
  /** @default the system's resolver */
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  /** Milliseconds for everything: the name, the connection, the answer's first line. */
  readonly deadline?: number;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Statuses by which the receiver says that it is no more. */
  readonly gone: readonly number[];
}

/** Posts to a URL that a stranger chose. */
export type Outbound = (post: Post) => Promise<Outcome>;

const DEADLINE_MS = 10_000;

/**
 * The name is resolved once, each of its addresses is judged, and the connection goes to those that were: a name that
 * resolves to another address a moment later gains nothing. Redirects are not followed, nothing of the answer but its
 * status is read, no connection is kept.
 */
export function createOutbound({ strict, resolve = resolveAll, deadline = DEADLINE_MS }: OutboundOptions): Outbound {
  return async (post) => {
    const url = URL.canParse(post.url) ? new URL(post.url) : undefined;
    const refusal = url ? refusalOf(url, strict) : "not a URL";
    if (!url || refusal !== undefined) return { kind: "never", reason: refusal ?? "not a URL" };
    const started = performance.now();
    try {
      const host = url.hostname.replace(/^\[|\]$/g, "");
      const family = isIP(host);
      const found = family ? [{ address: host, family }] : await within(deadline, "resolving", resolve(host));
      if (found.length === 0) return { kind: "again", reason: "its name has no address" };
      if (strict && !found.every(({ address }) => isPublic(address))) {
        return { kind: "never", reason: "its address is not public" };
      }
      return await send(url, found, post, deadline - (performance.now() - started));
    } catch (error) {
      return { kind: "again", reason: reasonOf(error) };
    }
  };
}

function refusalOf({ protocol, port, username, password }: URL, strict: boolean): string | undefined {
  if (protocol !== "https:" && (strict || protocol !== "http:")) return "only https is spoken";
  if (strict && port !== "") return "only port 443 is reached";
  return username === "" && password === "" ? undefined : "its URL holds a user";
}

const resolveAll = (host: string): Promise<readonly Address[]> => lookup(host, { all: true });

/** Codes and names only: messages of errors hold addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof TimeoutError) return "no answer in time";
  return `could not be reached (${errorCode(error) ?? "no code"})`;
}

function send(
  url: URL,
  found: readonly Address[],
  { headers, body, gone }: Post,
  milliseconds: number,
): Promise<Outcome> {
  const judged: LookupFunction = (_host, { all }, done) =>
    all ? done(null, [...found]) : done(null, found[0]?.address ?? "", found[0]?.family);
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" },
    agent: false,
    lookup: judged,
    signal: AbortSignal.timeout(Math.max(1, Math.round(milliseconds))),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options, (response) => {
      resolve(outcomeOf(response.statusCode ?? 0, response.headers["retry-after"], gone));
      response.destroy();
    });
    request.on("error", (error) => reject(error.name === "AbortError" ? new TimeoutError("no answer in time") : error));
    request.end(body);
  });
}
