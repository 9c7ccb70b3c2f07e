import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MILLISECONDS = 50;

/** Resolves when the condition holds; the test's own time-out ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(LOOK_MILLISECONDS);
}
