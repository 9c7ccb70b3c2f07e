/**
 * Gates: whether a share of the traffic may stay where it is. Pure: a window of figures in, a verdict out.
 *
 * A verdict is `pass`, `fail` or `wait`. Time decides what is open: until the bake time is over nothing passes; after
 * it, what is undecided may wait for more samples as long as patience lasts; then it is a failure. So no data never
 * passes. Only what cannot turn good any more fails before the bake time is over: a proven error rate, a doubled update.
 *
 * Error rates are judged by exact binomial bounds rather than by a bare ratio:
 * - *at least*: fail at once when even the lowest plausible rate (99.9 %) breaks the limit. One 500 in 40 requests is
 *   2.5 %, but plausible from 0.003 % on: not a failure.
 * - *at most*: pass only when even the highest plausible rate (99 %) is tolerable. One 500 in 40 requests is plausible
 *   up to 15 %: not a pass either, so the gate waits for more. A side that fails 1 in 20 gets through a gate that
 *   tolerates 3 % with a chance of under 1 in 1,000 a look, however few samples there were.
 * - the plain ratio must keep the objective as well, once the bounds have spoken.
 */
import { availabilityChecks, neighbourChecks } from "./gates-errors.ts";
import { latencyChecks } from "./gates-latency.ts";
import { alarmChecks, lagChecks, sampleChecks, streamChecks } from "./gates-flow.ts";
import type { Check, CheckState, Evidence, Gate, GateContext, Verdict } from "./gates-types.ts";
import type { SideSamples, Window } from "./stage.ts";

export * from "./gates-types.ts";

/** Nothing happened. */
export const NO_SAMPLES: SideSamples = { requests: 0, errors: 0, p50: null, p95: null, p99: null };

/** Judges one window. Pure, never throws; the checks come in a fixed order. */
export function judge(gate: Gate, window: Window, context: GateContext): Verdict {
  const side = context[gate.judged];
  const evidence: Evidence = { gate, context, window, side, samples: window.sides[side] ?? NO_SAMPLES };
  const found = [
    ...sampleChecks(evidence),
    ...availabilityChecks(evidence),
    ...neighbourChecks(evidence),
    ...latencyChecks(evidence),
    ...streamChecks(evidence),
    ...lagChecks(evidence),
    ...alarmChecks(evidence),
  ];
  const over = window.seconds >= gate.bake + gate.patience;
  const checks = found.map((check) => (check.state === "wait" && over ? { ...check, state: "fail" as const } : check));
  return { ...conclusion(checks, window.seconds < gate.bake, gate), checks };
}

function conclusion(checks: readonly Check[], baking: boolean, gate: Gate): Pick<Verdict, "state" | "sentence"> {
  const of = (state: CheckState): string => checks.flatMap((c) => (c.state === state ? [c.sentence] : [])).join(" ");
  if (checks.some(({ state }) => state === "fail")) return { state: "fail", sentence: of("fail") };
  if (baking) return { state: "wait", sentence: `Baking for ${gate.bake} s.` };
  if (checks.some(({ state }) => state === "wait")) return { state: "wait", sentence: of("wait") };
  const judged = checks.filter(({ state }) => state === "pass").length;
  return { state: "pass", sentence: `All ${judged} checks hold.` };
}
