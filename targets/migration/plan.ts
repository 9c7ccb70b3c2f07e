/**
 * The plan of a migration: pure data, the same for every stage. Steps have stable ids, so that a journal can name one.
 *
 * The old side keeps its replicas until it is retired: going back is then a matter of weights and workers alone.
 */
import type { Percent, Problem, Result, Seconds } from "../../platform/model/types.ts";
import { samplesToClear } from "./gates-statistics.ts";
import { type Gate, LIMITS, type Limits, toleranceAt } from "./gates-types.ts";
import { checkRequest } from "./plan-request.ts";
import type { Weights } from "./stage.ts";

export interface PlanRequest {
  readonly from: string;
  readonly to: string;
  /** Sides that exist. */
  readonly sides: readonly string[];
  /** Percent of the traffic for the new side, rising to 100. */
  readonly shares: readonly Percent[];
  /** How long each share is watched before a gate may pass. */
  readonly bake: Seconds;
  /** Requests that a verdict needs at least; raised where the error bound needs more to tell. */
  readonly minSamples: number;
  /** How long a gate waits, after the bake time, for what it can't decide yet. */
  readonly patience: Seconds;
  /** How long a side stays up after its weight went to 0: WebSockets and slow requests drain by this timer. */
  readonly hold: Seconds;
  /** Practise the way back once everything runs on the new side. */
  readonly drill: boolean;
  /** What is left at the end: the new side, or the old one as before. */
  readonly settle: "keep" | "back";
  readonly limits?: Limits;
}

interface StepBase {
  readonly id: string;
  readonly title: string;
  /** Groups steps for people: `Prepare`, `10 %`, … */
  readonly phase: string;
  /** Model seconds that pass at least. */
  readonly waits: Seconds;
}

export type Step = StepBase &
  (
    | { readonly kind: "preflight" | "open" | "account" }
    | { readonly kind: "deploy" | "smoke" | "retire"; readonly side: string }
    | { readonly kind: "scale"; readonly side: string; readonly share: Percent }
    | { readonly kind: "shift"; readonly weights: Weights }
    | { readonly kind: "workers"; readonly to: string }
    | { readonly kind: "gate"; readonly gate: Gate }
    /** All traffic back, then the workers: what a failed gate does, too. */
    | { readonly kind: "rollback"; readonly weights: Weights; readonly workersTo: string | null }
    /** `idle` has no weight any more and drains; with a gate, the other side is watched meanwhile. */
    | { readonly kind: "hold"; readonly idle: string; readonly gate: Gate | null }
  );

export type StepKind = Step["kind"];

export interface Plan {
  readonly from: string;
  readonly to: string;
  readonly settle: "keep" | "back";
  readonly hold: Seconds;
  readonly steps: readonly Step[];
  /** Model seconds that the plan waits at least; deploying and moving come on top. */
  readonly waits: Seconds;
}

/** Builds the plan, or says everything that is wrong with the request. */
export function planMigration(request: PlanRequest): Result<Plan> {
  const problems: Problem[] = checkRequest(request);
  if (problems.length > 0) return { ok: false, problems };
  const { from, to, settle, hold } = request;
  const steps = [
    ...prepare(request),
    ...request.shares.flatMap((share, index) => shareSteps(request, share, index)),
    ...(request.drill ? drill(request) : []),
    ...(settle === "keep" ? keep(request) : back(request)),
    step({ kind: "account", id: "account", title: "Look up everything acknowledged", phase: "Account" }),
  ];
  return {
    ok: true,
    value: { from, to, settle, hold, steps, waits: steps.reduce((sum, { waits }) => sum + waits, 0) },
  };
}

/**
 * The way back after a failure. Weights first, since users feel them; then the workers; the new side is retired once
 * it has drained.
 */
export function planRollback(
  { from, to, hold }: Pick<Plan, "from" | "to" | "hold">,
  done: { readonly shifted: boolean; readonly workersMoved: boolean; readonly deployed: boolean },
): readonly Step[] {
  const phase = "Roll back";
  const title = `All traffic${done.workersMoved ? " and workers" : ""} back to ${from}`;
  const workersTo = done.workersMoved ? from : null;
  return [
    step({ kind: "rollback", id: "rollback", title, phase, weights: { [from]: 100, [to]: 0 }, workersTo }),
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

type Unwaited<T> = T extends unknown ? Omit<T, "waits"> : never;
const step = (fields: Unwaited<Step>, waits: Seconds = 0): Step => ({ ...fields, waits });

function gateStep(id: string, title: string, phase: string, gate: Gate): Step {
  return step({ kind: "gate", id, title, phase, gate }, gate.bake);
}

function gateFor(request: PlanRequest, name: string, judged: "from" | "to", share: Percent): Gate {
  const { bake, patience, limits = LIMITS } = request;
  const tolerance = toleranceAt(share, limits);
  const minSamples = Math.max(request.minSamples, samplesToClear(tolerance / 100, limits.confidence.pass));
  return { name, judged, share, bake, patience, minSamples, tolerance, limits };
}

function prepare(request: PlanRequest): Step[] {
  const { from, to } = request;
  const phase = "Prepare";
  return [
    step({ kind: "preflight", id: "preflight", title: "Check what can be checked beforehand", phase }),
    step({ kind: "open", id: "open", title: `Start the foundation, ${from} and the load`, phase }),
    gateStep("gate-baseline", `Watch ${from} alone`, phase, gateFor(request, "baseline", "from", 100)),
    step({ kind: "deploy", id: "deploy", title: `Deploy ${to} without traffic`, phase, side: to }),
    step({ kind: "smoke", id: "smoke", title: `Try ${to} by the trial header`, phase, side: to }),
  ];
}

/** The workers move between the last share below 100 and 100: half the requests have proven the new side by then. */
function shareSteps(request: PlanRequest, share: Percent, index: number): Step[] {
  const { to, shares } = request;
  const phase = `${share} %`;
  const before = shares[index - 1] ?? 0;
  const workers: Step[] =
    share < 100
      ? []
      : [
          step({ kind: "workers", id: "workers", title: `Move the workers to ${to}`, phase: "Workers", to }),
          gateStep(
            "gate-workers",
            `Watch the workers on ${to}`,
            "Workers",
            before > 0 ? gateFor(request, "workers", "to", before) : gateFor(request, "workers", "from", 100),
          ),
        ];
  return [
    ...workers,
    step({ kind: "scale", id: `scale-${share}`, title: `Scale ${to} for ${share} %`, phase, side: to, share }),
    shift(`shift-${share}`, `Shift ${share} % to ${to}`, phase, request, share),
    gateStep(`gate-${share}`, `Watch ${share} % on ${to}`, phase, gateFor(request, `${share} %`, "to", share)),
  ];
}

function shift(id: string, title: string, phase: string, { from, to }: PlanRequest, share: Percent): Step {
  return step({ kind: "shift", id, title, phase, weights: { [from]: 100 - share, [to]: share } });
}

function drill(request: PlanRequest): Step[] {
  const { from, to } = request;
  const phase = "Rollback drill";
  return [
    rollback("drill", `Drill: all traffic and workers back to ${from}`, phase, request),
    gateStep("gate-drill", `Watch ${from} after the drill`, phase, gateFor(request, "drill", "from", 100)),
    step({ kind: "workers", id: "workers-again", title: `Move the workers to ${to} again`, phase, to }),
    shift("shift-100-again", `Shift 100 % to ${to} again`, phase, request, 100),
    gateStep("gate-100-again", `Watch 100 % on ${to} again`, phase, gateFor(request, "100 % again", "to", 100)),
  ];
}

function rollback(id: string, title: string, phase: string, { from, to }: PlanRequest): Step {
  return step({ kind: "rollback", id, title, phase, weights: { [from]: 100, [to]: 0 }, workersTo: from });
}

function keep(request: PlanRequest): Step[] {
  const { from, to, hold } = request;
  const phase = "Settle";
  const gate = { ...gateFor(request, "hold", "to", 100), bake: hold };
  return [
    step({ kind: "hold", id: "hold", title: `Hold ${from} while it drains`, phase, idle: from, gate }, hold),
    step({ kind: "retire", id: "retire", title: `Keep ${to}, stop ${from}`, phase, side: from }),
  ];
}

function back(request: PlanRequest): Step[] {
  const { from, to, hold } = request;
  const phase = "Settle";
  const gate = { ...gateFor(request, "hold", "from", 100), bake: hold };
  return [
    rollback("return", `Return all traffic and workers to ${from}`, phase, request),
    step({ kind: "hold", id: "hold", title: `Hold ${to} while it drains`, phase, idle: to, gate }, hold),
    step({ kind: "retire", id: "retire", title: `Keep ${from}, stop ${to}`, phase, side: to }),
  ];
}
