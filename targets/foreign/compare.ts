/** Two sides that nobody compiled, field by field: what agrees, differs, is missing, or can not be told. */
import { isDeepStrictEqual } from "node:util";
import type { Behaviour } from "../../platform/model/behaviour.ts";
import { losses as ecsLosses } from "../ecs/losses.ts";
import { losses as kubernetesLosses } from "../kubernetes/losses.ts";
import { same } from "../migration/parity.ts";
import { behaviourOf } from "./behaviour.ts";
import { compareContainers } from "./compare-containers.ts";
import { compareVariables } from "./compare-variables.ts";
import type { Note } from "./log.ts";
import { pairUp } from "./pair.ts";
import { valueOr, type Reading, type Side, type Told } from "./seen.ts";
import { agreement, type Finding } from "./verdict.ts";

export interface ForeignParity {
  readonly pairs: readonly { readonly ecs: string; readonly kubernetes: string; readonly where: readonly string[] }[];
  readonly findings: readonly Finding[];
  /** All that the files say beside our terms. */
  readonly notes: readonly Note[];
}

export function compareSides(ecs: Side, kubernetes: Side, told?: ReadonlyMap<string, string>): ForeignParity {
  const { pairs, onlyEcs, onlyKubernetes } = pairUp(ecs.readings, kubernetes.readings, told);
  return {
    pairs: pairs.map(([a, b]) => ({ ecs: a.name, kubernetes: b.name, where: [a.where, b.where] })),
    findings: [
      ...onlyEcs.map((each): Finding => alone(each, { ecs: each.where, kubernetes: null })),
      ...onlyKubernetes.map((each): Finding => alone(each, { ecs: null, kubernetes: each.where })),
      ...pairs.flatMap(([a, b]) => comparePair(a, b)),
    ],
    notes: [ecs, kubernetes].flatMap(({ notes, readings }) => [...notes, ...readings.flatMap((each) => each.notes)]),
  };
}

/** What makes the command end with 1: a difference, something missing, or a field of which nobody knows what it does. */
export function isForeignFinding({ findings, notes }: ForeignParity): boolean {
  return (
    findings.some(({ verdict }) => verdict === "differs" || verdict === "missing") ||
    notes.some(({ kind }) => kind === "unknown")
  );
}

function alone({ name }: Reading, sides: Pick<Finding, "ecs" | "kubernetes">): Finding {
  return { workload: name, container: null, field: "workload", verdict: "missing", ...sides };
}

/** The names differ where the sides are named differently; that is how they were paired, and no finding. */
const ELSEWHERE: readonly string[] = ["name", "env", "secrets"];

function comparePair(ecs: Reading, kubernetes: Reading): readonly Finding[] {
  const rollout = commonSteps(ecs, kubernetes);
  const wholes = { ecs: behaviourOf(ecs, rollout?.[0]), kubernetes: behaviourOf(kubernetes, rollout?.[1]) };
  const seen = {
    ecs: { ...ecs.main.seen, ...ecs.whole },
    kubernetes: { ...kubernetes.main.seen, ...kubernetes.whole },
  };
  const fields = (Object.keys(seen.ecs) as (keyof typeof seen.ecs)[]).filter((field) => !ELSEWHERE.includes(field));
  const at = { workload: ecs.name, container: null };
  return [
    ...fields.flatMap((field) => {
      const [left, right]: readonly [Told<unknown>, Told<unknown>] =
        field === "rollout" && rollout
          ? [{ value: rollout[0] }, { value: rollout[1] }]
          : [seen.ecs[field], seen.kubernetes[field]];
      return agreement({ ...at, field }, left, right, field === "entryPoint" ? nearly : judge(field, wholes));
    }),
    ...compareVariables(at, ecs.main, kubernetes.main),
    ...compareContainers(ecs, kubernetes),
  ];
}

function nearly(a: unknown, b: unknown): true | false {
  return isDeepStrictEqual(a, b);
}

/** Equal, within the field's margin, or within what one platform is known not to be able to say. */
function judge(field: keyof Behaviour, { ecs, kubernetes }: Readonly<Record<"ecs" | "kubernetes", Behaviour>>) {
  return (): true | string | false => {
    if (same(field, ecs, kubernetes)) return true;
    const loss =
      kubernetesLosses.find((rule) => rule.path === field && rule.accepts(ecs, kubernetes)) ??
      ecsLosses.find((rule) => rule.path === field && rule.accepts(kubernetes, ecs));
    return loss ? `${loss.code}: ${loss.because}` : false;
  };
}

/** A rollout is compared at the counts that both can reach; how far they scale is a field of its own. */
function commonSteps(
  ecs: Reading,
  kubernetes: Reading,
): readonly [Behaviour["rollout"], Behaviour["rollout"]] | undefined {
  const [a, b] = [valueOr(ecs.whole.rollout, null), valueOr(kubernetes.whole.rollout, null)];
  if (!a || !b) return undefined;
  const other = new Map(b.map((step) => [step.count, step]));
  const common = a.flatMap((step) => {
    const same = other.get(step.count);
    return same ? [[step, same] as const] : [];
  });
  return [common.map(([step]) => step), common.map(([, step]) => step)];
}
