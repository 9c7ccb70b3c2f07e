/** A store that dies as by a machine's loss of power, and comes back with its data on the same address. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Component } from "../data-plane/types.ts";
import type { Strike } from "./fault.ts";

/** Longer than any client's first try again, shorter than a person's patience. */
const AWAY_MILLISECONDS = 2000;

export function killStore(component: Component): Strike {
  return {
    share: 50,
    run: async ({ dataPlane, report, signal }) => {
      await dataPlane.kill(component);
      report(`${component} is killed`);
      await sleep(AWAY_MILLISECONDS, undefined, { signal });
      await dataPlane.restart(component);
      report(`${component} is back`);
    },
  };
}
