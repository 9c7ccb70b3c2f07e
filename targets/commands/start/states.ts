/** How a running side's services are told: to a person in a few words, to the web app as a document. */
import type { SideState, WorkloadState } from "../../local/runtime/index.ts";
import type { Compiler } from "../../stack.ts";

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

/** `/system.json`, as the web app reads it: which side carries the traffic, and how its services are. */
export interface System {
  readonly v: 1;
  /** When it was written; ISO 8601. */
  readonly time: string;
  /** What a rehearsal is at; here there is none. */
  readonly phase: null;
  readonly sides: readonly {
    readonly name: string;
    /** Which form it runs. */
    readonly target: Compiler;
    /** Percent of the traffic. */
    readonly weight: number;
    readonly services: readonly { readonly name: string; readonly ready: number; readonly wanted: number }[];
  }[];
}

export function systemOf(form: Compiler, { workloads }: SideState, now: Date): System {
  const services = Object.entries(workloads).map(([name, { desired, ready }]) => ({ name, ready, wanted: desired }));
  return { v: 1, time: now.toISOString(), phase: null, sides: [{ name: form, target: form, weight: 100, services }] };
}
