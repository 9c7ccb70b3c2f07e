/** The evidence of a rehearsal: one JSON document that says what was done, measured and accounted for. Pure. */
import type { Problem, Seconds } from "../../platform/model/types.ts";
import type { Check } from "./gates.ts";
import type { Ending, Failure, Outcome, StepRecord } from "./run.ts";
import type { Account, SeriesPoint, Stage, Weights, Window } from "./stage.ts";

/** Rises when a field changes its meaning or goes; a new field doesn't raise it. */
export const EVIDENCE_SCHEMA = 1;

/** What a translation can't help, and what it means for the one who runs it. */
export interface DeclaredLoss {
  readonly target: string;
  readonly service: string;
  readonly field: string;
  readonly code: string;
  readonly kind: "approximate" | "dropped";
  readonly because: string;
}

/** What the run itself doesn't know. */
export interface EvidenceMeta {
  readonly stack: string;
  /** What was broken on purpose; null when nothing was. */
  readonly fault: string | null;
  /** When it struck, Unix time in milliseconds, where it did so at a moment of its own. */
  readonly struckAt?: number | null;
  readonly subscribers: number;
  readonly losses: readonly DeclaredLoss[];
  /** Of what ran: `{node: "24.21.0", …}`. */
  readonly versions: Readonly<Record<string, string>>;
  /** The command that repeats it. */
  readonly rerun: string;
}

export interface StepEvidence {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly kind: string;
  readonly state: StepRecord["state"];
  /** Real milliseconds since the start. */
  readonly startMilliseconds: number;
  readonly milliseconds: number;
  readonly details: readonly string[];
  readonly weights: Weights | null;
  readonly failure: string | null;
}

export interface GateEvidence {
  readonly step: string;
  readonly title: string;
  readonly state: "pass" | "wait" | "fail";
  readonly sentence: string;
  /** How often it looked before the verdict was final. */
  readonly looks: number;
  /** Of the last look. */
  readonly window: Window;
  readonly checks: readonly Check[];
}

export interface WayBackEvidence {
  readonly step: string;
  readonly because: "drill" | "failure" | "plan";
  readonly trafficMilliseconds: number;
  readonly workersMilliseconds: number | null;
  readonly weights: Weights;
}

export interface Totals {
  readonly requests: number;
  readonly acknowledgedWrites: number;
  readonly subscribers: number;
  readonly feedMessages: number;
  readonly lost: number;
  readonly doubled: number;
}

export interface Evidence {
  readonly schema: typeof EVIDENCE_SCHEMA;
  readonly ending: Ending;
  readonly ok: boolean;
  /** The verdict in a few words. */
  readonly headline: string;
  readonly failures: readonly Failure[];
  readonly problems: readonly Problem[];
  readonly from: string;
  readonly to: string;
  readonly stack: string;
  readonly fault: string | null;
  /** When the fault struck, in real milliseconds since the start; null where it was there from the beginning, or none. */
  readonly faultMilliseconds: number | null;
  readonly stage: { readonly name: string; readonly timeScale: number };
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string;
  readonly milliseconds: number;
  readonly plan: readonly { readonly id: string; readonly title: string; readonly waits: Seconds }[];
  readonly steps: readonly StepEvidence[];
  readonly gates: readonly GateEvidence[];
  readonly waysBack: readonly WayBackEvidence[];
  readonly weights: Weights | null;
  readonly accounts: readonly Account[];
  readonly totals: Totals;
  readonly losses: readonly DeclaredLoss[];
  readonly versions: Readonly<Record<string, string>>;
  readonly rerun: string;
  /** `at` in real milliseconds since the start. */
  readonly series: readonly SeriesPoint[];
}

export function evidence(outcome: Outcome, stage: Pick<Stage, "name" | "timeScale">, meta: EvidenceMeta): Evidence {
  const { plan, startedAt, endedAt } = outcome;
  return {
    schema: EVIDENCE_SCHEMA,
    ending: outcome.ending,
    ok: outcome.ok,
    headline: headlineOf(outcome),
    failures: outcome.failures,
    problems: outcome.problems,
    from: plan.from,
    to: plan.to,
    stack: meta.stack,
    fault: meta.fault,
    faultMilliseconds: typeof meta.struckAt === "number" ? Math.round(meta.struckAt - startedAt) : null,
    stage: { name: stage.name, timeScale: stage.timeScale },
    started: new Date(startedAt).toISOString(),
    ended: new Date(endedAt).toISOString(),
    milliseconds: Math.round(endedAt - startedAt),
    plan: plan.steps.map(({ id, title, waits }) => ({ id, title, waits })),
    steps: outcome.timeline.map((record) => stepEvidence(record, startedAt)),
    gates: outcome.timeline.flatMap(gateEvidence),
    waysBack: outcome.waysBack.map((way) => ({
      ...way,
      trafficMilliseconds: Math.round(way.trafficMilliseconds),
      workersMilliseconds: way.workersMilliseconds === null ? null : Math.round(way.workersMilliseconds),
    })),
    weights: outcome.weights,
    accounts: outcome.accounts,
    totals: totalsOf(outcome.accounts, meta.subscribers),
    losses: meta.losses,
    versions: meta.versions,
    rerun: meta.rerun,
    series: outcome.series.map((point) => ({ ...point, at: Math.round(point.at - startedAt) })),
  };
}

function headlineOf(outcome: Outcome): string {
  const { from, to, settle } = outcome.plan;
  switch (outcome.ending) {
    case "settled":
      return settle === "keep" ? `Migrated from ${from} to ${to}` : `Went to ${to} and came back to ${from}`;
    case "rolledBack":
      return `Rolled back to ${from}: ${culprit(outcome)} failed`;
    case "refused":
      return `Refused beforehand: ${outcome.problems.length} ${outcome.problems.length === 1 ? "problem" : "problems"}`;
    case "failed":
      return `Failed: ${culprit(outcome)}`;
    case "interrupted":
      return "Interrupted";
    case "held":
      return `Held on the way from ${from} to ${to}`;
  }
}

/** `gate “10 %”`, or the title of another step. */
function culprit({ failures: [failure], plan }: Outcome): string {
  const step = plan.steps.find(({ id }) => id === failure?.step);
  return step && "gate" in step && step.gate ? `gate “${step.gate.name}”` : `“${failure?.title ?? "a step"}”`;
}

function stepEvidence(record: StepRecord, start: number): StepEvidence {
  const { id, title, phase, kind, state, startedAt, endedAt, details, weights, failure } = record;
  return {
    ...{ id, title, phase, kind, state, details, weights, failure },
    startMilliseconds: Math.round(startedAt - start),
    milliseconds: Math.round(endedAt - startedAt),
  };
}

function gateEvidence({ id, title, looks }: StepRecord): GateEvidence[] {
  const last = looks.at(-1);
  if (!last) return [];
  const { state, sentence, checks } = last.verdict;
  return [{ step: id, title, state, sentence, looks: looks.length, window: last.window, checks }];
}

function totalsOf(accounts: readonly Account[], subscribers: number): Totals {
  const of = (subject: Account["subject"]): number =>
    accounts.reduce((sum, account) => sum + (account.subject === subject ? account.acknowledged : 0), 0);
  return {
    requests: of("requests"),
    acknowledgedWrites: of("writes"),
    subscribers,
    feedMessages: of("feed"),
    lost: accounts.reduce((sum, { lost }) => sum + lost, 0),
    doubled: accounts.reduce((sum, { doubled }) => sum + doubled, 0),
  };
}
