import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./routing.ts";

const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/edge/1/2";
const group = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/1`;

const shift = (blue: number, green: number, sticky?: boolean) => ({
  listenerArn: LISTENER,
  conditions: [{ pathPattern: { values: ["/api/*"] } }],
  actions: [
    {
      type: "forward",
      forward: {
        targetGroups: [
          { arn: group("blue"), weight: blue },
          { arn: group("green"), weight: green },
        ],
        ...(sticky === undefined ? {} : { stickiness: { enabled: sticky, duration: 60 } }),
      },
    },
  ],
});

const path = (value: string) => ({ pathPattern: { values: [value] } });
const HEADER = { httpHeader: { httpHeaderName: "x-trial", values: ["green"] } };

const two = (
  first: { readonly priority: number; readonly conditions: readonly object[] },
  second: { readonly priority: number; readonly conditions: readonly object[] },
): readonly Made[] =>
  Object.entries({ first, second }).map(([name, props]) => ({
    type: "aws:lb/listenerRule:ListenerRule",
    name,
    props: { listenerArn: LISTENER, ...props },
  }));

const API = [path("/api/*")];
const TRIAL = [HEADER, path("/api/*")];

export const fixtures: FixturesOf<typeof rules> = {
  weightsSum: {
    compliant: shift(90, 10),
    violating: [
      { given: shift(0, 0), found: "found weights of 0 alone" },
      { given: shift(1000, 0), found: "found 1000" },
    ],
    decides: "actions",
    absent: "kept",
  },
  weightsNotSticky: {
    compliant: shift(90, 10, false),
    violating: [{ given: shift(90, 10, true), found: "stickiness.enabled: found true" }],
    decides: "actions",
    absent: "kept",
  },
  priorityOnce: {
    compliant: two({ priority: 1, conditions: TRIAL }, { priority: 2, conditions: API }),
    violating: [
      { given: two({ priority: 1, conditions: TRIAL }, { priority: 1, conditions: API }), found: "found 1, as first" },
    ],
    decides: "first.priority",
    absent: "kept",
  },
  pathOwnedOnce: {
    compliant: two({ priority: 1, conditions: TRIAL }, { priority: 2, conditions: API }),
    violating: [
      {
        given: two({ priority: 1, conditions: API }, { priority: 2, conditions: API }),
        found: "second: found the conditions of first",
      },
    ],
    decides: "first.conditions",
    absent: "kept",
  },
  trialBeforeDefault: {
    compliant: two({ priority: 1, conditions: TRIAL }, { priority: 2, conditions: API }),
    violating: [
      {
        given: two({ priority: 1, conditions: API }, { priority: 2, conditions: TRIAL }),
        found: "second.priority: found 2, after first",
      },
    ],
    decides: "first.priority",
    absent: "broken",
  },
};
