/** Steps that watch: a gate once, or again and again while a share is held. */
import { type Gate, judge, type Verdict } from "./gates.ts";
import type { StepContext } from "./run-context.ts";

/** A gate that did not pass. */
export class GateFailure extends Error {
  override readonly name = "GateFailure";
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super(verdict.sentence);
    this.verdict = verdict;
  }
}

/** Nobody is there to say that it goes on. */
export class Held extends Error {
  override readonly name = "Held";
}

/** Looks at the window until the gate's verdict is final. */
export async function watch(gate: Gate, { stage, plan, progress, signal, look, now }: StepContext): Promise<void> {
  const pause = Math.max(1, Math.min(10, gate.bake / 6));
  await stage.mark();
  for (let waited = pause; ; waited += pause) {
    await stage.wait(pause, signal);
    const seen = await stage.window();
    // A stage whose clock stood still would otherwise be waited for for ever.
    const window = { ...seen, seconds: Math.max(seen.seconds, waited) };
    const weights = progress.weights ?? (await stage.weights());
    const verdict = judge(gate, window, { from: plan.from, to: plan.to, weights, baseline: progress.baseline });
    look({ at: now(), window, verdict });
    const old = window.sides[plan.from];
    if (verdict.state !== "wait" && old && old.requests >= gate.minSamples) progress.baseline = old;
    if (verdict.state === "fail") throw new GateFailure(verdict);
    if (verdict.state === "pass") return;
  }
}

/** A share that is held is watched as any other: what was good a minute ago may not be now. */
export async function watchUntilToldToGoOn(gate: Gate, context: StepContext): Promise<void> {
  const { goOn, signal } = context;
  if (goOn === null) throw new Held("Held at this share; --resume goes on, --roll-back takes everything back.");
  const over = new AbortController();
  const told = goOn(AbortSignal.any([signal, over.signal])).then(() => over.abort());
  told.catch(() => over.abort());
  try {
    while (!over.signal.aborted) {
      await watch(gate, { ...context, signal: AbortSignal.any([signal, over.signal]) }).catch((error: unknown) => {
        if (error instanceof GateFailure || !over.signal.aborted) throw error;
      });
    }
    await told;
  } finally {
    over.abort();
  }
}
