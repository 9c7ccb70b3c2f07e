/** How far a run is, told from its events, for whoever looks now: the web app's System page. */
import type { SystemStep, UnderWay } from "../local/dashboard/system.ts";
import type { Plan, Step } from "./plan.ts";
import type { RunEvent, StepRecord } from "./run.ts";

export interface Watch {
  readonly observe: (event: RunEvent) => void;
  /** @param now Unix time in milliseconds, by the run's own clock */
  underWay(now: number): UnderWay;
}

interface Row {
  readonly step: Step;
  state: SystemStep["state"];
  says: string | null;
  startedAt: number | null;
  endedAt: number | null;
}

const STATES: Readonly<Record<StepRecord["state"], SystemStep["state"]>> = {
  done: "done",
  failed: "failed",
  skipped: "skipped",
  interrupted: "failed",
};

/** Steps of a way back come where they are decided on: after the one that failed, before the accounts. */
export function createWatch(plan: Plan): Watch {
  let rows: readonly Row[] = plan.steps.map(waiting);
  let phase: string | null = null;
  const rowOf = ({ id }: Step): Row | undefined => rows.findLast(({ step }) => step.id === id);

  return {
    observe(event) {
      if (event.type === "rollbackStarted") {
        const isLast = ({ step }: Row): boolean => step.kind === "account";
        rows = [...rows.filter((row) => !isLast(row)), ...event.steps.map(waiting), ...rows.filter(isLast)];
        return;
      }
      if (event.type === "ended") {
        phase = ENDED[event.outcome.ending];
        return;
      }
      const row = rowOf(event.step);
      if (!row) return;
      if (event.type === "stepStarted") {
        phase = event.step.title;
        Object.assign(row, { state: "running", startedAt: event.at });
      } else if (event.type === "stepReported") row.says = event.line;
      else if (event.type === "gateLooked") row.says = event.look.verdict.sentence;
      else {
        const { state, failure } = event.record;
        row.state = STATES[state];
        if (state !== "skipped") row.endedAt = event.at;
        row.says = failure ?? row.says;
      }
    },
    underWay: (now) => ({ phase, steps: rows.map((row) => stepOf(row, now)) }),
  };
}

const ENDED = {
  settled: "settled as planned",
  rolledBack: "rolled back",
  refused: "refused before anything was started",
  failed: "failed",
  interrupted: "interrupted",
  held: "held until somebody says that it goes on",
} as const;

function waiting(step: Step): Row {
  return { step, state: "waiting", says: null, startedAt: null, endedAt: null };
}

function stepOf({ step: { title, phase }, state, says, startedAt, endedAt }: Row, now: number): SystemStep {
  const seconds = startedAt === null ? null : Math.max(0, ((endedAt ?? now) - startedAt) / 1000);
  return { title, phase, state, says, seconds };
}
