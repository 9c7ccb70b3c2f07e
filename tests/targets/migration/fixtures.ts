/** A plan and windows that tests start from. */
import type { Gate, GateContext } from "../../../targets/migration/gates.ts";
import { type Plan, planMigration, type PlanRequest } from "../../../targets/migration/plan.ts";
import type { SideSamples, Window } from "../../../targets/migration/stage.ts";

export const REQUEST: PlanRequest = {
  from: "ecs",
  to: "kubernetes",
  sides: ["ecs", "kubernetes", "eks"],
  shares: [1, 10, 50, 100],
  bake: 60,
  minSamples: 40,
  patience: 120,
  hold: 120,
  drill: true,
  settle: "keep",
};

/** @throws Error when the changes make no plan */
export function planned(changes: Partial<PlanRequest> = {}): Plan {
  const plan = planMigration({ ...REQUEST, ...changes });
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return plan.value;
}

/** The gate of a step. @throws Error when there is none */
export function gateOf(id: string): Gate {
  const step = planned().steps.find((candidate) => candidate.id === id);
  if (!step || !("gate" in step) || !step.gate) throw new Error(`no gate ${id}`);
  return step.gate;
}

export const side = (requests: number, errors = 0, p50 = 6): SideSamples => ({
  requests,
  errors,
  p50: requests > 0 ? p50 : null,
  p95: requests > 0 ? p50 * 3 : null,
  p99: requests > 0 ? p50 * 5 : null,
});

/** A window after the bake time, with half of the traffic on each side. */
export const seen = (sides: Readonly<Record<string, SideSamples>>, changes: Partial<Window> = {}): Window => ({
  seconds: 60,
  sides,
  streamGaps: 0,
  streamDoubles: 0,
  streamUpdates: 500,
  consumerLag: 3,
  ...changes,
});

export const contextOf = (share: number, baseline: SideSamples | null = side(2000)): GateContext => ({
  from: "ecs",
  to: "kubernetes",
  weights: { ecs: 100 - share, kubernetes: share },
  baseline,
});
