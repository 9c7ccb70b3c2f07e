/** How a running side's services are told to a person, in a few words. */
import type { SideState, WorkloadState } from "../../local/runtime/index.ts";

/** A service's state in words; `ready` when it takes its work. */
export interface ServiceState {
  readonly ready: boolean;
  readonly words: string;
}

type Counts = Pick<WorkloadState, "desired" | "ready" | "restarts">;

export function stateOf({ desired, ready, restarts }: Counts): ServiceState {
  const whole = ready >= desired;
  const again = restarts === 0 ? "" : `, restarted ${restarts === 1 ? "once" : `${restarts} times`}`;
  return { ready: whole, words: `${whole ? "ready" : restarts === 0 ? "starting" : "down"}${again}` };
}

/** What does not run here, with the reason. */
export function notRun({ notBuilt, notStarted }: SideState): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...notBuilt.map((name) => [name, "there is no source of it here"] as const),
    ...Object.entries(notStarted).map(([name, trigger]) => [name, `it waits for ${trigger}`] as const),
  ]);
}
