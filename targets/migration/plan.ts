/**
 * The plan of a migration: pure data, the same for every stage. Steps have stable ids, so that a journal can name one.
 *
 * The old side keeps its replicas until it is retired: going back is then a matter of weights and workers alone.
 */
import type { Problem, Result } from "../../platform/model/types.ts";
import { checkRequest } from "./plan-request.ts";
import { back, drill, keep, prepare, shareSteps, step, workerSteps } from "./plan-steps.ts";
import type { Plan, PlanRequest, Step } from "./plan-types.ts";
import { EVERYTHING } from "./selection.ts";

export * from "./plan-types.ts";

/** Builds the plan, or says everything that is wrong with the request. */
export function planMigration(request: PlanRequest): Result<Plan> {
  const problems: Problem[] = checkRequest(request);
  if (problems.length > 0) return { ok: false, problems };
  const { from, to, settle, hold, selection = EVERYTHING } = request;
  const steps = [
    ...prepare(request),
    ...(selection.routed
      ? request.shares.flatMap((share, index) => shareSteps(request, share, index))
      : workerSteps(request, 0)),
    ...(request.drill ? drill(request) : []),
    ...(settle === "back" ? back(request) : selection.whole ? keep(request) : []),
    step({ kind: "account", id: "account", title: "Look up everything acknowledged", phase: "Account" }),
  ];
  return {
    ok: true,
    value: { from, to, settle, hold, selection, steps, waits: steps.reduce((sum, { waits }) => sum + waits, 0) },
  };
}

/**
 * The way back after a failure. Weights first, since users feel them; then the workers; the new side is retired once
 * it has drained.
 */
export function planRollback(
  { from, to, hold, selection }: Pick<Plan, "from" | "to" | "hold" | "selection">,
  done: { readonly shifted: boolean; readonly workersMoved: boolean; readonly deployed: boolean },
): readonly Step[] {
  const phase = "Roll back";
  const title = `All traffic${done.workersMoved ? " and workers" : ""} back to ${from}`;
  const workersTo = done.workersMoved ? from : null;
  const only = selection.workers;
  return [
    step({ kind: "rollback", id: "rollback", title, phase, weights: { [from]: 100, [to]: 0 }, workersTo, only }),
    ...(done.shifted
      ? [
          step(
            { kind: "hold", id: "rollback-hold", title: `Hold ${to} while it drains`, phase, idle: to, gate: null },
            hold,
          ),
        ]
      : []),
    ...(done.deployed ? [step({ kind: "retire", id: "rollback-retire", title: `Stop ${to}`, phase, side: to })] : []),
  ];
}
