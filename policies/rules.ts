/** Every rule, group by group: a plain list, for a pack can be made only once in a process. */
import * as compute from "./compute/index.ts";
import * as cost from "./cost/index.ts";
import * as data from "./data/index.ts";
import * as eks from "./eks/index.ts";
import type { Rule } from "./framework/rule.ts";
import * as identity from "./identity/index.ts";
import * as kubernetes from "./kubernetes/index.ts";
import * as limits from "./limits/index.ts";
import * as network from "./network/index.ts";
import * as observability from "./observability/index.ts";
import * as stack from "./stack/index.ts";

/** Group → its rules, in the order in which the catalogue shows them. */
export const groups: Readonly<Record<string, readonly Rule[]>> = {
  limits: Object.values(limits),
  compute: Object.values(compute),
  kubernetes: Object.values(kubernetes),
  eks: Object.values(eks),
  network: Object.values(network),
  data: Object.values(data),
  identity: Object.values(identity),
  observability: Object.values(observability),
  cost: Object.values(cost),
  stack: Object.values(stack),
};

export const rules: readonly Rule[] = Object.values(groups).flat();
