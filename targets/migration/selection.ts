/** Which workloads a migration moves: all, or those that `--only` and `--except` leave. Pure. */
import type { Model, Problem, Result, Workload } from "../../platform/model/types.ts";

export interface Selection {
  /** Services that users reach move: all of them, for they share the weights. */
  readonly routed: boolean;
  /** Workers that move, sorted; null where all do. */
  readonly workers: readonly string[] | null;
  /** Nothing stays: the old side can go in the end. */
  readonly whole: boolean;
}

/** What a command was asked for; both lists empty is everything. */
export interface Asked {
  readonly only: readonly string[];
  readonly except: readonly string[];
}

export const EVERYTHING: Selection = { routed: true, workers: null, whole: true };

/**
 * A call is made by a name that one side knows and the other does not (Service Connect, a cluster's DNS), so its ends move
 * together. What meets at a topic, a queue or a store meets at a name of the foundation, and may be parted.
 */
export function selectWorkloads({ workloads }: Model, asked: Asked): Result<Selection> {
  const movable = workloads.filter(({ kind }) => kind !== "job");
  const names = movable.map(({ name }) => name);
  if (asked.only.length === 0 && asked.except.length === 0) return { ok: true, value: EVERYTHING };
  const moved = new Set(
    names.filter((name) => (asked.only.length === 0 || asked.only.includes(name)) && !asked.except.includes(name)),
  );
  const problems = [
    ...unknown("--only", asked.only, names),
    ...unknown("--except", asked.except, names),
    ...(moved.size === 0 ? [nothing(names)] : []),
    ...movable.flatMap((caller) => cuts(caller, moved)),
    ...partedRoutes(movable, moved),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const workers = movable.flatMap(({ kind, name }) => (kind === "worker" && moved.has(name) ? [name] : [])).sort();
  const whole = moved.size === names.length;
  return {
    ok: true,
    value: { routed: routedOf(movable).some((name) => moved.has(name)), workers: whole ? null : workers, whole },
  };
}

function unknown(option: string, given: readonly string[], names: readonly string[]): readonly Problem[] {
  const allowed = `names of services and workers: ${[...names].sort().join(", ")}`;
  return given
    .filter((name) => !names.includes(name))
    .map((name) => ({ code: "only-unknown", path: option, found: JSON.stringify(name), allowed }));
}

const nothing = (names: readonly string[]): Problem => ({
  code: "only-nothing",
  path: "--except",
  found: "nothing that moves",
  allowed: `at least one of ${[...names].sort().join(", ")}`,
});

/** Reports to a collector cut nothing: each side has one of its own. */
function cuts({ name, uses }: Workload, moved: ReadonlySet<string>): readonly Problem[] {
  return uses.flatMap((use): readonly Problem[] => {
    if (!("as" in use) || use.access !== "call" || moved.has(name) === moved.has(use.to.name)) return [];
    const [goes, stays] = moved.has(name) ? [name, use.to.name] : [use.to.name, name];
    return [
      {
        code: "only-cuts-call",
        path: `services.${name}.uses.${use.as}`,
        found: `${goes} moves and ${stays} stays, but ${name} calls ${use.to.name} by a name of its own side`,
        allowed: `both or neither: --only ${goes},${stays}`,
      },
    ];
  });
}

const routedOf = (workloads: readonly Workload[]): readonly string[] =>
  workloads.flatMap((each) => (each.kind === "service" && each.route ? [each.name] : []));

/** One stack holds one pair of weights, for every route. */
function partedRoutes(workloads: readonly Workload[], moved: ReadonlySet<string>): readonly Problem[] {
  const routed = routedOf(workloads);
  const [go, stay] = [routed.filter((name) => moved.has(name)), routed.filter((name) => !moved.has(name))];
  if (go.length === 0 || stay.length === 0) return [];
  return [
    {
      code: "only-parts-routes",
      path: "--only",
      found: `${go.join(", ")} without ${stay.join(", ")}`,
      allowed: `all that users reach, or none of it, for they share their weights: ${[...routed].sort().join(", ")}`,
    },
  ];
}
