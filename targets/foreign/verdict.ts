/** One field of two sides → a verdict, with what to show of both. */
import { isRecord } from "./fields.ts";
import { shownArguments } from "./hide.ts";
import type { Told } from "./seen.ts";

/** `near`: not the same, and as near as the platforms come. `untold`: a side's files do not say. */
export type Verdict = "agrees" | "near" | "differs" | "missing" | "untold";

export interface Finding {
  readonly workload: string;
  /** null: the workload itself, and its main container. */
  readonly container: string | null;
  readonly field: string;
  readonly verdict: Verdict;
  /** What may be shown of each side; null: nothing is there. */
  readonly ecs: unknown;
  readonly kubernetes: unknown;
  readonly because?: string;
}

type At = Pick<Finding, "workload" | "container" | "field">;

/** @param judge true: the same; a text: nearly, and why; false: another */
export function agreement(
  at: At,
  ecs: Told<unknown>,
  kubernetes: Told<unknown>,
  judge: (ecs: unknown, kubernetes: unknown) => true | string | false,
): readonly Finding[] {
  const sides = { ecs: shownSide(at.field, ecs), kubernetes: shownSide(at.field, kubernetes) };
  if ("untold" in ecs || "untold" in kubernetes) {
    const because = [
      ...("untold" in ecs ? [`ECS: ${ecs.untold}`] : []),
      ...("untold" in kubernetes ? [`Kubernetes: ${kubernetes.untold}`] : []),
    ];
    return [{ ...at, verdict: "untold", ...sides, because: because.join("; ") }];
  }
  const judgement = judge(ecs.value, kubernetes.value);
  if (judgement === true) return [{ ...at, verdict: "agrees", ...sides }];
  if (judgement !== false) return [{ ...at, verdict: "near", ...sides, because: judgement }];
  return parts(at, ecs.value, kubernetes.value);
}

/** Of two mappings only the keys in which they differ: `scaling.max`. */
function parts(at: At, ecs: unknown, kubernetes: unknown): readonly Finding[] {
  if (isRecord(ecs) && isRecord(kubernetes)) {
    const keys = [...new Set([...Object.keys(ecs), ...Object.keys(kubernetes)])];
    const inner = keys.flatMap((key) => {
      const [left, right] = [ecs[key] ?? null, kubernetes[key] ?? null];
      if (JSON.stringify(left) === JSON.stringify(right)) return [];
      return parts({ ...at, field: `${at.field}.${key}` }, left, right);
    });
    if (inner.length > 0) return inner;
  }
  const verdict = isNothing(ecs) || isNothing(kubernetes) ? "missing" : "differs";
  return [{ ...at, verdict, ecs: shown(at.field, ecs), kubernetes: shown(at.field, kubernetes) }];
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** `4: 2–8`: of four wanted, at least two and at most eight. */
function stepText({ count, atLeast, atMost }: Readonly<Record<string, unknown>>): string {
  return `${String(count)}: ${String(atLeast)}–${String(atMost)}`;
}

function shownSide(field: string, side: Told<unknown>): unknown {
  return "value" in side ? shown(field, side.value) : null;
}

function shown(field: string, value: unknown): unknown {
  if ((field === "command" || field === "entryPoint") && Array.isArray(value)) return shownArguments(value.map(String));
  if (value === Infinity) return "unlimited";
  if (field === "rollout" && Array.isArray(value)) return value.filter(isRecord).map(stepText).join(", ");
  return value;
}
