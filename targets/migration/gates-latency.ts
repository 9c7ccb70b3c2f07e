/** Checks on latency: percentiles of the new side relative to the old one, over the same window where it can be. */
import type { Check, Evidence } from "./gates-types.ts";
import type { SideSamples } from "./stage.ts";

const PERCENTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
export type Percentile = keyof typeof PERCENTILES;

/** Samples from which on a percentile has `tail` samples beyond it. */
export function samplesFor(percentile: Percentile, tail: number): number {
  return Math.round(tail / (1 - PERCENTILES[percentile]));
}

/** One check for each percentile; none where the old side itself is judged before any baseline. */
export function latencyChecks(evidence: Evidence): Check[] {
  if (evidence.gate.judged === "from" && !evidence.context.baseline) return [];
  return (["p50", "p95", "p99"] as const).map((percentile) => latencyCheck(percentile, evidence));
}

function latencyCheck(percentile: Percentile, { gate, context, window, samples, side }: Evidence): Check {
  const needed = samplesFor(percentile, gate.limits.tailSamples);
  const { reference, when } = referenceFor(needed, { gate, context, window });
  const old = reference?.[percentile] ?? null;
  const measured = samples[percentile];
  const { factor, allowance } = gate.limits.latency[percentile];
  const limit = old === null ? null : old * factor + allowance;
  const check = { name: percentile, measured, relation: "≤", limit, unit: "ms" } as const;
  if (samples.requests < needed || (reference?.requests ?? 0) < needed) {
    const sentence = `${percentile} is judged from ${needed} requests of each side on.`;
    return { ...check, state: percentile === "p50" ? "wait" : "skip", sentence };
  }
  if (measured === null || limit === null || old === null) {
    const who = measured === null ? side : context.from;
    return { ...check, state: "wait", sentence: `There is no ${percentile} of ${who} to judge by.` };
  }
  const holds = measured <= limit;
  const baking = window.seconds < gate.bake;
  return {
    ...check,
    state: holds ? "pass" : baking ? "wait" : "fail",
    sentence:
      `${percentile} of ${side} is ${ms(measured)} against ${ms(old)} of ${context.from} ${when}; ` +
      `${ms(limit)} (× ${factor} + ${allowance} ms) is the limit.`,
  };
}

/** The old side in this window when it had enough requests and isn't the judged one; else as it last was. */
function referenceFor(
  needed: number,
  { gate, context, window }: Pick<Evidence, "gate" | "context" | "window">,
): { reference: SideSamples | null; when: string } {
  const old = window.sides[context.from];
  if (gate.judged === "to" && old && old.requests >= Math.max(needed, gate.minSamples)) {
    return { reference: old, when: "in the same window" };
  }
  return { reference: context.baseline, when: "when it last carried enough" };
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
