/** What two resources say about one thing agrees. */
import { services } from "../compute/subjects.ts";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { stackRule } from "../framework/rule.ts";
import { listenerRules, listeners } from "../network/subjects.ts";
import { scalingTargets } from "../observability/subjects.ts";
import { scalingPolicies } from "./subjects.ts";

export const desiredWithinScaling = stackRule({
  name: "stack-desired-within-scaling",
  description: "A service starts with a count that its scaling would keep.",
  controls: ["Limits, ECS"],
  severity: "medium",
  remedy: "Set desiredCount from minCapacity to maxCapacity.",
  over: [scalingTargets],
  *check(graph, _parameters, tell) {
    for (const { resource: target, view } of graph.all(scalingTargets)) {
      const range = known(() => {
        const { minCapacity = 0, maxCapacity = Infinity } = view();
        return { minCapacity, maxCapacity };
      }, tell);
      if (!range) continue;
      const { minCapacity, maxCapacity } = range;
      if (minCapacity > maxCapacity) {
        const at = `${target.name}.minCapacity`;
        yield { at, found: minCapacity, allowed: `at most maxCapacity, ${maxCapacity}`, on: target };
      }
      const scaled = comesFrom(target, "resourceId", services);
      for (const { resource, view: service } of graph.all(services)) {
        const desired = scaled.includes(resource) ? known(() => service().desiredCount, tell) : undefined;
        if (desired !== undefined && (desired < minCapacity || desired > maxCapacity)) {
          const at = `${resource.name}.desiredCount`;
          yield { at, found: desired, allowed: `${minCapacity} to ${maxCapacity}`, on: resource };
        }
      }
    }
  },
});

export const scalingHasPolicy = stackRule({
  name: "stack-scaling-policy",
  description: "A range to scale in has a policy that scales, or it stays where it was.",
  controls: ["Limits, ECS"],
  severity: "medium",
  remedy: "Add an appautoscaling Policy for the target.",
  over: [scalingTargets],
  *check(graph, _parameters, tell) {
    const moved = new Set(graph.all(scalingPolicies).flatMap(({ view }) => known(() => view().resourceId, tell) ?? []));
    // One that a preview does not know may be any target's.
    if (graph.all(scalingPolicies).some(({ view }) => known(() => view().resourceId ?? "", tell) === undefined)) return;
    for (const { resource, view } of graph.all(scalingTargets)) {
      const id = known(() => view().resourceId, tell);
      if (id !== undefined && !moved.has(id)) {
        yield { at: resource.name, found: "no policy", allowed: "a policy that scales it", on: resource };
      }
    }
  },
});

export const weightsAlone = stackRule({
  name: "stack-weights-alone",
  description: "Weights live in a stack that has no listener of its own: no routine run of another resets a shift.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Move the weighted rule into the traffic stack.",
  over: [listenerRules],
  *check(graph, _parameters, tell) {
    if (graph.all(listeners).length === 0) return;
    for (const { resource, view } of graph.all(listenerRules)) {
      const groups = known(
        () => (view().actions ?? []).map(({ forward }) => (forward?.targetGroups ?? []).length),
        tell,
      );
      const most = Math.max(0, ...(groups ?? []));
      if (most > 1) yield { at: resource.name, found: `weights of ${most} groups`, allowed: "one group", on: resource };
    }
  },
});
