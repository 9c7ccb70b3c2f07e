/** `rehearse`: a migration with live load, its gates and its way back, and the evidence of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem, Result } from "../../platform/model/types.ts";
import { faults, type Fault } from "../local/faults/index.ts";
import { evidence, type DeclaredLoss, type Evidence, type EvidenceMeta } from "../migration/evidence.ts";
import { evidencePage } from "../migration/evidence-page.ts";
import { planMigration, type Plan, type PlanRequest } from "../migration/plan.ts";
import { runMigration, type RunEvent } from "../migration/run.ts";
import { type Carried, createLocalStage, type LoadRates } from "../migration/stages/local/index.ts";
import { COMPILERS, compileStack, parityOf } from "../stack.ts";

export const SIDES = ["ecs", "eks", "kubernetes"] as const;

export interface RehearseRequest {
  readonly root: string;
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** A fault of the new side by name; null for none. */
  readonly fault: string | null;
  readonly settle: PlanRequest["settle"];
  /** Folder for evidence.json and evidence.html. */
  readonly evidence: string;
  /** Model seconds in one real second. */
  readonly speed: number;
  readonly carried: Carried;
  /** The command that repeats it. */
  readonly rerun: string;
}

export interface Rehearsed {
  readonly evidence: Evidence;
  readonly files: readonly string[];
  /** What this machine lacked, as sentences; null when nothing was missing. */
  readonly lacking: string | null;
}

/** What an ALB-sized migration waits for, in model seconds; the local stage divides them by its speed. */
const TIMES = { bake: 60, patience: 600, hold: 120 } as const;
const SHARES = [1, 10, 50, 100] as const;
const MIN_SAMPLES = 40;

/** A laptop carries this beside both sides; what counts are the totals of a whole rehearsal. */
const LOAD: LoadRates = { readsPerSecond: 120, writesPerSecond: 15, subscribers: 24, feedPerSecond: 60 };

/** The plan and the fault of a request, or every problem with it. */
export function prepareRehearsal(
  request: RehearseRequest,
): Result<{ readonly plan: Plan; readonly fault: Fault | null }> {
  const problems: Problem[] = [];
  const fault = faults.find(({ name }) => name === request.fault) ?? null;
  if (request.fault !== null && fault === null) {
    const allowed = `one of ${faults.map(({ name }) => name).join(", ")}`;
    problems.push({ code: "unknown-fault", path: "--fault", found: JSON.stringify(request.fault), allowed });
  }
  if (!(request.speed > 0)) {
    problems.push({ code: "speed", path: "--speed", found: String(request.speed), allowed: "a number above 0" });
  }
  const compiled = compileStack(request.root, request.stack, COMPILERS);
  if (!compiled.ok) problems.push(...compiled.problems);
  const plan = planMigration({
    ...{ from: request.from, to: request.to, sides: SIDES, shares: SHARES, settle: request.settle },
    ...TIMES,
    ...{ minSamples: MIN_SAMPLES, drill: true },
  });
  if (!plan.ok) problems.push(...plan.problems);
  return problems.length === 0 && plan.ok ? { ok: true, value: { plan: plan.value, fault } } : { ok: false, problems };
}

/** Runs it and writes the evidence, however it ends. Never throws but for a folder that cannot be written. */
export async function rehearse(
  request: RehearseRequest,
  { plan, fault }: { readonly plan: Plan; readonly fault: Fault | null },
  signal: AbortSignal,
  observe: (event: RunEvent) => void,
): Promise<Rehearsed> {
  const stage = createLocalStage({
    ...{ root: request.root, stack: request.stack, from: request.from, to: request.to, timeScale: request.speed },
    ...{ load: LOAD, carried: request.carried, fault, seed: 1, signal },
  });
  // Before anything is started: a folder that cannot be written must not cost a whole run.
  mkdirSync(request.evidence, { recursive: true });
  const outcome = await runMigration(plan, stage, { signal, observe });
  const document = evidence(outcome, stage, meta(request, fault));
  const files = [
    write(join(request.evidence, "evidence.json"), `${JSON.stringify(document, null, 2)}\n`),
    write(join(request.evidence, "evidence.html"), evidencePage(document)),
  ];
  return { evidence: document, files, lacking: stage.prerequisite()?.message ?? null };
}

function meta(request: RehearseRequest, fault: Fault | null): EvidenceMeta {
  return {
    stack: request.stack,
    fault: fault && `${fault.name}: ${fault.what.replace(/\.$/, "")}`,
    subscribers: LOAD.subscribers,
    losses: declaredLosses(request),
    versions: { node: process.versions.node },
    rerun: request.rerun,
  };
}

/** Of the two sides that take part. */
function declaredLosses({ root, stack, from, to }: RehearseRequest): readonly DeclaredLoss[] {
  const sides = COMPILERS.filter((compiler) => compiler === from || compiler === to);
  const compiled = compileStack(root, stack, sides);
  if (!compiled.ok) return [];
  return parityOf(compiled.value).differences.flatMap(({ target, service, field, loss }) =>
    loss ? [{ target, service, field, ...loss }] : [],
  );
}

function write(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}
