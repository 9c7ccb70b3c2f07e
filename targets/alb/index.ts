/** How a side is reached through the load balancer that the foundation owns. */
export { pathRules, priorities, VALUES_A_RULE, type Band, type PathRule } from "./priorities.ts";
export { routeTo, trialRules } from "./rules.ts";
export type { Route, Side } from "./side.ts";
export { weigh } from "./weights.ts";
