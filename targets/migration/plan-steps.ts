/** The steps of each part of a plan, in their order. */
import type { Percent, Seconds } from "../../platform/model/types.ts";
import { samplesToClear } from "./gates-statistics.ts";
import { type Gate, LIMITS, toleranceAt } from "./gates-types.ts";
import type { PlanRequest, Step } from "./plan-types.ts";
import { EVERYTHING } from "./selection.ts";

type Unwaited<T> = T extends unknown ? Omit<T, "waits"> : never;
export const step = (fields: Unwaited<Step>, waits: Seconds = 0): Step => ({ ...fields, waits });

function gateStep(id: string, title: string, phase: string, gate: Gate): Step {
  return step({ kind: "gate", id, title, phase, gate }, gate.bake);
}

function gateFor(request: PlanRequest, name: string, judged: "from" | "to", share: Percent): Gate {
  const { bake, patience, limits = LIMITS } = request;
  const tolerance = toleranceAt(share, limits);
  const minSamples = Math.max(request.minSamples, samplesToClear(tolerance / 100, limits.confidence.pass));
  return { name, judged, share, bake, patience, minSamples, tolerance, limits };
}

export function prepare(request: PlanRequest): Step[] {
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

export function shareSteps(request: PlanRequest, share: Percent, index: number): Step[] {
  const { to, shares, pauseAt } = request;
  const phase = `${share} %`;
  const gate = gateFor(request, `${share} %`, "to", share);
  return [
    ...(share < 100 ? [] : workerSteps(request, shares[index - 1] ?? 0)),
    step({ kind: "scale", id: `scale-${share}`, title: `Scale ${to} for ${share} %`, phase, side: to, share }),
    shift(`shift-${share}`, `Shift ${share} % to ${to}`, phase, request, share),
    gateStep(`gate-${share}`, `Watch ${share} % on ${to}`, phase, gate),
    ...(pauseAt === share
      ? [step({ kind: "pause", id: `pause-${share}`, title: `Hold at ${share} % until told to go on`, phase, gate })]
      : []),
  ];
}

/** They move between the last share below 100 and 100: half the requests have proven the new side by then. */
export function workerSteps(request: PlanRequest, before: Percent): Step[] {
  if (request.selection?.workers?.length === 0) return [];
  const { to } = request;
  const phase = "Workers";
  const gate = before > 0 ? gateFor(request, "workers", "to", before) : gateFor(request, "workers", "from", 100);
  return [
    workers("workers", `Move the workers to ${to}`, phase, request),
    gateStep("gate-workers", `Watch the workers on ${to}`, phase, gate),
  ];
}

function workers(id: string, title: string, phase: string, { to, selection }: PlanRequest): Step {
  return step({ kind: "workers", id, title, phase, to, only: selection?.workers ?? null });
}

function shift(id: string, title: string, phase: string, { from, to }: PlanRequest, share: Percent): Step {
  return step({ kind: "shift", id, title, phase, weights: { [from]: 100 - share, [to]: share } });
}

export function drill(request: PlanRequest): Step[] {
  const { from, to, selection = EVERYTHING } = request;
  const phase = "Rollback drill";
  const moved = selection.workers?.length !== 0;
  return [
    rollback("drill", `Drill: all traffic and workers back to ${from}`, phase, request),
    gateStep("gate-drill", `Watch ${from} after the drill`, phase, gateFor(request, "drill", "from", 100)),
    ...(moved ? [workers("workers-again", `Move the workers to ${to} again`, phase, request)] : []),
    ...(selection.routed
      ? [
          shift("shift-100-again", `Shift 100 % to ${to} again`, phase, request, 100),
          gateStep("gate-100-again", `Watch 100 % on ${to} again`, phase, gateFor(request, "100 % again", "to", 100)),
        ]
      : [
          gateStep(
            "gate-workers-again",
            `Watch the workers on ${to} again`,
            phase,
            gateFor(request, "workers again", "from", 100),
          ),
        ]),
  ];
}

function rollback(id: string, title: string, phase: string, { from, to, selection }: PlanRequest): Step {
  const only = selection?.workers ?? null;
  const workersTo = only?.length === 0 ? null : from;
  return step({ kind: "rollback", id, title, phase, weights: { [from]: 100, [to]: 0 }, workersTo, only });
}

export function keep(request: PlanRequest): Step[] {
  const { from, to, hold } = request;
  const phase = "Settle";
  const gate = { ...gateFor(request, "hold", "to", 100), bake: hold };
  return [
    step({ kind: "hold", id: "hold", title: `Hold ${from} while it drains`, phase, idle: from, gate }, hold),
    step({ kind: "retire", id: "retire", title: `Keep ${to}, stop ${from}`, phase, side: from }),
  ];
}

export function back(request: PlanRequest): Step[] {
  const { from, to, hold } = request;
  const phase = "Settle";
  const gate = { ...gateFor(request, "hold", "from", 100), bake: hold };
  return [
    rollback("return", `Return all traffic and workers to ${from}`, phase, request),
    step({ kind: "hold", id: "hold", title: `Hold ${to} while it drains`, phase, idle: to, gate }, hold),
    step({ kind: "retire", id: "retire", title: `Keep ${from}, stop ${to}`, phase, side: to }),
  ];
}
