/** How a run goes on where another process was. Pure. */
import type { Plan, Step } from "./plan.ts";
import type { Resumption } from "./resume.ts";
import { type Failure, sameWeights, type StepRecord, weightsText } from "./run-outcome.ts";
import type { Weights } from "./stage.ts";

/** Done first of all, for a stage's process is a new one. */
export const OPEN_AGAIN: Step = {
  ...{ kind: "open", id: "open-again", title: "Find both sides again", phase: "Prepare", waits: 0 },
};

/** What a person who asks for the way back is remembered by. */
const ASKED: Failure = {
  ...{ step: "roll-back", title: "Asked for the way back", verdict: null },
  sentence: "A person asked for the way back.",
};

/** Why it goes back; null when it goes ahead. */
export function reasonToGoBack(again: Resumption | null): Failure | null {
  return again?.from.back ?? (again?.mode === "rollBack" ? ASKED : null);
}

/** Weights that neither the last step nor the one under way has set; null when they are as they should be. */
export function strangersWeights(plan: Plan, again: Resumption, found: Weights | null): Failure | null {
  const { inFlight, progress } = again.from;
  if (reasonToGoBack(again) || !found || !progress.weights) return null;
  const underWay = plan.steps.find(({ id }) => id === inFlight);
  const expected = [progress.weights, ...(underWay && "weights" in underWay ? [underWay.weights] : [])];
  if (expected.some((weights) => sameWeights(weights, found))) return null;
  const sentence =
    `Somebody else has set the weights meanwhile: ${weightsText(progress.weights)} was the last, ` +
    `${weightsText(found)} is there now. --roll-back takes everything back.`;
  return { step: OPEN_AGAIN.id, title: OPEN_AGAIN.title, sentence, verdict: null };
}

/** What is left of the plan but the account. Who resumes a pause says by that that it goes on. */
export function stepsAhead(plan: Plan, done: ReadonlySet<string>, again: Resumption | null): readonly Step[] {
  const told = again?.mode === "resume" ? again.from.inFlight : null;
  return plan.steps.filter(({ id, kind }) => kind !== "account" && !done.has(id) && !(kind === "pause" && id === told));
}

export function doneOf(timeline: readonly StepRecord[]): ReadonlySet<string> {
  return new Set(timeline.flatMap(({ id, state }) => (state === "done" ? [id] : [])));
}
