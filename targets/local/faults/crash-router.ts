/** The load balancer's instance goes and another takes its address: rules and targets are kept, connections are not. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Strike } from "./fault.ts";

const AWAY_MILLISECONDS = 1000;

export const crashRouter: Strike = {
  share: 50,
  run: async ({ router, report, signal }) => {
    await router.crash();
    report("the load balancer is gone, with every connection");
    await sleep(AWAY_MILLISECONDS, undefined, { signal });
    await router.recover();
    report("the load balancer is back");
  },
};
