/** What a side's stack says of its routes, and what the listeners make of them. Pure. */
import { z } from "zod";
import { TRIAL_HEADER } from "../../../../platform/conventions.ts";
import { StageError, type Weights } from "../../stage.ts";
import type { ListenerRule, StackOutputs } from "./ports.ts";

const routes = z.array(
  z.object({
    service: z.string(),
    paths: z.array(z.string()),
    targetGroupArn: z.string(),
    listenerArn: z.string(),
  }),
);

export interface SideRoute {
  readonly side: string;
  readonly service: string;
  readonly paths: readonly string[];
  readonly targetGroupArn: string;
  readonly listenerArn: string;
}

/** @throws StageError when the stack's outputs have no routes that can be read */
export function routesOf(side: string, stack: string, outputs: StackOutputs): readonly SideRoute[] {
  const read = routes.safeParse(outputs["routes"]);
  if (!read.success || read.data.length === 0) throw new StageError(`Stack ${stack} says no routes of ${side}.`);
  return read.data.map((route) => ({ side, ...route }));
}

/** `targetgroup/name/id`, as CloudWatch's dimension has it. */
export const groupDimension = (arn: string): string => arn.slice(arn.indexOf("targetgroup/"));

/** `app/name/id`: a listener's ARN holds its load balancer's name. */
export function balancerDimension(listenerArn: string): string {
  return listenerArn
    .slice(listenerArn.indexOf("listener/") + "listener/".length)
    .split("/")
    .slice(0, 3)
    .join("/");
}

/**
 * The weights that requests without a trial header meet: of each path the first rule that has it. They are the same for
 * every path, or something is wrong.
 * @param rules of each listener, by its ARN
 * @throws StageError for a path without a rule, a group that is no side's, or paths that differ
 */
export function weightsOf(all: readonly SideRoute[], rules: ReadonlyMap<string, readonly ListenerRule[]>): Weights {
  const sideOf = new Map(all.map(({ targetGroupArn, side }) => [targetGroupArn, side]));
  const sides = [...new Set(all.map(({ side }) => side))];
  const found = new Map<string, string>();
  let weights: Weights = {};
  for (const { paths, listenerArn } of all) {
    for (const path of paths) {
      const rule = firstRule(rules.get(listenerArn) ?? [], path);
      if (!rule) throw new StageError(`No rule of the listener has ${path}.`);
      const total = rule.groups.reduce((sum, { weight }) => sum + weight, 0);
      const shares = new Map(sides.map((side) => [side, 0]));
      for (const { arn, weight } of rule.groups) {
        const side = sideOf.get(arn);
        if (side === undefined && weight > 0) throw new StageError(`${path} goes to ${arn}, which is no side's.`);
        if (side !== undefined && total > 0) shares.set(side, (shares.get(side) ?? 0) + (100 * weight) / total);
      }
      weights = Object.fromEntries(shares);
      found.set(path, JSON.stringify(weights));
    }
  }
  if (new Set(found.values()).size > 1) {
    throw new StageError(`Paths have different weights: ${[...found].map((each) => each.join(" ")).join("; ")}.`);
  }
  return weights;
}

function firstRule(rules: readonly ListenerRule[], path: string): ListenerRule | undefined {
  return rules
    .filter(({ paths, headers }) => paths.includes(path) && Object.keys(headers).length === 0)
    .reduce<ListenerRule | undefined>(
      (first, rule) => (first && first.priority <= rule.priority ? first : rule),
      undefined,
    );
}

/** The value by which a side is tried: its rule knows it. @throws StageError when there is none */
export function trialValue(side: string, rules: readonly ListenerRule[]): string {
  const values = rules.flatMap(({ headers }) =>
    Object.entries(headers).flatMap(([name, given]) =>
      name.toLowerCase() === TRIAL_HEADER.toLowerCase() ? given : [],
    ),
  );
  const value = values.find((each) => each.startsWith(`${side}.`));
  if (value === undefined) throw new StageError(`No rule of the listener tries ${side}.`);
  return value;
}
