import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

import { WebSocketServer } from "ws";

import { type Handler, pathOf, requestIdOf } from "../shared/http.ts";
import type { Lifecycle } from "../shared/lifecycle.ts";
import type { Logger } from "../shared/logging.ts";
import { type Check, createProbes } from "../shared/probes.ts";
import { Problem, PROBLEM_TYPE, sendProblem, unavailable } from "../shared/problem.ts";
import { pause } from "../shared/retry.ts";
import type { Verifier } from "../shared/tokens.ts";
import type { Streams } from "./channels.ts";
import { Hub } from "./hub.ts";
import { type Limits, LIMITS } from "./limits.ts";

export interface WebsocketOptions {
  readonly streams: Streams;
  readonly verifier: Verifier;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly checks: readonly Check[];
  readonly limits?: Limits;
  /** Milliseconds between pings. */
  readonly heartbeat?: number;
}

export interface WebsocketApp {
  /** Plain HTTP: probes, and 426 on the WebSocket path. */
  readonly handler: Handler;
  /** Takes upgrades of this server on `/ws`. */
  attach(server: Server): void;
  /** Number of clients connected. */
  clients(): number;
  /** Sends all clients elsewhere. */
  close(): Promise<void>;
}

export const PATH = "/ws";
/** Milliseconds that an upgrade waits for the first catching-up before it is refused. */
const HOLD_MS = 5_000;
const HOLD_POLL_MS = 50;
/** ws itself cuts a connection (1009) on a longer frame; below it, a client is told what it did. */
const FRAME_BYTES = 64 * 1024;

/**
 * The WebSocket service without its network: a handler, an upgrade listener and a way to end.
 *
 * Any origin may connect: what is public is public from everywhere, and who a client is it says by a token in a message,
 * never by a cookie, so that another site's page can't borrow it.
 */
export function createWebsocketApp(options: WebsocketOptions): WebsocketApp {
  const { streams, verifier, lifecycle, log, checks, limits = LIMITS, heartbeat } = options;
  const hub = new Hub({ streams, verifier, limits, log, ...(heartbeat === undefined ? {} : { heartbeat }) });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES,
    clientTracking: false,
  });
  const probes = createProbes({ lifecycle, log, checks });

  const refusal = (request: IncomingMessage): Problem | undefined => {
    if (pathOf(request) !== PATH) return new Problem("not-found", "No such path.");
    if (lifecycle.draining.aborted) return unavailable("This replica is going away.", 1);
    // Prices are what everyone comes for; a channel that is missing refuses its subscriptions, and nothing else.
    if (!streams.prices.caughtUp()) return unavailable("This replica has not caught up yet.", 1);
    if (hub.size >= limits.clients) return unavailable("This replica has all the clients it can take.", 5);
    return undefined;
  };

  /** A new replica has clients sent to it as soon as it is healthy, on ECS before it is ready: they wait a little. */
  const caughtUp = async (request: IncomingMessage, socket: Duplex): Promise<void> => {
    if (pathOf(request) !== PATH) return;
    const deadline = performance.now() + HOLD_MS;
    while (!streams.prices.caughtUp() && performance.now() < deadline) {
      if (socket.destroyed || lifecycle.draining.aborted) return;
      await pause(HOLD_POLL_MS, lifecycle.draining);
    }
  };

  return {
    handler: (request, response) => {
      if (probes(request, response)) return;
      const problem =
        pathOf(request) === PATH
          ? new Problem("upgrade-required", "Connect here by WebSocket.", { headers: { upgrade: "websocket" } })
          : new Problem("not-found", "No such path.");
      sendProblem(response, problem, String(response.getHeader("x-request-id") ?? ""));
    },
    attach: (server) =>
      void server.on("upgrade", (request, socket, head) => {
        socket.on("error", (error) => log.debug({ err: error }, "an upgrade failed"));
        void caughtUp(request, socket).then(() => {
          const problem = refusal(request);
          if (problem) refuseUpgrade(socket, problem, requestIdOf(request));
          else if (!socket.destroyed) sockets.handleUpgrade(request, socket, head, (client) => hub.add(client));
        });
      }),
    clients: () => hub.size,
    close: () => hub.close(),
  };
}

/** An upgrade has no response object, so the problem document is written by hand. */
function refuseUpgrade(socket: Duplex, problem: Problem, requestId: string): void {
  const body = JSON.stringify(problem.document(requestId));
  const headers = {
    ...problem.headers,
    "x-request-id": requestId,
    "content-type": PROBLEM_TYPE,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ""}`, ...lines, "", body].join("\r\n"));
}
