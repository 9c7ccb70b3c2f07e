import type { ServerResponse } from "node:http";

import { type Handler, pathOf } from "./http.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Logger } from "./logging.ts";
import { Problem, sendProblem } from "./problem.ts";
import { within } from "./retry.ts";

/** One thing that a replica needs to serve. */
export interface Check {
  readonly name: string;
  /** Without it the replica takes no traffic; a check that isn't required is only reported. */
  readonly required: boolean;
  /** Throws or rejects when the thing is away. */
  readonly run: () => Promise<void> | void;
}

export interface ProbeOptions {
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly checks: readonly Check[];
  /** Liveness beyond "this process answers"; false asks the orchestrator for a restart. */
  readonly alive?: () => boolean;
  /** The most milliseconds a check may take. */
  readonly timeout?: number;
}

/** Below the 5 s that the orchestrators' probes wait. */
const CHECK_TIMEOUT_MS = 2_500;

export type CheckState = "ok" | "degraded" | "failed";

export interface Readiness {
  readonly ready: boolean;
  readonly status: "ready" | "not-ready" | "draining";
  readonly checks: Readonly<Record<string, CheckState>>;
}

/** Runs all checks at once; a required one that fails, or a drain, makes the replica not ready. */
export async function readiness(options: ProbeOptions): Promise<Readiness> {
  const { lifecycle, checks, log, timeout = CHECK_TIMEOUT_MS } = options;
  const results = await Promise.all(
    checks.map(async ({ name, required, run }): Promise<[string, CheckState]> => {
      try {
        await within(timeout, `check ${name}`, Promise.resolve().then(run));
        return [name, "ok"];
      } catch (error) {
        log.debug({ err: error, check: name }, "a readiness check failed");
        return [name, required ? "failed" : "degraded"];
      }
    }),
  );
  const draining = lifecycle.draining.aborted;
  const ready = !draining && results.every(([, state]) => state !== "failed");
  return { ready, status: draining ? "draining" : ready ? "ready" : "not-ready", checks: Object.fromEntries(results) };
}

/**
 * Answers `/health` (shallow) and `/ready` (deep), on the port of the service itself.
 *
 * @returns a function that says whether the request was one of these
 */
export function createProbes(options: ProbeOptions): (...exchange: Parameters<Handler>) => boolean {
  const { alive = () => true } = options;
  return (request, response) => {
    const path = pathOf(request);
    if (path !== "/health" && path !== "/ready") return false;
    if (request.method !== "GET" && request.method !== "HEAD") {
      sendProblem(
        response,
        new Problem("method-not-allowed", "Allowed here: GET.", { headers: { allow: "GET, HEAD" } }),
      );
      return true;
    }
    if (path === "/health") {
      const ok = alive();
      sendJson(response, ok ? 200 : 503, { status: ok ? "ok" : "stuck" });
      return true;
    }
    void readiness(options).then(({ ready, status, checks }) =>
      sendJson(response, ready ? 200 : 503, { status, checks }),
    );
    return true;
  };
}

/** For workers: probes, and a problem document for every other path. */
export function probesOnly(options: ProbeOptions): Handler {
  const probes = createProbes(options);
  return (request, response) => {
    if (!probes(request, response)) sendProblem(response, new Problem("not-found", "No such path."));
  };
}

/** Sends a small JSON document that no cache keeps. */
export function sendJson(response: ServerResponse, status: number, document: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(document);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}
