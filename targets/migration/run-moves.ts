/** Steps that move traffic and workers, there and back. */
import type { Seconds } from "../../platform/model/types.ts";
import type { Step } from "./plan.ts";
import type { StepContext } from "./run-context.ts";
import { carriesAll, sameWeights, weightsText } from "./run-outcome.ts";
import { StageError, type Weights } from "./stage.ts";

/** How often the way back is tried before a person must help. */
const ROLLBACK_ATTEMPTS = 3;
const ROLLBACK_PAUSE: Seconds = 2;

/** Weights that read back otherwise than they were set are a failure: someone else sets them, too. */
export async function shift(weights: Weights, { stage, progress, report }: StepContext): Promise<void> {
  const read = await stage.shift(weights);
  progress.weights = read;
  if (!sameWeights(read, weights)) {
    throw new StageError(`The weights were set to ${weightsText(weights)} and read back as ${weightsText(read)}.`);
  }
  report(`Weights read back: ${weightsText(read)}.`);
}

export async function moveWorkers(
  to: string,
  only: readonly string[] | null,
  { stage, progress, plan, report }: StepContext,
): Promise<void> {
  await stage.moveWorkers(to, report, only);
  progress.workersMoved = to !== plan.from;
}

/** All traffic to the old side, read back, then the workers. The same for a drill and for a failed gate. */
export async function goBack(step: Step & { kind: "rollback" }, context: StepContext): Promise<void> {
  const { stage, plan, progress, report, now, failedAt } = context;
  const decidedAt = failedAt ?? now();
  const read = progress.shifted ? await shiftBack(step.weights, context) : await stage.weights();
  progress.weights = read;
  if (!carriesAll(read, plan.from)) await shiftBack(step.weights, context);
  const trafficMilliseconds = now() - decidedAt;
  report(`${plan.from} is at 100 % again after ${(trafficMilliseconds / 1000).toFixed(1)} s.`);
  const way = {
    step: step.id,
    because: failedAt !== null ? "failure" : step.id === "drill" ? "drill" : "plan",
    trafficMilliseconds,
    workersMilliseconds: null,
    weights: progress.weights,
  } as const;
  const index = progress.waysBack.push(way) - 1;
  if (step.workersTo === null) return;
  await moveWorkers(step.workersTo, step.only, context);
  progress.waysBack[index] = { ...way, workersMilliseconds: now() - decidedAt };
}

/** Sets and reads back, then reads once more on its own; tries again, for nothing matters more now. */
async function shiftBack(weights: Weights, context: StepContext): Promise<Weights> {
  const { stage, progress, report, signal } = context;
  for (let attempt = 1; ; attempt++) {
    try {
      await shift(weights, context);
      const read = await stage.weights();
      progress.weights = read;
      if (sameWeights(read, weights)) return read;
      throw new StageError(`The weights read ${weightsText(read)} shortly after they were set.`);
    } catch (error) {
      if (signal.aborted || attempt === ROLLBACK_ATTEMPTS) throw error;
      report(
        `Attempt ${attempt} of ${ROLLBACK_ATTEMPTS} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      await stage.wait(ROLLBACK_PAUSE, signal);
    }
  }
}
