/** What gates are made of, and the limits they hold a side to by default. */
import type { Percent, Seconds } from "../../platform/model/types.ts";
import type { SideSamples, Weights, Window } from "./stage.ts";

/** How much slower than the old side is still fine: `old × factor + allowance` milliseconds. */
export interface LatencyLimit {
  readonly factor: number;
  readonly allowance: number;
}

export interface Limits {
  /** Service level objective: share of requests answered without a server error. */
  readonly availability: Percent;
  /** Highest error rate that may still be plausible when a gate passes, by the share that is at stake. */
  readonly tolerance: readonly { readonly shareBelow: Percent; readonly errors: Percent }[];
  /** Confidence (0–1) before an error rate counts as proven, and before it counts as excluded. */
  readonly confidence: { readonly fail: number; readonly pass: number };
  /** By how much the new side's proven error rate may be above the old side's highest plausible one. */
  readonly errorsOverOld: Percent;
  readonly latency: { readonly p50: LatencyLimit; readonly p95: LatencyLimit; readonly p99: LatencyLimit };
  /** A percentile is judged when at least so many samples lie beyond it on both sides: p95 from 5 / 0.05 = 100 on. */
  readonly tailSamples: number;
  /** How far the share of requests that a side got may be from its weight, beside 5 standard deviations. */
  readonly shareSlack: Percent;
  /** Updates that subscribers must have had in the window. */
  readonly streamUpdates: number;
  /** Messages that the consumer group may be behind. */
  readonly consumerLag: number;
}

/** What gates hold a side to where the plan says nothing else. */
export const LIMITS: Limits = {
  /** Under the catalogue's own 99.9 %: that is an objective for a month, and no window has the samples to show it. */
  availability: 99,
  /** While little is at stake a coarse look is enough (44 good samples of 1 %); from 10 % on it takes 152. */
  tolerance: [
    { shareBelow: 10, errors: 10 },
    { shareBelow: 101, errors: 3 },
  ],
  confidence: { fail: 0.999, pass: 0.99 },
  /** The bounds take failures for independent; one broken connection can take two or three requests with it. */
  errorsOverOld: 0.5,
  /** The allowance keeps 2 ms against 5 ms from failing; the tail of a small sample is noisier than its middle. */
  latency: {
    p50: { factor: 1.5, allowance: 25 },
    p95: { factor: 2, allowance: 75 },
    p99: { factor: 2, allowance: 150 },
  },
  tailSamples: 5,
  shareSlack: 10,
  streamUpdates: 1,
  consumerLag: 1000,
};

/** One gate of a plan. `judged` is the side that must prove itself: the new one, or the old one alone. */
export interface Gate {
  readonly name: string;
  readonly judged: "from" | "to";
  /** Percent of the traffic that the judged side carries. */
  readonly share: Percent;
  readonly bake: Seconds;
  readonly patience: Seconds;
  readonly minSamples: number;
  /** Highest error rate (percent) that may still be plausible. */
  readonly tolerance: Percent;
  readonly limits: Limits;
}

export interface GateContext {
  readonly from: string;
  readonly to: string;
  readonly weights: Weights;
  /** The old side when it last carried enough, for windows in which it doesn't; null before it is known. */
  readonly baseline: SideSamples | null;
}

export type CheckState = "pass" | "wait" | "fail" | "skip";

/** One figure against its limit. `measured relation limit` holds when it passes; null where there is no figure. */
export interface Check {
  readonly name: string;
  readonly measured: number | null;
  readonly relation: "≤" | "≥";
  readonly limit: number | null;
  readonly unit: string;
  readonly state: CheckState;
  readonly sentence: string;
}

export interface Verdict {
  readonly state: "pass" | "wait" | "fail";
  readonly checks: readonly Check[];
  /** Why, in a sentence that needs no table. */
  readonly sentence: string;
}

/** What the groups of checks see: the judged side, and the other one where there is something to compare with. */
export interface Evidence {
  readonly gate: Gate;
  readonly context: GateContext;
  readonly window: Window;
  readonly side: string;
  readonly samples: SideSamples;
}

/** The tolerated error rate (percent) where so much of the traffic is at stake. */
export function toleranceAt(share: Percent, limits: Limits): Percent {
  return limits.tolerance.find(({ shareBelow }) => share < shareBelow)?.errors ?? 0;
}
