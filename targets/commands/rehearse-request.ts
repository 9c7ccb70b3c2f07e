/** What a rehearsal may be asked for: the plan of a request, or every problem with it. */
import type { Problem, Result } from "../../platform/model/types.ts";
import { faults, type Fault } from "../local/faults/index.ts";
import { planMigration, type Plan, type PlanRequest } from "../migration/plan.ts";
import type { RunOptions } from "../migration/run.ts";
import { EVERYTHING, selectWorkloads } from "../migration/selection.ts";
import type { Carried } from "../migration/stages/local/index.ts";
import { COMPILERS, compileStack, type CompiledStack } from "../stack.ts";

export const SIDES = ["ecs", "eks", "kubernetes"] as const;
export const STAGES = ["local", "aws"] as const;

export interface RehearseRequest {
  readonly root: string;
  readonly stage: (typeof STAGES)[number];
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** A fault of the new side by name; null for none. */
  readonly fault: string | null;
  readonly settle: PlanRequest["settle"];
  /** Workloads that move; empty is all. */
  readonly only: readonly string[];
  readonly except: readonly string[];
  /** Percent at which it pauses until a person says that it goes on; null for none. */
  readonly hold: number | null;
  readonly resume: boolean;
  readonly rollBack: boolean;
  /** Folder for evidence.json and evidence.html. */
  readonly evidence: string;
  /** Model seconds in one real second. */
  readonly speed: number;
  readonly carried: Carried;
  /** Resolves when a person says that it goes on; null where nobody can. */
  readonly goOn: NonNullable<RunOptions["goOn"]> | null;
  /** What the policy pack says against the new side. */
  readonly policies: () => Promise<readonly Problem[]>;
  /** The command that repeats it. */
  readonly rerun: string;
}

export interface Prepared {
  readonly plan: Plan;
  readonly fault: Fault | null;
  readonly compiled: CompiledStack;
}

/**
 * What a migration waits for, in model seconds; the local stage divides them by its speed. CloudWatch's minutes are there
 * a minute later, and a target leaves its group in up to five.
 */
const TIMES = {
  local: { bake: 60, patience: 600, hold: 120 },
  aws: { bake: 180, patience: 900, hold: 300 },
} as const;
const SHARES = [1, 10, 50, 100] as const;
const MIN_SAMPLES = 40;

/** The plan and the fault of a request, or every problem with it. */
export function prepareRehearsal(request: RehearseRequest): Result<Prepared> {
  const { stage, hold, from, to, settle, only, except } = request;
  const fault = faults.find(({ name }) => name === request.fault) ?? null;
  const compiled = compileStack(request.root, request.stack, COMPILERS);
  const selection = compiled.ok ? selectWorkloads(compiled.value.model, { only, except }) : null;
  const plan = planMigration({
    ...{ from, to, sides: stage === "aws" ? COMPILERS.filter((side) => side !== "kubernetes") : SIDES },
    ...{ shares: SHARES, settle, ...TIMES[stage], minSamples: MIN_SAMPLES, drill: true, pauseAt: hold },
    selection: selection?.ok ? selection.value : EVERYTHING,
  });
  const problems = [
    ...optionProblems(request, fault),
    ...[compiled, selection, plan].flatMap((result) => (!result || result.ok ? [] : result.problems)),
  ];
  if (problems.length > 0 || !compiled.ok || !plan.ok) return { ok: false, problems };
  return { ok: true, value: { plan: plan.value, fault, compiled: compiled.value } };
}

function optionProblems(request: RehearseRequest, fault: Fault | null): readonly Problem[] {
  const { stage, speed, hold, goOn } = request;
  const problem = (code: string, path: string, found: string, allowed: string): Problem => ({
    code,
    path,
    found,
    allowed,
  });
  return [
    ...(request.fault !== null && fault === null
      ? [
          problem(
            "unknown-fault",
            "--fault",
            JSON.stringify(request.fault),
            `one of ${faults.map(({ name }) => name).join(", ")}`,
          ),
        ]
      : []),
    ...(stage === "aws" && fault
      ? [problem("fault-on-aws", "--fault", fault.name, "--stage local: nothing is broken on AWS")]
      : []),
    ...(speed > 0 ? [] : [problem("speed", "--speed", String(speed), "a number above 0")]),
    ...(stage === "local" && hold !== null && goOn === null
      ? [
          problem(
            "hold-without-terminal",
            "--hold",
            String(hold),
            "a terminal, or --stage aws: a local rehearsal ends with its process",
          ),
        ]
      : []),
  ];
}
