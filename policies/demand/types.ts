/** What a workload takes, whichever target runs it: the same terms for a task and a pod, so that one limit is one limit. */
import type { Resource } from "../framework/given.ts";
import type { Size } from "./size.ts";

export interface Demand {
  /** The service's own name, the same on each target. */
  readonly service: string;
  readonly platform: "ecs" | "kubernetes";
  readonly resource: Resource;
  /** What says what one replica is: a task definition; of pods the resource itself. */
  readonly definition: Resource;
  /** One replica: what its limits let it take. */
  readonly each: Size;
  /** Replicas that always run: 0 for what runs now and then. */
  readonly desired: number;
  /** Replicas that scaling may reach. */
  readonly most: number;
}

/** Hears what a preview does not know; what is left out is at most missing from a sum. */
export type Tell = (what: string) => void;
