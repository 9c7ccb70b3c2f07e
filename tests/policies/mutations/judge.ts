/** What the pack says about a changed graph that it did not say about the graph as it is. */
import { check, type PackConfig } from "../../../policies/framework/check.ts";
import type { Violation } from "../../../policies/framework/report.ts";
import type { Rule } from "../../../policies/framework/rule.ts";
import { configFor } from "../../../policies/config/generate.ts";
import { unmarked } from "../../../policies/program/marks.ts";
import { resourcesOf } from "../../../policies/program/resources.ts";
import { groups, rules } from "../../../policies/rules.ts";
import { settingsOf } from "../../support/stacks.ts";
import { wholeGraph } from "../support/whole-graph.ts";
import type { Base, Change, Graph } from "./mutation.ts";

/** The day on which exemptions are judged. */
const TODAY = "2026-11-30";

export interface Ground {
  readonly graph: Graph;
  readonly config: PackConfig;
  readonly violations: readonly Violation[];
}

export async function groundOf(base: Base): Promise<Ground> {
  const [stack = "", target = ""] = base.split(" ");
  const graph = (await wholeGraph(stack, target)).map((resource) => ({
    ...resource,
    inputs: unmarked(resource.inputs) as typeof resource.inputs,
    state: unmarked(resource.state) as typeof resource.state,
  }));
  const config = configFor(rules, settingsOf(stack));
  return { graph, config, violations: judged(graph, graph, config) };
}

/** @throws Error when nothing changes: such a mutation would prove nothing */
export function newlyFound(ground: Ground, change: Change): readonly Violation[] {
  const after = change(ground.graph);
  const before = new Set(ground.graph);
  const touched = after.filter((resource) => !before.has(resource));
  const original = new Map(ground.graph.map((resource) => [resource.urn, JSON.stringify(resource)]));
  const same = touched.every((resource) => original.get(resource.urn) === JSON.stringify(resource));
  if (same && after.length === ground.graph.length) throw new Error("It changes nothing.");
  const known = new Set(ground.violations.map(keyOf));
  return judged(after, touched, ground.config).filter((violation) => !known.has(keyOf(violation)));
}

/** A rule over one resource says the same of those that nobody touched; rules over the graph are all asked. */
function judged(graph: Graph, touched: Graph, config: PackConfig): readonly Violation[] {
  const { made } = resourcesOf({ resources: graph, outputs: {} });
  const { asked } = resourcesOf({ resources: touched, outputs: {} });
  const given = { asked, made, config, today: TODAY };
  const all = Object.entries(groups).flatMap(([group, members]) =>
    members.map((rule): [string, Rule] => [group, rule]),
  );
  return all.flatMap(([group, rule]) => check(group, rule, given).violations);
}

function keyOf({ rule, type, resource, at, found }: Violation): string {
  return [rule, type, resource, at, found].join(" ");
}
