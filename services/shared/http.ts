import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Lifecycle } from "./lifecycle.ts";
import type { Logger } from "./logging.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpServer {
  readonly server: Server;
  /** Resolves to the port it listens on. @throws the system's error, for instance EADDRINUSE */
  listen(port: number, host: string): Promise<number>;
  /** Stops accepting, closes idle connections and resolves when the last request under way has been answered. */
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly handler: Handler;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly keepAliveSeconds: number;
}

/** An id that a caller sends is kept when it can't do harm in a log or a header. */
const SANE_REQUEST_ID = /^[\w.:-]{8,128}$/;

/** Node closes an idle connection after `keepAliveTimeout`; headers may take this much longer. */
const HEADERS_MARGIN_MS = 5_000;

/**
 * An HTTP server with request ids, one log line a request, keep-alive above the load balancer's, and a drain.
 *
 * While draining, every answer says `Connection: close`, also those whose request was under way before: a proxy that
 * keeps its connection would otherwise send its next request into a closing socket.
 */
export function createHttpServer({ handler, lifecycle, log, keepAliveSeconds }: HttpOptions): HttpServer {
  const open = new Set<ServerResponse>();

  const server = createServer((request, response) => {
    const requestId = requestIdOf(request);
    const started = performance.now();
    response.setHeader("x-request-id", requestId);
    if (lifecycle.draining.aborted) response.setHeader("connection", "close");
    open.add(response);
    response.once("close", () => {
      open.delete(response);
      logRequest(log, request, response, requestId, performance.now() - started);
    });
    handler(request, response);
  });
  server.keepAliveTimeout = keepAliveSeconds * 1000;
  server.headersTimeout = keepAliveSeconds * 1000 + HEADERS_MARGIN_MS;

  lifecycle.draining.addEventListener("abort", () => {
    for (const response of open) if (!response.headersSent) response.setHeader("connection", "close");
  });

  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          const bound = (server.address() as AddressInfo).port;
          log.info({ port: bound }, "listening");
          resolve(bound);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** The caller's `x-request-id` when it is sane, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && SANE_REQUEST_ID.test(given) ? given : randomUUID();
}

/** The path without its query, which may hold what doesn't belong in a log. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

function logRequest(
  log: Logger,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  milliseconds: number,
): void {
  const path = (request as { originalUrl?: string }).originalUrl?.split("?", 1)[0] ?? pathOf(request);
  const line = {
    requestId,
    method: request.method,
    path,
    status: response.statusCode,
    milliseconds: Math.round(milliseconds * 10) / 10,
    ...(response.writableFinished ? {} : { aborted: true }),
  };
  if (path === "/health" || path === "/ready") log.debug(line, "probe");
  else log.info(line, "request");
}
