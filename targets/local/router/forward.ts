/**
 * One request's way through, on http-proxy-3, which streams both bodies. What it leaves to its user is here: a target
 * that dies in the middle of an answer, a client that leaves before its upgrade is done, statuses and durations.
 */
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Socket } from "node:net";
import { createProxyServer } from "http-proxy-3";
import { codeOf } from "../errors.ts";
import { addHeaders, dropHopHeaders } from "./headers.ts";
import { CLIENT_LEFT } from "./metrics.ts";
import type { Target } from "./target.ts";

/** How it ended, as far as the target is concerned. */
export interface Outcome {
  readonly status: number;
  readonly own: boolean;
  readonly connectionFailed: boolean;
}

export interface Forwarder {
  /** `done` is called once, when the answer is over or the client is gone. */
  request(request: IncomingMessage, response: ServerResponse, target: Target, done: (outcome: Outcome) => void): void;
  /** `done` is called once, when the upgrade is answered. The connection lives on. */
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    target: Target,
    done: (outcome: Outcome) => void,
  ): void;
}

/** An ALB waits 10 s for a target's TCP connection. @source ALB guide, "HTTP 504: Gateway timeout" */
const CONNECT_MILLISECONDS = 10_000;

/** Of one request, for the proxy's events, which carry only the request. */
interface Flight {
  readonly clientCloses: boolean;
  timedOut: boolean;
  /** The target went away in the middle of its answer. */
  cut: boolean;
  onOutgoing: ((outgoing: ClientRequest) => void) | null;
}

export function createForwarder(idleMilliseconds: number): Forwarder {
  const flights = new WeakMap<IncomingMessage, Flight>();
  const proxy = createProxyServer({ toProxy: true, prependPath: false, connectTimeout: CONNECT_MILLISECONDS });
  proxy.on("error", () => undefined); // a client's socket error on an upgrade: its close tells us
  proxy.on("proxyReq", (outgoing, request) => {
    const flight = flights.get(request);
    outgoing.setTimeout(idleMilliseconds, () => {
      if (flight) flight.timedOut = true;
      outgoing.destroy();
    });
  });
  proxy.on("proxyRes", (answer, request, response) => {
    dropHopHeaders(answer, flights.get(request)?.clientCloses ?? false);
    // the proxy pipes, and a pipe doesn't tell that its source was cut: the client would wait for ever
    answer.once("close", () => {
      if (answer.complete || response.destroyed) return;
      const flight = flights.get(request);
      if (flight) flight.cut = true;
      response.destroy();
    });
  });
  proxy.on("proxyReqWs", (outgoing, request) => {
    flights.get(request)?.onOutgoing?.(outgoing);
  });
  const begin = (request: IncomingMessage): Flight => {
    const clientCloses = /\bclose\b/i.test(request.headers.connection ?? "");
    const flight: Flight = { clientCloses, timedOut: false, cut: false, onOutgoing: null };
    flights.set(request, flight);
    return flight;
  };

  return {
    request: (request, response, target, done) => {
      const flight = begin(request);
      let failure: Outcome | null = null;
      const end = target.begin(() => response.destroy());
      response.once("close", () => {
        end();
        if (flight.cut) failure = { status: 502, own: true, connectionFailed: false };
        const status = response.headersSent ? response.statusCode : CLIENT_LEFT;
        done(failure ?? { status, own: false, connectionFailed: false });
      });
      addHeaders(request, "http");
      proxy.web(request, response, { target: addressOf(target), agent: target.agent }, (error) => {
        failure = failureOf(error, flight);
        if (response.headersSent || response.destroyed) response.destroy();
        else answer(response, failure.status);
      });
    },
    upgrade: (request, socket, head, target, done) => {
      const flight = begin(request);
      let answered = false;
      let pending: ClientRequest | null = null;
      const end = target.begin(() => socket.destroy());
      const tell = (outcome: Outcome): void => {
        if (!answered) done(outcome);
        answered = true;
      };
      flight.onOutgoing = (outgoing) => {
        outgoing.once("upgrade", () => {
          tell({ status: 101, own: false, connectionFailed: false });
          if (!(socket instanceof Socket)) return;
          socket.setTimeout(idleMilliseconds, () => socket.destroy());
        });
        outgoing.once("response", (refusal: IncomingMessage) =>
          tell({ status: refusal.statusCode ?? 0, own: false, connectionFailed: false }),
        );
        outgoing.setTimeout(CONNECT_MILLISECONDS, () => {
          if (answered) return;
          flight.timedOut = true;
          outgoing.destroy(new Error("no answer to the upgrade"));
        });
        pending = outgoing;
      };
      socket.once("close", () => {
        end();
        // closed before its upgrade: the target's half would otherwise stay open
        if (!answered) pending?.destroy();
        tell({ status: CLIENT_LEFT, own: false, connectionFailed: false });
      });
      addHeaders(request, "upgrade");
      proxy.ws(request, socket, head, { target: addressOf(target) }, (error) => {
        if (answered) return;
        const failure = failureOf(error, flight);
        if (socket.writable) socket.write(rawAnswer(failure.status));
        tell(failure);
      });
    },
  };
}

function addressOf({ spec }: Target): { host: string; port: number; protocol: string } {
  return { host: spec.host, port: spec.port, protocol: "http:" };
}

/** Refused, reset or cut: 502. Silent: 504. */
function failureOf(error: Error, { timedOut }: Flight): Outcome {
  const code = codeOf(error);
  const status = timedOut || code === "ECONNECT_TIMEOUT" ? 504 : 502;
  return { status, own: true, connectionFailed: CONNECTION_ERRORS.has(code) };
}

const CONNECTION_ERRORS = new Set(["ECONNREFUSED", "ECONNECT_TIMEOUT", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

const REASONS: Readonly<Record<number, string>> = {
  404: "Not Found",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Timeout",
};

/** The router's own answer. */
export function answer(response: ServerResponse, status: number): void {
  const body = `${status} ${REASONS[status] ?? ""}\n`;
  response.writeHead(status, { "content-type": "text/plain", "content-length": body.length }).end(body);
}

/** The same, for a connection that wanted to be upgraded. */
export function rawAnswer(status: number): string {
  const reason = REASONS[status] ?? "";
  const body = `${status} ${reason}\n`;
  return `HTTP/1.1 ${status} ${reason}\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}
