/** How long each step takes as a rule, for a plan that is shown beforehand. Pure. */
import type { Seconds } from "../../platform/model/types.ts";
import type { Plan, Step } from "./plan.ts";

export type StageName = "local" | "aws";

/**
 * What a step takes beside what the plan waits. On this machine: measured on two cores, 2026-11.
 * @source aws: EKS user guide, "Create an Amazon EKS cluster": 10–15 minutes, and node groups after it; ECS developer guide,
 *   steady state after the deregistration delay; an update of the weights is three rules, measured against stand-ins at
 *   5–10 s, with the engine's own start
 */
const OVERHEAD: Readonly<Record<StageName, Readonly<Record<Step["kind"], Seconds>>>> = {
  local: {
    ...{ preflight: 1, open: 25, deploy: 12, smoke: 1, scale: 2, shift: 0, workers: 4, gate: 1, pause: 0 },
    ...{ rollback: 2, hold: 0, retire: 3, account: 5 },
  },
  aws: {
    ...{ preflight: 60, open: 10, deploy: 1500, smoke: 10, scale: 150, shift: 30, workers: 300, gate: 75, pause: 0 },
    ...{ rollback: 330, hold: 0, retire: 600, account: 60 },
  },
};

export interface StepDuration {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  /** Real seconds: what it waits and what it takes. */
  readonly seconds: Seconds;
}

/** @param timeScale model seconds in one real second */
export function expectedDurations({ steps }: Plan, stage: StageName, timeScale: number): readonly StepDuration[] {
  return steps.map(({ id, title, phase, kind, waits }) => ({
    ...{ id, title, phase },
    seconds: waits / timeScale + OVERHEAD[stage][kind],
  }));
}

export const totalOf = (durations: readonly StepDuration[]): Seconds =>
  durations.reduce((sum, { seconds }) => sum + seconds, 0);
