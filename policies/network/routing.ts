/** Listener rules: which side gets how much of which path. */
import { comesFrom } from "../framework/graph.ts";
import type { Resource } from "../framework/given.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { listenerRules, listeners } from "./subjects.ts";

/** @source ELB user guide, "Listener rules", weights, 2026-11 */
const HEAVIEST = 999;

export const weightsSum = resourceRule({
  name: "routing-weights",
  description: "A forward's weights are from 0 to 999, and one of them carries something.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Give one target group at least a weight above 0.",
  on: listenerRules,
  *check({ actions = [] }) {
    for (const { forward } of actions) {
      const weights = (forward?.targetGroups ?? []).map(({ weight = 1 }) => weight);
      if (weights.length === 0) continue;
      const out = weights.find((weight) => weight < 0 || weight > HEAVIEST || !Number.isInteger(weight));
      if (out !== undefined) yield { at: "actions.forward.weight", found: out, allowed: `0 to ${HEAVIEST}` };
      if (weights.every((weight) => weight === 0)) {
        yield { at: "actions.forward", found: "weights of 0 alone", allowed: "a sum above 0" };
      }
    }
  },
});

export const weightsNotSticky = resourceRule({
  name: "routing-not-sticky",
  description: "A weighted forward binds no user to a side, or a shift would move only who comes anew.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Leave the forward's stickiness off; a target group's own may stay on.",
  on: listenerRules,
  *check({ actions = [] }) {
    for (const { forward } of actions) {
      if ((forward?.targetGroups ?? []).length > 1 && forward?.stickiness?.enabled) {
        yield { at: "actions.forward.stickiness.enabled", found: true, allowed: "false" };
      }
    }
  },
});

export const priorityOnce = stackRule({
  name: "routing-priority-once",
  description: "No two rules of a listener have one priority: the second would be refused half-way through a run.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Give each rule of a listener a priority of its own.",
  over: [listenerRules],
  *check(graph, _parameters, tell) {
    const taken = new Map<string, Resource>();
    for (const { resource, view } of graph.all(listenerRules)) {
      const priority = known(() => view().priority, tell);
      if (priority === undefined) continue;
      const key = `${listenerOf(resource)} ${priority}`;
      const other = taken.get(key);
      if (other) {
        yield {
          at: `${resource.name}.priority`,
          found: `${priority}, as ${other.name}`,
          allowed: "its own",
          on: resource,
        };
      } else taken.set(key, resource);
    }
  },
});

export const pathOwnedOnce = stackRule({
  name: "routing-path-once",
  description: "One rule of a listener owns a path: of two with the same conditions the later is never asked.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Take out one of the two rules, or tell them apart by a condition.",
  over: [listenerRules],
  *check(graph, _parameters, tell) {
    const owned = new Map<string, Resource>();
    for (const { resource, view } of graph.all(listenerRules)) {
      const conditions = known(() => JSON.stringify(view().conditions ?? []), tell);
      if (conditions === undefined) continue;
      const key = `${listenerOf(resource)} ${conditions}`;
      const other = owned.get(key);
      // The conditions may hold the trial header's value, which is a secret: they are not shown.
      if (other)
        yield { at: resource.name, found: `the conditions of ${other.name}`, allowed: "its own", on: resource };
      else owned.set(key, resource);
    }
  },
});

function listenerOf(rule: Resource): string {
  const [listener] = comesFrom(rule, "listenerArn", listeners);
  return listener?.urn ?? String(Reflect.get(rule.props, "listenerArn"));
}

export const trialBeforeDefault = stackRule({
  name: "routing-trial-first",
  description: "A rule that asks for a header comes before the rule of the same path that does not.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Give the rule with the header the smaller priority.",
  over: [listenerRules],
  *check(graph, _parameters, tell) {
    const all = graph.all(listenerRules).flatMap(({ resource, view }) => {
      const facts = known(() => {
        const { priority, conditions = [] } = view();
        const paths = conditions.flatMap(({ pathPattern }) => pathPattern?.values ?? []);
        return { priority, paths, trial: conditions.some(({ httpHeader }) => httpHeader !== undefined) };
      }, tell);
      return facts ? [{ resource, listener: listenerOf(resource), ...facts }] : [];
    });
    for (const trial of all.filter((each) => each.trial)) {
      const before = all.find(
        ({ trial: isTrial, listener, paths, priority = Infinity }) =>
          !isTrial &&
          listener === trial.listener &&
          priority < (trial.priority ?? Infinity) &&
          paths.some((path) => trial.paths.includes(path)),
      );
      if (before) {
        const found = `${trial.priority}, after ${before.resource.name}`;
        yield { at: `${trial.resource.name}.priority`, found, allowed: "before it", on: trial.resource };
      }
    }
  },
});
