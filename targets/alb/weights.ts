/** Weights between two sides: rules above the default ones, which nobody else owns, so no side's run resets a share. */
import * as aws from "@pulumi/aws";
import { SIDES_TAG, weightsTags } from "../../platform/foundation/index.ts";
import type { Result } from "../../platform/model/types.ts";
import type { TrafficSettings } from "../../platform/traffic.ts";
import { pathRules, priorities, VALUES_A_RULE } from "./priorities.ts";
import { routeOf, ruleName } from "./rules.ts";
import { weightedSides, type WeightedSide } from "./weighted-sides.ts";

/** Side → percents, as the rules have them. Refuses sides that are not there before anything is registered. */
export async function weigh(settings: TrafficSettings): Promise<Result<Readonly<Record<string, number>>>> {
  const sides = await weightedSides(settings);
  if (!sides.ok) return sides;
  createRules(sides.value, settings);
  return { ok: true, value: settings.traffic };
}

function createRules(sides: readonly [WeightedSide, ...WeightedSide[]], settings: TrafficSettings): void {
  const { project, stack, foundation } = settings;
  const [{ routes }] = sides;
  const rules = pathRules(routes, VALUES_A_RULE);
  const places = priorities(rules, "traffic");
  const stacks = sides.map(({ side }) => settings.sides[side]).join(" ");
  for (const [index, rule] of rules.entries()) {
    new aws.lb.ListenerRule(
      ruleName("traffic", rule),
      {
        listenerArn: routeOf(rule, routes).listenerArn,
        priority: places[index],
        conditions: [{ pathPattern: { values: [...rule.paths] } }],
        actions: [
          {
            type: "forward",
            forward: {
              targetGroups: sides.map((side) => ({
                arn: routeOf(rule, side.routes).targetGroupArn,
                weight: side.weight,
              })),
            },
          },
        ],
        tags: { project, stack, service: rule.service, ...weightsTags(foundation), [SIDES_TAG]: stacks },
      },
      { protect: carriesAlone(settings) },
    );
  }
}

/**
 * One side alone that is not the foundation's own: no default rule leads to it, so without the weights everybody would
 * get a 404. Weights over both can go at any time, which is the fastest way back to the defaults.
 */
function carriesAlone({ foundation, sides, traffic }: TrafficSettings): boolean {
  const [only, ...others] = Object.keys(traffic);
  return only !== undefined && others.length === 0 && sides[only] !== foundation;
}
