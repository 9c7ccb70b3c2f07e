/** Starts a store again that ended by itself, as a managed one is: same port, same data. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "./server.ts";

/** Starts that may fail in a row: a store whose data are broken will not come back by itself. */
const TRIES = 5;
const PAUSE_MILLISECONDS = 200;

/** @returns whether it answers again; false also when `over` said that nobody waits for it any more */
export async function revive(server: Pick<Server, "restart">, over: () => boolean): Promise<boolean> {
  for (let tries = 1; tries <= TRIES && !over(); tries += 1) {
    try {
      await server.restart();
      return true;
    } catch {
      await sleep(PAUSE_MILLISECONDS * tries);
    }
  }
  return false;
}
