/** `rehearse --dry-run`: the plan as it would be carried out, how long it takes, and what both sides cost meanwhile. */
import type { Seconds } from "../../platform/model/types.ts";
import { expectedDurations, type StepDuration, totalOf } from "../migration/durations.ts";
import type { Plan } from "../migration/plan.ts";
import { costText, hourlyCost, type HourlyCost } from "../migration/stages/aws/preflight/cost.ts";
import type { CompiledStack } from "../stack.ts";

export interface DryRun {
  readonly stage: "local" | "aws";
  readonly from: string;
  readonly to: string;
  readonly steps: readonly StepDuration[];
  /** Real seconds, as a rule. */
  readonly seconds: Seconds;
  /** While both sides run on AWS; null where that costs nothing or is not known. */
  readonly cost: HourlyCost | null;
}

export function dryRun(plan: Plan, compiled: CompiledStack, stage: "local" | "aws", timeScale: number): DryRun {
  const { from, to } = plan;
  const steps = expectedDurations(plan, stage, timeScale);
  const cost = stage === "aws" ? hourlyCost(compiled, from, to) : null;
  return { stage, from, to, steps, seconds: totalOf(steps), cost };
}

export function dryRunReport({ stage, from, to, steps, seconds, cost }: DryRun): string {
  const widest = Math.max(...steps.map(({ phase }) => phase.length));
  return [
    `From ${from} to ${to}, stage ${stage}: nothing was started.`,
    ...steps.map((step) => `  ${step.phase.padEnd(widest)}  ${duration(step.seconds).padStart(9)}  ${step.title}`),
    `about ${duration(seconds)} in all, more where it is quiet: a gate waits until it has enough samples`,
    ...(cost ? [costText(cost)] : []),
  ].join("\n");
}

function duration(seconds: Seconds): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
