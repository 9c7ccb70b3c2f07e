/** How long a workload whose replicas keep dying waits before the next start. */
import type { Time } from "../time.ts";

/** A kubelet's: 10 s, doubled each time, at most 5 minutes, forgotten after 10. @source Kubernetes, "Container restarts" */
const FIRST = 10;
const MOST = 300;
const FORGOTTEN = 600;

export interface Backoff {
  failed(): void;
  reset(): void;
  /** True when the next start may happen; the first failure costs no wait. */
  over(): boolean;
}

export function createBackoff(time: Time): Backoff {
  let failures = 0;
  let last = 0;
  return {
    failed: () => {
      if (performance.now() - last > time.milliseconds(FORGOTTEN)) failures = 0;
      failures += 1;
      last = performance.now();
    },
    reset: () => {
      failures = 0;
    },
    over: () => {
      if (failures < 2) return true;
      const seconds = Math.min(MOST, FIRST * 2 ** (failures - 2));
      return performance.now() - last >= time.milliseconds(seconds);
    },
  };
}
