/** The dashboard behind the platform's own load balancer: it takes what no service has. */
import { setTimeout as sleep } from "node:timers/promises";
import { LOCALHOST } from "../processes/ports.ts";
import type { Router } from "../router/index.ts";
import { startDashboard, webFolder, type Dashboard } from "./server.ts";
import type { System } from "./system.ts";

export interface BesideOptions {
  /** The project's folder. */
  readonly root: string;
  readonly system: () => System;
  /** More JSON documents by path. */
  readonly documents?: Readonly<Record<string, () => unknown>>;
}

const GROUP = "dashboard";
/** Below every service's: an ALB takes the lowest number first. */
const PRIORITY = 50_000;
const LOOK_MILLISECONDS = 50;

/** Resolves when the router serves it. It is its caller's to close, after the router or before. */
export async function dashboardBeside(router: Router, { root, system, documents }: BesideOptions): Promise<Dashboard> {
  const dashboard = await startDashboard({
    folder: webFolder(root),
    documents: {
      "/config.json": () => ({ api: "/api/v1", auth: "/auth/v1", stream: "/ws" }),
      "/system.json": system,
      ...documents,
    },
  });
  const check = { path: "/config.json", port: dashboard.port, interval: 30, timeout: 5, failures: 3 };
  router.addGroup({ name: GROUP, check, deregistrationDelay: 0 });
  router.register(GROUP, { id: GROUP, host: LOCALHOST, port: dashboard.port });
  router.addRule({ priority: PRIORITY, paths: ["*"], forward: [{ group: GROUP, weight: 1 }] });
  while (!router.describeHealth(GROUP).some(({ state }) => state === "healthy")) await sleep(LOOK_MILLISECONDS);
  return dashboard;
}
