/** Rules on the foundation's listener: the trial of one side, and the defaults once a side is steady. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TRIAL_HEADER } from "../../platform/conventions.ts";
import type { Foundation } from "../../platform/foundation/index.ts";
import type { Settings } from "../../platform/settings.ts";
import { pathRules, priorities, VALUES_A_RULE, type PathRule } from "./priorities.ts";
import type { Route, Side } from "./side.ts";

type Trial = "ecs" | "eks" | "kubernetes";

/**
 * A side's target groups, made known to the listener: until a rule names it, a group takes no ECS tasks and its pods
 * never count as ready. The header's value is a secret, and names the side.
 */
export function trialRules(
  target: Trial,
  routes: readonly Route[],
  { edge, settings }: Foundation,
): readonly aws.lb.ListenerRule[] {
  const rules = pathRules(routes, VALUES_A_RULE - 1);
  const places = priorities(rules, `trial-${target}`);
  const value = pulumi.secret(pulumi.interpolate`${target}.${edge.trialSecret}`);
  return rules.map(
    (rule, index) =>
      new aws.lb.ListenerRule(ruleName(`trial-${target}`, rule), {
        listenerArn: routeOf(rule, routes).listenerArn,
        priority: places[index],
        conditions: [
          { httpHeader: { httpHeaderName: TRIAL_HEADER, values: [value] } },
          { pathPattern: { values: [...rule.paths] } },
        ],
        actions: [{ type: "forward", targetGroupArn: routeOf(rule, routes).targetGroupArn }],
        tags: { project: settings.project, stack: settings.stack, service: rule.service },
      }),
  );
}

/**
 * The default routes. They depend on the whole side, so no request comes before everything runs, and they are named
 * by the service and not by the side: a flip changes where a rule points, and the old side goes after that.
 */
export function routeTo({ routes, steady }: Side, settings: Settings): readonly aws.lb.ListenerRule[] {
  const rules = pathRules(routes, VALUES_A_RULE);
  const places = priorities(rules, "default");
  return rules.map(
    (rule, index) =>
      new aws.lb.ListenerRule(
        ruleName("default", rule),
        {
          listenerArn: routeOf(rule, routes).listenerArn,
          priority: places[index],
          conditions: [{ pathPattern: { values: [...rule.paths] } }],
          actions: [{ type: "forward", targetGroupArn: routeOf(rule, routes).targetGroupArn }],
          tags: { project: settings.project, stack: settings.stack, service: rule.service },
        },
        { dependsOn: [...steady] },
      ),
  );
}

/** Paths, not numbers: adding one renames no other. */
export function ruleName(band: string, { service, paths }: PathRule): string {
  const [first = "/"] = paths;
  return `${band}-${service}${first.replaceAll(/[^A-Za-z0-9.*-]+/g, "-")}`;
}

/** @throws Error for a rule that is no route's */
export function routeOf<R extends { readonly service: string }>({ service }: PathRule, routes: readonly R[]): R {
  const route = routes.find((each) => each.service === service);
  if (!route) throw new Error(`No route of ${service}.`);
  return route;
}
