/** What a plan is made of. Steps have stable ids, so that a journal can name one. */
import type { Percent, Seconds } from "../../platform/model/types.ts";
import type { Gate, Limits } from "./gates-types.ts";
import type { Selection } from "./selection.ts";
import type { Weights } from "./stage.ts";

export interface PlanRequest {
  readonly from: string;
  readonly to: string;
  /** Sides that exist. */
  readonly sides: readonly string[];
  /** Percent of the traffic for the new side, rising to 100. */
  readonly shares: readonly Percent[];
  /** How long each share is watched before a gate may pass. */
  readonly bake: Seconds;
  /** Requests that a verdict needs at least; raised where the error bound needs more to tell. */
  readonly minSamples: number;
  /** How long a gate waits, after the bake time, for what it can't decide yet. */
  readonly patience: Seconds;
  /** How long a side stays up after its weight went to 0: WebSockets and slow requests drain by this timer. */
  readonly hold: Seconds;
  /** Practise the way back once everything runs on the new side. */
  readonly drill: boolean;
  /** What is left at the end: the new side, or the old one as before. */
  readonly settle: "keep" | "back";
  readonly limits?: Limits;
  /** What moves. @default everything */
  readonly selection?: Selection;
  /** Of `shares`, the one at which a person must say that it goes on; null for none. */
  readonly pauseAt?: Percent | null;
}

interface StepBase {
  readonly id: string;
  readonly title: string;
  /** Groups steps for people: `Prepare`, `10 %`, … */
  readonly phase: string;
  /** Model seconds that pass at least. */
  readonly waits: Seconds;
}

export type Step = StepBase &
  (
    | { readonly kind: "preflight" | "open" | "account" }
    | { readonly kind: "deploy" | "smoke" | "retire"; readonly side: string }
    | { readonly kind: "scale"; readonly side: string; readonly share: Percent }
    | { readonly kind: "shift"; readonly weights: Weights }
    /** `only`: these workers; null for all. */
    | { readonly kind: "workers"; readonly to: string; readonly only: readonly string[] | null }
    | { readonly kind: "gate"; readonly gate: Gate }
    /** Watched by the gate, again and again, until a person says that it goes on. */
    | { readonly kind: "pause"; readonly gate: Gate }
    /** All traffic back, then the workers: what a failed gate does, too. */
    | {
        readonly kind: "rollback";
        readonly weights: Weights;
        readonly workersTo: string | null;
        readonly only: readonly string[] | null;
      }
    /** `idle` has no weight any more and drains; with a gate, the other side is watched meanwhile. */
    | { readonly kind: "hold"; readonly idle: string; readonly gate: Gate | null }
  );

export type StepKind = Step["kind"];

export interface Plan {
  readonly from: string;
  readonly to: string;
  readonly settle: "keep" | "back";
  readonly hold: Seconds;
  readonly selection: Selection;
  readonly steps: readonly Step[];
  /** Model seconds that the plan waits at least; deploying and moving come on top. */
  readonly waits: Seconds;
}
