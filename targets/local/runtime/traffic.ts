/** Puts a workload's replicas behind every load balancer that forwards to them. */
import type { Router } from "../router/index.ts";
import type { Replica } from "./replica.ts";

/** One target group on one router. */
export interface Membership {
  readonly router: Router;
  readonly group: string;
}

export interface Traffic {
  join(replica: Replica): void;
  /** Resolves when every router has let go of it. */
  leave(replica: Replica): Promise<void>;
  /** True when every router would send it requests; so also without any router. */
  healthy(replica: Replica): boolean;
}

export function trafficOf(memberships: readonly Membership[]): Traffic {
  return {
    join: ({ id, host, port }) => {
      if (port === null) return;
      for (const { router, group } of memberships) router.register(group, { id, host, port });
    },
    leave: async ({ id }) => {
      await Promise.all(memberships.map(({ router, group }) => router.deregister(group, id)));
    },
    healthy: ({ id }) =>
      memberships.every(({ router, group }) =>
        router.describeHealth(group).some((target) => target.id === id && target.state === "healthy"),
      ),
  };
}
