/** Names between services: each called workload gets an address of its own, balanced over that side's healthy replicas. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import { startRouter, type Router } from "../router/index.ts";
import type { Time } from "../time.ts";
import { callsOf } from "./environment.ts";
import { SideError } from "./errors.ts";
import { groupSpec } from "./groups.ts";
import type { Membership } from "./traffic.ts";

export interface Calls {
  /** The URL for `workload://<name>:<port>`. @throws Error for a name that nobody mentioned when this was created */
  url(name: string, port: number): string;
  /** The groups that the named workload's replicas belong to. */
  membershipsOf(name: string): readonly Membership[];
  close(): Promise<void>;
}

/** Both sides' proxies (Service Connect, kube-proxy) keep a silent connection longer than our services do. */
const IDLE_SECONDS = 300;

/**
 * Opens an address for every call that the behaviours mention; one to a workload that isn't here answers 503.
 * @throws SideError when a call names a port that the callee doesn't declare
 */
export async function openCalls(behaviours: readonly Behaviour[], time: Time): Promise<Calls> {
  const open = new Map<string, Router>();
  const memberships = new Map<string, Membership[]>();
  const close = async (): Promise<void> => {
    await Promise.all([...open.values()].map((router) => router.close()));
  };
  try {
    for (const caller of behaviours)
      for (const { name, port } of callsOf(caller)) {
        const key = `${name}:${port}`;
        if (open.has(key)) continue;
        const callee = behaviours.find((behaviour) => behaviour.name === name);
        if (callee && !callee.ports.includes(port))
          throw new SideError(
            caller.name,
            `it calls ${name} on port ${port}, which listens on ${callee.ports.join(", ") || "none"}`,
          );
        const router = await startRouter({ idleTimeout: IDLE_SECONDS, time });
        open.set(key, router);
        if (callee) {
          router.addGroup(groupSpec(name, callee));
          router.addRule({ priority: 1, paths: ["*"], forward: [{ group: name, weight: 1 }] });
          memberships.set(name, [...(memberships.get(name) ?? []), { router, group: name }]);
        } else {
          router.addGroup({ name, check: NOBODY, deregistrationDelay: 0 });
          router.addRule({ priority: 1, paths: ["*"], forward: [{ group: name, weight: 1 }] });
        }
      }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: (name, port) => {
      const router = open.get(`${name}:${port}`);
      if (!router) throw new Error(`nobody said that ${name}:${port} would be called`);
      return router.url;
    },
    membershipsOf: (name) => memberships.get(name) ?? [],
    close,
  };
}

const NOBODY = { path: "/", port: 1, interval: 30, timeout: 5, failures: 3 } as const;
