/** What can be made wrong during a rehearsal. Services carry none of it. */
import type { Percent } from "../../../platform/model/types.ts";
import type { DataPlane } from "../data-plane/index.ts";
import type { Router } from "../router/index.ts";

/** What a strike may lay hands on: the running rehearsal, from outside its services. */
export interface Premises {
  readonly dataPlane: Pick<DataPlane, "kill" | "restart">;
  readonly router: Pick<Router, "crash" | "recover">;
  /** So many replicas of a workload on the old side or the new one, whatever the other has. */
  readonly scale: (side: "old" | "new", workload: string, count: number) => Promise<void>;
  /** SIGKILL to the first replica of a workload there. */
  readonly killReplica: (side: "old" | "new", workload: string) => Promise<void>;
  /** One value into each of the first partitions of a topic. */
  readonly publish: (topic: string, values: readonly Buffer[]) => Promise<void>;
  /** Messages that a topic holds. */
  readonly messages: (topic: string) => Promise<number>;
  /** Who holds a lease that has not run out; null when nobody does. */
  readonly leaseHolder: (lease: string) => Promise<{ readonly holder: string; readonly fence: number } | null>;
  /** Told with the evidence. */
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Something that happens to a rehearsal once, from outside, when the new side first carries a share of the traffic. */
export interface Strike {
  readonly share: Percent;
  /** @throws Error when what must follow did not; the rehearsal has failed then */
  run(premises: Premises): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** One sentence, for people. */
  readonly what: string;
  /** A file that Node imports before the new side's services. */
  readonly preload?: string;
  /** What becomes of each secret's value on the new side. */
  readonly secret?: (value: string) => string;
  readonly strike?: Strike;
}
