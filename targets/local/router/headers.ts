/** What a load balancer adds to a request, and what it keeps to itself. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * Adds X-Forwarded-For, -Proto, -Port and X-Amzn-Trace-Id. Takes the client's Connection header away, which is about the
 * client's own connection; an upgrade keeps it, for there it is the message.
 * @source Application Load Balancer guide, "HTTP headers and Application Load Balancers", "Request tracing"
 */
export function addHeaders(request: IncomingMessage, kind: "http" | "upgrade"): void {
  const { headers, socket } = request;
  const before = headers["x-forwarded-for"];
  const client = socket.remoteAddress ?? "unknown";
  headers["x-forwarded-for"] = typeof before === "string" && before !== "" ? `${before}, ${client}` : client;
  headers["x-forwarded-proto"] = "http";
  headers["x-forwarded-port"] = String(socket.localPort ?? "");
  const trace = headers["x-amzn-trace-id"];
  headers["x-amzn-trace-id"] =
    typeof trace === "string" && trace.includes("Root=") ? `Self=${traceId()};${trace}` : `Root=${traceId()}`;
  if (kind === "http") delete headers.connection;
}

/** Unique among routers by its first half and within one by its second: cheaper than 12 random bytes a request. */
const router = randomBytes(6).toString("hex");
let requests = 0;

function traceId(): string {
  requests += 1;
  return `1-${Math.floor(Date.now() / 1000).toString(16)}-${router}${requests.toString(16).padStart(12, "0")}`;
}

/** A target's Connection and Keep-Alive headers are about its connection to us; the client has its own. */
export function dropHopHeaders(response: IncomingMessage, clientCloses: boolean): void {
  response.headers.connection = clientCloses ? "close" : "keep-alive";
  delete response.headers["keep-alive"];
}
