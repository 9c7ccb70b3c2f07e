import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./consistency.ts";

const ID = "service/main/api";

const scaled = (desiredCount: number, target: object): readonly Made[] => [
  { type: "aws:ecs/service:Service", name: "api", props: { desiredCount } },
  { type: "aws:appautoscaling/target:Target", name: "scaling", props: target, from: { resourceId: ["api"] } },
];
const moved = (resourceId: string): readonly Made[] => [
  { type: "aws:appautoscaling/target:Target", name: "scaling", props: { resourceId: ID } },
  { type: "aws:appautoscaling/policy:Policy", name: "cpu", props: { resourceId } },
];
const routed = (count: number): readonly Made[] => [
  { type: "aws:lb/listener:Listener", name: "edge", props: { port: 443 } },
  {
    type: "aws:lb/listenerRule:ListenerRule",
    name: "rule",
    props: {
      actions: [
        {
          type: "forward",
          forward: { targetGroups: Array.from({ length: count }, (_each, index) => ({ arn: `group-${index}` })) },
        },
      ],
    },
  },
];

export const fixtures: FixturesOf<typeof rules> = {
  desiredWithinScaling: {
    compliant: scaled(3, { minCapacity: 2, maxCapacity: 20 }),
    violating: [
      { given: scaled(1, { minCapacity: 2, maxCapacity: 20 }), found: "api.desiredCount: found 1" },
      { given: scaled(30, { minCapacity: 2, maxCapacity: 20 }), found: "api.desiredCount: found 30" },
      { given: scaled(3, { minCapacity: 4, maxCapacity: 3 }), found: "scaling.minCapacity: found 4" },
    ],
    decides: "scaling.minCapacity",
    absent: "kept",
  },
  scalingHasPolicy: {
    compliant: moved(ID),
    violating: [{ given: moved("service/main/auth"), found: "scaling: found no policy" }],
    decides: "cpu.resourceId",
    absent: "broken",
  },
  weightsAlone: {
    compliant: routed(1),
    violating: [{ given: routed(2), found: "rule: found weights of 2 groups" }],
    decides: "rule.actions",
    absent: "kept",
  },
};
