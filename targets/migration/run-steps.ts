/** Carries out one step of a plan on a stage. */
import type { Problem } from "../../platform/model/types.ts";
import type { Step } from "./plan.ts";
import type { StepContext } from "./run-context.ts";
import { goBack, moveWorkers, shift } from "./run-moves.ts";
import { accountFailure, carriesAll, weightsText } from "./run-outcome.ts";
import { watch, watchUntilToldToGoOn } from "./run-watch.ts";
import { StageError } from "./stage.ts";

/** @throws StageError, GateFailure, or whatever the stage throws */
export async function carryOut(step: Step, context: StepContext): Promise<void> {
  const { stage, progress, report, plan } = context;
  switch (step.kind) {
    case "preflight":
      progress.problems = await stage.preflight(report);
      if (progress.problems.length > 0) throw new StageError(problemsText(progress.problems));
      return;
    case "open":
      await stage.open(report);
      progress.opened = true;
      progress.weights = await stage.weights();
      // Whoever goes on finds the weights wherever they were.
      if (!progress.shifted && !carriesAll(progress.weights, plan.from)) {
        throw new StageError(
          `${plan.from} does not carry everything: the weights are ${weightsText(progress.weights)}.`,
        );
      }
      return;
    case "deploy":
      return stage.deploy(step.side, report);
    case "smoke":
      return stage.smoke(step.side, report);
    case "scale":
      return stage.scale(step.side, step.share, report);
    case "shift":
      return shift(step.weights, context);
    case "workers":
      return moveWorkers(step.to, step.only, context);
    case "gate":
      return watch(step.gate, context);
    case "pause":
      return watchUntilToldToGoOn(step.gate, context);
    case "hold":
      return step.gate ? watch(step.gate, context) : stage.wait(plan.hold, context.signal);
    case "rollback":
      return goBack(step, context);
    case "retire":
      return stage.retire(step.side, report);
    case "account": {
      progress.accounts = await stage.account(report);
      const failure = accountFailure(progress.accounts);
      if (failure) throw new StageError(failure);
    }
  }
}

function problemsText(problems: readonly Problem[]): string {
  return problems.map(({ path, found, allowed }) => `${path}: found ${found}, allowed is ${allowed}.`).join(" ");
}
